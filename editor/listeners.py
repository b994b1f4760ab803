"""Tells every listener every notice, in one order, whoever caused it and from whichever thread."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable

from .notices import Notice

Listener = Callable[[Notice], None]

_log = logging.getLogger(__name__)


class Listeners:
    """Notices are put in while the notebook's lock is held, and delivered after it was let go.

    A listener may edit the notebook; what that causes is delivered after the notice at hand.
    """

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._waiting: deque[Notice] = deque()
        self._delivering = threading.Lock()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Adds a listener; the result removes it again."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def put(self, notice: Notice) -> None:
        self._waiting.append(notice)

    def deliver(self) -> None:
        """Empties the queue, unless a delivery is under way, which then does it."""
        while self._waiting and self._delivering.acquire(blocking=False):
            try:
                while self._waiting:
                    self._tell(self._waiting.popleft())
            finally:
                self._delivering.release()

    def _tell(self, notice: Notice) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(notice)
            except Exception:
                # One broken view must not keep the edit from the others, nor from the file.
                _log.exception("a listener failed")
