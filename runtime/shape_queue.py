"""The host's questions to the shape service: one at a time, so that a hang has one cause and costs one answer."""

from __future__ import annotations

import selectors
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from .child_process import Child, start_child
from .link import Link, Message

# Ten times what the largest network of Keras' own applications takes.
_LIMIT_S = 20.0


class ShapeQueue:
    """Keeps a shape service alive. `reply` is called with a question's id and its answer; `links` gives what a
    fork must not hold open; `tell` hears of every start the pid and why it was needed ("" for the first)."""

    def __init__(
        self,
        selector: selectors.BaseSelector,
        reply: Callable[..., None],
        links: Callable[[], Iterable[Link]],
        tell: Callable[[int, str], None],
    ) -> None:
        self._selector, self._reply, self._links, self._tell = selector, reply, links, tell
        self._child: Child | None = None
        self._waiting: deque[Message] = deque()
        self._asked: Message | None = None
        self._ends = 0.0

    def start(self, why: str = "") -> None:
        self._child = start_child("shapes", closing=self._links())
        self._selector.register(self._child.link, selectors.EVENT_READ, self._hear)
        self._tell(self._child.pid, why)

    def end(self) -> None:
        if self._child is not None:
            self._child.kill()

    def links(self) -> list[Link]:
        return [self._child.link] if self._child is not None else []

    def deadline(self) -> float | None:
        """When the question that is being answered has had its time."""
        return self._ends if self._asked is not None else None

    def ask(self, question: Message) -> None:
        self._waiting.append(question)
        self._ask_next()

    def end_overdue(self, now: float) -> None:
        if self._asked is not None and self._ends <= now:
            self._restart(f"Keras took longer than {_LIMIT_S:g} s over the shapes of this network.")

    def _ask_next(self) -> None:
        if self._asked is not None or not self._waiting or self._child is None:
            return
        self._asked = self._waiting.popleft()
        self._ends = time.monotonic() + _LIMIT_S
        try:
            self._child.link.send(self._asked)
        except OSError:
            self._restart("The shape service ended.")

    def _hear(self) -> None:
        if self._child is None:
            return
        replies = self._child.link.receive_ready()
        if replies is None:
            self._restart(
                "Keras ended the process that was asked for the shapes of this network."
                if self._asked is not None
                else "The shape service ended while nothing was asked of it."
            )
            return
        for reply in replies:
            self._asked = None
            answer: dict[str, Any] = dict(reply)
            self._reply(answer.pop("id"), **answer)
        self._ask_next()

    def _restart(self, reason: str) -> None:
        if self._child is not None:
            self._selector.unregister(self._child.link)
            self._child.kill()
        asked, self._asked, self._child = self._asked, None, None
        if asked is not None:
            self._reply(asked["id"], failed=reason)
        self.start(reason)
        self._ask_next()
