"""The layers of a run, below its plots: what is wrong in words, a line for each layer, and one layer from close by."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ...compiler.changes import SetField
from ...runtime.health.diagnose import Trouble
from ...runtime.health.health_file import Health
from ...runtime.health.looked_at import read_close_look
from ...runtime.run_directory import RunDirectory
from ..pages.icons import icon
from ..pages.markup import Html, classes, h
from ..pages.markup_view import Markup
from .close_look import close_look_html
from .context import Context
from .health_follower import HealthFollower
from .health_lines import POINTS, QUANTITIES, node_lines, scale, value_text

_TONES = {"still": "info"}


class HealthPanel:
    """`cell_of` gives the training cell as it is now."""

    def __init__(self, context: Context, cell_of: Callable[[], Any]) -> None:
        self._context, self._cell_of = context, cell_of
        self.view = Markup(visible=False, on_message=self.heard)
        self.follower: HealthFollower | None = None
        self.quantity = "gradient"
        self.open = False
        self.layer = ""
        self._asked = ""
        self._selected: tuple[str, ...] = ()
        self._going = False

    def follow(self, run: RunDirectory) -> None:
        """Shows another run."""
        self._leave()
        self.follower = HealthFollower(run)
        self.layer = self._asked = ""
        # What an earlier run has seen is not shown as this one's.
        self._context.node_lines[self.follower.network] = {}

    def tick(self, *, going: bool) -> None:
        """Shows what is new; called ten times a second while the run goes on, and once when it has ended."""
        follower = self.follower
        if follower is None:
            return
        ended = self._going and not going
        self._going = going
        news = follower.look(now=ended or not going)
        selected = self._chosen_on_canvas()
        if news or selected or ended:
            self.show()

    def show(self) -> None:
        follower = self.follower
        if follower is None or (not len(follower.health) and self._is_on() and not follower.off):
            self.view.visible = False
            return
        self._tell_nodes()
        self._ask()
        look = read_close_look(follower.run.path, self.layer) if self.layer and self.open else None
        self.view.show(
            panel_html(
                follower.health,
                follower.troubles,
                cell=self._cell_of().name,
                is_on=self._is_on(),
                quantity=self.quantity,
                cost=follower.cost,
                is_open=self.open,
                layer=self.layer,
                look=close_look_html(look, self.layer, waiting=self._going) if self.layer else None,
                off=follower.off,
            )
        )
        self.view.visible = True

    def heard(self, message: dict[str, Any]) -> None:
        value = str(message.get("value") or "")
        match message.get("action"):
            case "open-layers":
                self.open = not self.open
            case "quantity" if value in QUANTITIES:
                self.quantity = value
            case "set" if message.get("field") == "health":
                self._switch(message.get("value") is True)
            case "look-at-layer":
                self.layer = "" if value == self.layer else value
            case _:
                return
        self.show()

    def _is_on(self) -> bool:
        """Whether the next run will look at its layers."""
        return self._cell_of().options.get("health") is not False

    def _switch(self, on: bool) -> None:
        label = "Look at layers" if on else "Do not look at layers"
        value = None if on else False
        self._context.perform(label, SetField(cell=self._cell_of().id, field="options", key="health", value=value))

    def close(self) -> None:
        """The page is gone: nobody looks at a layer any more."""
        self._leave()

    def _chosen_on_canvas(self) -> bool:
        """Whether another node was selected on the canvas, whose layer is then looked at."""
        follower = self.follower
        if follower is None:
            return False
        selected = self._context.selected_nodes.get(follower.network, ())
        if selected == self._selected:
            return False
        self._selected = selected
        if len(selected) != 1 or not self.open:
            return False
        layers = [name for name, node in follower.nodes.items() if node.split("/")[0].split(":")[0] == selected[0]]
        known = {layer.name for layer in follower.health.layers}
        layer = next((name for name in layers if name in known), "")
        if not layer or layer == self.layer:
            return False
        self.layer = layer
        return True

    def _ask(self) -> None:
        """Lets the trainer look at the chosen layer from close by, as long as it is open."""
        wanted = self.layer if self.open else ""
        if self.follower is not None and self._going and wanted != self._asked:
            self._asked = wanted
            self.follower.run.command("look", wanted)

    def _leave(self) -> None:
        if self.follower is not None and self._asked and self._going:
            self.follower.run.command("look", "")
            self._asked = ""

    def _tell_nodes(self) -> None:
        follower = self.follower
        if follower is not None:
            lines = node_lines(follower.health, follower.nodes, self.quantity, follower.troubles)
            self._context.node_lines[follower.network] = lines


def panel_html(
    health: Health,
    troubles: list[Trouble],
    *,
    cell: str,
    is_on: bool,
    quantity: str,
    cost: float,
    is_open: bool,
    layer: str,
    look: Html | None,
    off: str = "",
) -> Html:
    """Words, and where it is open the table of layers beside the close look."""
    said = [
        h(
            "div",
            icon("warning" if one.code not in _TONES else "info"),
            h("div", h("div", one.words), h("div", one.help, class_="help")),
            class_=f"notice {_TONES.get(one.code, 'warning')}",
            data_testid=f"trouble:{one.code}",
        )
        for one in troubles
    ]
    if off:
        words = h("div", h("div", off), h("div", "The training goes on.", class_="help"))
        said.append(h("div", icon("info"), words, class_="notice info", data_testid=f"looks-off:{cell}"))
    summary = h(
        "button",
        h("span", "▾" if is_open else "▸", aria_hidden="true"),
        "Layers",
        class_="btn ghost compact",
        type="button",
        data_action="open-layers",
        aria_expanded="true" if is_open else "false",
        data_testid=f"layers:{cell}",
    )
    nothing = "nothing wrong with any layer" if len(health) else "not looked at in this run"
    state = None if troubles or off else h("span", nothing, class_="quiet-words")
    told = h(
        "label",
        h("input", type="checkbox", data_field="health", checked=is_on, aria_label="Look at layers in the next run"),
        "look at layers" + (f": {cost:.1%} of the time".replace("%", " %") if is_on and cost else ""),
        class_="switch quiet-words",
        title="Five times a second or at one step in ten, whichever is rarer. It changes no weight. "
        "The switch holds from the next run on.",
    )
    head = h(
        "div", summary, state, h("span", class_="grow"), _choice(quantity) if is_open else None, told, class_="row"
    )
    table = (
        h(
            "div",
            _table(health, quantity, layer),
            look or h("div", "Choose a layer to see it from close by.", class_="close-look empty-look"),
            class_="layers-open",
        )
        if is_open
        else None
    )
    return h("div", said, head, table, class_="body stack layers")


def _choice(quantity: str) -> Html:
    return h(
        "div",
        [
            h(
                "button",
                name,
                class_=classes("pick", key == quantity and "on"),
                type="button",
                data_action="quantity",
                data_value=key,
                aria_pressed="true" if key == quantity else "false",
            )
            for key, name in QUANTITIES.items()
        ],
        class_="picks",
        role="group",
        aria_label="What the lines show, here and on the nodes",
    )


def _table(health: Health, quantity: str, chosen: str) -> Html:
    place = scale([getattr(one, quantity)[-POINTS:] for one in health.layers], linear=quantity == "dead")
    rows = []
    for layer in health.layers:
        points = [place(value) for value in getattr(layer, quantity)[-POINTS:]]
        numbers = [value_text(key, _latest(getattr(layer, key))) for key in QUANTITIES]
        rows.append(
            h(
                "tr",
                h(
                    "td",
                    h(
                        "button",
                        layer.name,
                        class_="btn ghost compact layer-name",
                        type="button",
                        data_action="look-at-layer",
                        data_value=layer.name,
                        aria_pressed="true" if layer.name == chosen else "false",
                    ),
                ),
                h("td", sparkline(points)),
                [h("td", number, class_="number") for number in numbers],
                class_="chosen" if layer.name == chosen else None,
                data_key=layer.name,
            )
        )
    head = h(
        "tr",
        h("th", "Layer"),
        h("th", QUANTITIES[quantity]),
        [h("th", name, class_="number") for name in ("gradient", "weight", "|Δw| / |w|", "dead")],
    )
    return h("div", h("table", h("thead", head), h("tbody", rows), class_="table"), class_="table-scroll")


def sparkline(points: list[float | None]) -> Html:
    """A line of heights 0 to 1 over its index, with gaps where there is None."""
    path, pen = [], "M"
    for number, height in enumerate(points):
        if height is None:
            pen = "M"
            continue
        path.append(f"{pen}{100 * number / max(len(points) - 1, 1):.1f} {18 - 16 * height:.1f}")
        pen = "L"
    return Html(
        '<svg class="health-line" viewBox="0 0 100 20" preserveAspectRatio="none" fill="none" aria-hidden="true">'
        f'<path d="{"".join(path)}"/></svg>'
    )


def _latest(values: Any) -> float:
    return next((float(value) for value in reversed(values) if math.isfinite(value)), math.nan)
