"""What a code cell shows between its head and its outputs: the code, read or written, and what stands in its way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...compiler.document import CodeCell
from ..pages.icons import icon
from ..pages.markup import Html, h
from .code_text import coloured

_MOST_LINES = 32


def code_reading(cell: CodeCell, failed: Mapping[str, Any], used: Mapping[str, str]) -> Html:
    """The code in colours, the line that `failed` marked, and below it which names come from which cells."""
    line = int(failed.get("line") or 0) if failed.get("cell") == cell.name else 0
    code = cell.code
    return h(
        "div",
        coloured(code, line) if code.strip() else h("p", "Empty. Double-click to write Python.", class_="muted"),
        _at_hand(used) if used else None,
        class_="code-block reading",
        data_dblclick="edit",
        tabindex="0",
        role="group",
        aria_label=f"Code of {cell.name}; Enter to write",
    )


def _at_hand(used: Mapping[str, str]) -> Html:
    said = ", ".join(name if name == cell else f"{name} from {cell}" for name, cell in used.items())
    return h("div", f"Uses {said}", class_="muted small at-hand")


def code_editor(cell: CodeCell) -> Html:
    lines = cell.code.count("\n") + 2
    return h(
        "form",
        h(
            "textarea",
            cell.code,
            class_="input code-input",
            name="code",
            rows=min(max(lines, 4), _MOST_LINES),
            spellcheck="false",
            autocapitalize="off",
            data_code=True,
            aria_label=f"Code of {cell.name}",
        ),
        h(
            "div",
            h("button", "Done", class_="btn compact", type="submit"),
            h(
                "span",
                "Shift-Enter runs it, Esc leaves it. Data, networks and trainings go by their cells' names: "
                "data.frame, net.build(), fit.model.",
                class_="muted small",
            ),
            class_="row",
        ),
        data_action="write",
        data_reopen="edit",
        class_="stack tight",
    )


def under_way() -> Html:
    words = "Running. It is ended after 10 minutes; long work belongs into a training."
    return h("div", icon("clock"), words, class_="notice", role="status")


def denied() -> Html:
    return h(
        "div",
        icon("warning"),
        h("span", "This code came with the file. Read it, then let it run.", class_="grow"),
        h("button", "Allow this notebook's code", class_="btn compact", type="button", data_action="allow"),
        class_="notice warning",
    )


def fault_notice(fault: str, failed: Mapping[str, Any]) -> Html:
    """Why it ended, and the way there through the cells where that is longer than a line."""
    frames = failed.get("frames") or []
    way = [h("li", f"{frame['cell']}, line {frame['line']}: ", h("code", str(frame["text"]))) for frame in frames]
    return h(
        "div",
        icon("error"),
        h("div", h("span", fault), h("ul", way, class_="would-run") if len(way) > 1 else None, class_="grow"),
        class_="notice error",
        role="alert",
    )
