"""The layers of a run, below its plots: what is wrong in words, a line for each layer, and one layer from close by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...compiler.changes import SetField
from ...runtime.health.looked_at import read_close_look
from ...runtime.run_directory import RunDirectory
from ..pages.markup_view import Markup
from .close_look import close_look_html
from .context import Context
from .health_follower import HealthFollower
from .health_lines import QUANTITIES, node_lines, places
from .layers_html import panel_html


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
        # Of a run that looks at nothing there is no news, and yet the switch must be there.
        if news or selected or ended or not (self.view.visible or self._is_on()):
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
        layers = [name for name, nodes in follower.nodes.items() if selected[0] in places(nodes)]
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
