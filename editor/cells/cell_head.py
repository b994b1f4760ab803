"""What stands in the head of every cell: handle, fold, state and why, menu. Pure HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..pages.icons import icon
from ..pages.markup import Html, classes, h


@dataclass(frozen=True, slots=True)
class CellState:
    """`tone` is ok, info, warning, error or ""; `busy` lets the dot breathe. `why` is shown on hover and focus."""

    words: str
    tone: str = ""
    busy: bool = False
    why: str = ""


def reasons(why: Sequence[str]) -> str:
    """Reasons as a sentence: "epochs of fit changed: 10 to 20; 1 wire"."""
    text = "; ".join(why)
    return text[:1].upper() + text[1:] + "." if text else ""


def state_chip(state: CellState | None) -> Html | None:
    """The state; with a reason, one that can be focused and shows it."""
    if state is None:
        return None
    return h(
        "span",
        h("span", class_="dot"),
        h("span", state.words),
        h("span", state.why, class_="tip", role="tooltip", data_testid="cell-why") if state.why else None,
        class_=classes("chip", state.tone, state.busy and "running", state.why and "telling"),
        tabindex="0" if state.why else None,
        data_testid="cell-state",
    )


def handle(name: str) -> Html:
    """What a cell is dragged by."""
    return h("span", icon("grip"), class_="grip", data_drag=True, title=f"Drag to move {name}", aria_hidden="true")


def fold_button(name: str, folded: bool) -> Html:
    label = f"Unfold {name}" if folded else f"Fold {name}"
    return h(
        "button",
        icon("chevron"),
        class_=classes("btn ghost square compact fold", folded and "folded"),
        type="button",
        data_action="fold",
        aria_label=label,
        aria_expanded="false" if folded else "true",
        title=label,
    )


def cell_menu(name: str) -> Html:
    def item(action: str, picture: str, label: str, key: str = "", danger: bool = False) -> Html:
        return h(
            "button",
            icon(picture),
            h("span", label, class_="grow"),
            h("kbd", key, aria_hidden="true") if key else None,
            class_=classes("menu-item", danger and "danger"),
            type="button",
            role="menuitem",
            data_action=action,
        )

    return h(
        "details",
        h("summary", icon("more"), class_="btn ghost square compact", aria_label=f"Menu of {name}", title="More"),
        h(
            "div",
            item("rename", "pencil", "Rename", "F2"),
            item("duplicate", "copy", "Duplicate", "C V"),
            item("up", "up", "Move up", "Shift ↑"),
            item("down", "down", "Move down", "Shift ↓"),
            h("div", class_="menu-rule"),
            item("remove", "trash", "Delete", "D D", danger=True),
            class_="menu-list",
            role="menu",
        ),
        class_="wf-menu",
    )
