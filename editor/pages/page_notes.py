"""What stands above the cells of a page: what could not be done, and problems that belong to no cell."""

from __future__ import annotations

from typing import Any

from ...compiler.problems import Problem
from ..cells.context import Context
from ..cells.frame import centred
from ..cells.pressed_fix import PressedFix
from ..cells.problem_rows import problem_rows
from .icons import icon
from .markup import Html, h
from .markup_view import Markup


class PageNotes:
    """One page's notes. What was said goes with the next edit, or when it is dismissed."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._said = ""
        self._fixes = PressedFix(context, self._problems)
        self.view = Markup(on_message=self._heard, styles=centred("column"))

    def say(self, reason: str) -> None:
        self._said = reason
        self.show()

    def show(self) -> None:
        """Shows what there is, and does the fix that waits for what was found out."""
        self._fixes.look()
        refused = _refused(self._said) if self._said else None
        rows = problem_rows(self._problems())
        shown = refused or rows
        self.view.show(h("div", refused, rows, class_="stack", style="padding: 12px 0") if shown else Html(""))

    def _problems(self) -> list[Problem]:
        opened = self._context.open
        names = {cell.name for cell in opened.notebook.cells}
        return [problem for problem in opened.problems if problem.at.cell not in names]

    def _heard(self, message: dict[str, Any]) -> None:
        match message.get("action"):
            case "dismiss":
                self.say("")
            case "fix":
                self._fixes.press(message)


def _refused(reason: str) -> Html:
    return h(
        "div",
        icon("warning"),
        h("span", f"Not done: {reason}", class_="grow"),
        h("button", "Dismiss", class_="btn ghost compact", type="button", data_action="dismiss"),
        class_="notice warning",
        role="alert",
    )
