"""A fix that was pressed while it is being looked anew what is wrong: it is kept until that is known, and then done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...compiler.problems import Problem
from .context import Context
from .problem_rows import accept_fix


class PressedFix:
    """The fixes of one cell's problems. `problems` are those there are now, and `known` tells whether what they were
    found on is known too; a fix made for an older state of the cell could undo what was done since."""

    def __init__(
        self, context: Context, problems: Callable[[], Sequence[Problem]], known: Callable[[], bool] = lambda: True
    ) -> None:
        self._context, self._problems, self._known = context, problems, known
        self._waiting: list[dict[str, Any]] = []
        self._done: object = None

    def press(self, message: dict[str, Any]) -> None:
        self._waiting.append(message)
        self.look()

    def look(self) -> None:
        """Does what was pressed, one press for each state of the notebook, once that has been looked at."""
        while self._waiting and self._context.settled() and self._known():
            message = self._waiting.pop(0)
            before, self._done = self._done, message.get("value")
            # The second press of a double-click finds it mended.
            if not accept_fix(self._context, message, self._problems()) and before != self._done:
                self._context.say("this problem is no longer there")
