"""What lies over the page when it is asked for: the list of keys, and the search. Pure HTML."""

from __future__ import annotations

from collections.abc import Sequence

from ..pages.buttons import square_button
from ..pages.icons import cell_icon, icon
from ..pages.markup import Html, h
from ..search_cells import LIMIT, Hit

KEYS = {
    "Going about": (
        (("↑", "↓"), "the cell above, below; also K and J"),
        (("Enter",), "into the cell"),
        (("Esc",), "out of a field or canvas, back to the cell"),
        (("Home", "End"), "first cell, last cell"),
        (("Ctrl", "Shift", "F"), "search in all cells"),
    ),
    "Running": (
        (("Ctrl", "Enter"), "run the cell"),
        (("Shift", "Enter"), "run the cell and go on"),
    ),
    "Cells": (
        (("A", "B"), "add one above, below"),
        (("D", "D"), "delete"),
        (("Shift", "↑ ↓"), "move up, down"),
        (("C", "V"), "copy, and put a duplicate below"),
        (("O",), "fold, unfold"),
        (("F2",), "rename"),
        (("F",), "a network in the full window; Esc brings it back"),
        (("E",), "the Python of a network beside it, also from its canvas"),
        (("Z",), "undo; Shift Z brings it back"),
        (("Ctrl", "S"), "save"),
        (("?",), "this list"),
    ),
}


def keys_sheet() -> Html:
    """The keys of the notebook. Those of a canvas stand in the canvas."""
    parts = [
        h("section", h("h3", title), h("dl", [_key(keys, what) for keys, what in rows])) for title, rows in KEYS.items()
    ]
    return h(
        "dialog",
        h(
            "div",
            h("strong", "Keys", class_="grow"),
            _close("Close the list of keys"),
            class_="sheet-head",
        ),
        h("p", "They work while a cell has the focus, not while you write or draw.", class_="muted small"),
        h("div", parts, class_="keys"),
        class_="sheet",
        data_sheet="keys",
        data_testid="keys",
        aria_label="Keys",
    )


def _key(keys: Sequence[str], what: str) -> Html:
    return h("div", h("dt", [h("kbd", key) for key in keys]), h("dd", what))


def search_sheet(words: str, hits: Sequence[Hit]) -> Html:
    """A field and what was found; an arrow key goes from one to the next, Enter goes there."""
    return h(
        "dialog",
        h(
            "div",
            icon("search"),
            h(
                "input",
                class_="input",
                type="text",
                role="searchbox",
                data_input="search",
                aria_label="Search in all cells",
                placeholder="Names, prose, code, kinds, labels, parameters",
                autocomplete="off",
                data_testid="search-words",
            ),
            _close("Close the search"),
            class_="sheet-head",
        ),
        h("p", _found(words, hits), class_="muted small", role="status"),
        h("div", [_hit(hit, number) for number, hit in enumerate(hits)], class_="hits", data_testid="hits"),
        class_="sheet top",
        data_sheet="search",
        data_testid="search",
        aria_label="Search",
    )


def _found(words: str, hits: Sequence[Hit]) -> str:
    if not words.strip():
        return "What you look for may stand in any cell."
    if not hits:
        return "Nothing found."
    many = f"The first {LIMIT} places" if len(hits) == LIMIT else f"{len(hits)} place{'' if len(hits) == 1 else 's'}"
    cells = len({hit.cell for hit in hits})
    return f"{many} in {cells} cell{'' if cells == 1 else 's'}."


def _hit(hit: Hit, number: int) -> Html:
    place = f"{hit.cell}\nnode\n{hit.node}" if hit.node else hit.cell
    return h(
        "button",
        cell_icon(hit.kind),
        h("span", h("strong", hit.name), h("small", hit.where)),
        h("span", hit.before, h("mark", hit.found), hit.after, class_="grow words"),
        class_="menu-item",
        type="button",
        data_jump=place,
        data_hit=True,
        data_key=f"{number}",
    )


def _close(label: str) -> Html:
    return square_button("close", label, data_closes=True, title="Close (Esc)")
