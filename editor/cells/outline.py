"""The outline: every cell and every heading, where a press jumps. Pure HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...compiler.document import AnyCell, TextCell, UnknownCell
from ..pages.icons import cell_icon, icon
from ..pages.markup import Html, classes, h
from .cell_head import CellState
from .markdown import headings


def outline(cells: Iterable[tuple[AnyCell | UnknownCell, CellState | None]]) -> Html:
    """A menu of the page's bar; `cells` come with what their heads say."""
    entries = [entry for cell, state in cells for entry in _entries(cell, state)]
    return h(
        "details",
        h(
            "summary",
            icon("outline"),
            h("span", "Outline", class_="wide-only"),
            class_="btn ghost compact",
            aria_label="Outline",
            title="Outline",
            data_testid="outline",
        ),
        h(
            "div",
            entries or h("p", "No cells yet.", class_="muted small"),
            class_="menu-list left outline",
            role="menu",
            aria_label="Cells and headings",
        ),
        class_="wf-menu",
    )


def _entries(cell: AnyCell | UnknownCell, state: CellState | None) -> Iterator[Html]:
    if isinstance(cell, TextCell) and (found := headings(cell.text)):
        for number, (level, words) in enumerate(found):
            yield _entry(
                f"{cell.id}\nheading\n{number}", words, h("span", class_=f"level level-{level}"), heading=level
            )
        return
    dot = h("span", class_=classes("dot", state.tone, state.busy and "running"), title=state.words) if state else None
    said = h("span", f", {state.words}", class_="sr") if state else None
    yield _entry(cell.id, [cell.name, said], cell_icon(cell.kind), dot)


def _entry(place: str, words: object, before: Html, after: Html | None = None, heading: int = 0) -> Html:
    return h(
        "button",
        before,
        h("span", words, class_="grow words"),
        after,
        class_=classes("menu-item", f"heading-{min(heading, 3)}" if heading else None),
        type="button",
        role="menuitem",
        data_jump=place,
        data_key=place,
    )
