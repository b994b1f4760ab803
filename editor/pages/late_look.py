"""When a page finds out what is stale: at once, or for large networks beside the edits, once for several."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ..cells.context import Context

# Comparing more nodes than these with what they were takes longer than an edit may.
AT_ONCE = 1_000
PAUSE_S = 0.3


class LateLook:
    """`done` shows what was found. Where there is no document, as in tests of Python alone, all looks are at once."""

    def __init__(self, context: Context, done: Callable[[], None]) -> None:
        self._context, self._done = context, done
        self._due: float | None = None
        self._busy = False

    def look(self) -> bool:
        """Looks now, or notes that somebody should; whether it was done."""
        nodes = sum(len(network.nodes) for network in self._context.open.notebook.networks())
        if self._context.document is not None and nodes > AT_ONCE:
            self._due = time.monotonic() + PAUSE_S
            return False
        self._due = None
        self._context.look()
        return True

    def tick(self) -> None:
        """Looks if it is time. Called often."""
        if self._due is not None and time.monotonic() >= self._due and not self._busy:
            self._due, self._busy = None, True
            self._context.background(self._context.work.standings, self._have)

    def _have(self, standings: Any, error: Exception | None) -> None:
        self._busy = False
        if error is None:
            self._context.standings = standings
            self._done()
