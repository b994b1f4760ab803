"""Earlier versions as HTML: the list, and how the chosen one differs from the notebook as it is. Pure."""

from __future__ import annotations

from datetime import datetime

from ...compiler.document import NetworkCell, Notebook
from ...compiler.records import diff
from ..listed_versions import Listed, clock
from ..version_words import CellDifference, Row, differences
from ..versions import NOTES
from .buttons import square_button
from .gallery import ago
from .icons import cell_icon, icon
from .markup import Html, classes, h
from .network_difference import network_difference

_MOST_ROWS = 40
_SIGNS = {"added": "+", "removed": "−", "changed": "~"}


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


def _item(one: Listed, chosen: bool, present: Notebook, now: datetime) -> Html:
    written = one.version.written
    age = ago((now - written).total_seconds())
    note = NOTES.get(one.version.note, "")
    return h(
        "li",
        h(
            "button",
            h("span", age[:1].upper() + age[1:], class_="when"),
            h("time", written.astimezone().strftime("%d %b, ") + clock(written), datetime=written.isoformat()),
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
