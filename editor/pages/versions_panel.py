"""Earlier versions of the notebook at the side of its page: what each changed, how it differs from now, restore."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ...compiler.changes import RestoreRecords
from ...compiler.document import NetworkCell, Notebook
from ...compiler.records import diff, record_to_json
from ..cells.context import Context
from ..version_words import CellDifference, Row, differences, summary
from ..versions import NOTES, Version, all_versions
from .buttons import square_button
from .gallery import ago
from .icons import cell_icon, icon
from .markup import Html, classes, h
from .markup_view import Markup
from .network_difference import network_difference

_MOST_ROWS = 40
_SIGNS = {"added": "+", "removed": "−", "changed": "~"}


@dataclass(frozen=True, slots=True)
class Listed:
    """A version as the list shows it; `words` say what it changed of the one before."""

    version: Version
    notebook: Notebook
    words: str


class VersionsPanel:
    """Closed until `toggle`. Reads the versions in the background, since ten large ones take a while."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.view = Markup(on_message=self._heard)
        self.is_open = False
        self._listed: list[Listed] | None = None
        self._chosen = ""
        self._fault = ""

    def toggle(self) -> None:
        self.is_open = not self.is_open
        self._chosen = self._fault = ""
        if self.is_open:
            self.read()
        self.show()

    def read(self) -> None:
        """Lists the versions anew, unless the panel is closed."""
        if self.is_open:
            self.context.background(lambda: listed(self.context.open), self._have)

    def refresh(self) -> None:
        """The notebook is another one now."""
        if self.is_open and self._chosen:
            self.show()

    def show(self) -> None:
        if not self.is_open:
            self.view.show(Html(""))
            return
        self.view.show(
            panel_html(self._listed, self._chosen, self.context.open.notebook, self._fault, now=datetime.now(UTC))
        )

    def _have(self, result: Any, error: Exception | None) -> None:
        self._fault = f"The versions cannot be read: {error}" if error else ""
        self._listed = result or []
        self.show()

    def _heard(self, message: dict[str, Any]) -> None:
        match message.get("action"):
            case "close":
                self.toggle()
            case "choose":
                chosen = str(message.get("value"))
                self._chosen = "" if chosen == self._chosen else chosen
                self.show()
            case "restore":
                self._restore(str(message.get("value")))

    def _restore(self, name: str) -> None:
        one = next((one for one in self._listed or () if one.version.name == name), None)
        if one is not None and self.context.did(*restoring(self.context.open.notebook, one)):
            self._chosen = ""
            self.show()


def restoring(present: Notebook, one: Listed) -> tuple[str, RestoreRecords]:
    """The gesture that makes the notebook what the version holds: its label and its change."""
    found = diff(present, one.notebook)
    change = RestoreRecords(
        records=tuple((address, record_to_json(new)) for address, _, new in found),
        expected=tuple((address, record_to_json(old)) for address, old, _ in found),
    )
    return f"Restore the version of {_clock(one.version.written)}", change


def listed(opened: Any) -> list[Listed]:
    """The versions of an open notebook, newest first. One that cannot be read any more is left out."""
    found: list[Listed] = []
    before: Notebook | None = None
    for version in all_versions(opened.path):
        try:
            notebook = version.read()
        except OSError:
            continue
        words = "The earliest that was kept" if before is None else _words(before, notebook)
        found.append(Listed(version, notebook, words))
        before = notebook
    return found[::-1]


def _words(before: Notebook, after: Notebook) -> str:
    order = [cell.id for cell in before.cells] != [cell.id for cell in after.cells]
    return summary(differences(before, after), moved=order)


def panel_html(versions: list[Listed] | None, chosen: str, present: Notebook, fault: str, *, now: datetime) -> Html:
    """The panel: the list, and below the chosen version how it differs from the notebook as it is."""
    if fault:
        body = h("div", icon("warning"), fault, class_="notice warning", role="alert")
    elif versions is None:
        body = h("div", icon("clock"), "Reading the versions", class_="notice")
    elif not versions:
        body = h(
            "div",
            icon("history"),
            h("strong", "No earlier version yet"),
            h(
                "span",
                "Each time the file is saved, what it held before is kept: the last ten, and all that other "
                "programs wrote.",
            ),
            class_="empty",
        )
    else:
        body = h("ol", [_item(one, one.version.name == chosen, present, now) for one in versions], class_="versions")
    return h(
        "aside",
        h(
            "header",
            icon("history"),
            h("h2", "Versions"),
            h("span", class_="grow"),
            square_button("close", "Close versions", data_action="close", title="Close"),
        ),
        h("div", body, class_="drawer-body"),
        class_="drawer",
        role="complementary",
        aria_label="Versions",
        data_escape="close",
        data_testid="versions",
    )


def _clock(moment: datetime) -> str:
    return moment.astimezone().strftime("%H:%M:%S")


def _item(one: Listed, chosen: bool, present: Notebook, now: datetime) -> Html:
    written = one.version.written
    age = ago((now - written).total_seconds())
    note = NOTES.get(one.version.note, "")
    return h(
        "li",
        h(
            "button",
            h("span", age[:1].upper() + age[1:], class_="when"),
            h("time", written.astimezone().strftime("%d %b, ") + _clock(written), datetime=written.isoformat()),
            h("span", one.words, class_="what"),
            h("span", note[:1].upper() + note[1:], class_="chip info") if note else None,
            class_="version",
            type="button",
            data_action="choose",
            data_value=one.version.name,
            aria_expanded=str(chosen).lower(),
        ),
        _difference(one, present) if chosen else None,
        class_=classes(chosen and "chosen") or None,
        data_key=one.version.name,
        data_testid=f"version:{one.version.name}",
    )


def _difference(one: Listed, present: Notebook) -> Html:
    found = differences(present, one.notebook)
    same = not diff(present, one.notebook)
    return h(
        "div",
        h("p", "The same as now." if same else "What restoring this version would change:", class_="muted small"),
        [difference_html(difference) for difference in found],
        h("p", "Only where nodes stand, and the order of cells.", class_="small") if not found and not same else None,
        None
        if same
        else h(
            "button",
            icon("refresh"),
            "Restore this version",
            class_="btn primary",
            type="button",
            data_action="restore",
            data_value=one.version.name,
        ),
        h("p", "It can be undone with Ctrl-Z.", class_="muted small") if not same else None,
        class_="difference",
    )


def difference_html(found: CellDifference) -> Html:
    """One cell: its sign, its rows coloured by what became of them, and a drawing where it is a network."""
    networks = [side if isinstance(side, NetworkCell) else None for side in (found.before, found.after)]
    return h(
        "section",
        h(
            "h3",
            _sign(found.state),
            h("span", cell_icon(found.kind), class_="kind"),
            found.name,
            h("span", found.state, class_="muted small"),
            class_=found.state,
        ),
        network_difference(*networks) if any(networks) else None,
        h("ul", [_row(row) for row in found.rows[:_MOST_ROWS]]) if found.rows else None,
        h("p", f"and {len(found.rows) - _MOST_ROWS} more", class_="muted small")
        if len(found.rows) > _MOST_ROWS
        else None,
        class_="cell-difference",
    )


def _row(row: Row) -> Html:
    detail = h("span", row.detail, class_="detail") if row.detail else None
    return h("li", _sign(row.state), h("span", row.what, class_="thing"), detail, class_=row.state)


def _sign(state: str) -> Html:
    return h("span", _SIGNS[state], class_="sign", title=state, aria_label=state, role="img")
