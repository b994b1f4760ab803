"""What was asked of the host and is not answered yet: sent once it is ready, some of it again to the next one."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from .link import Link, Message


class TaskFailed(Exception):
    """What was asked for could not be done; the message is one line for the user."""


@dataclass
class _Request:
    message: Message
    answer: Future[Any]
    # Sent again when the host dies before it answers: what may be done twice, or was not begun.
    again: bool
    sent: bool = False


class HostRequests:
    """The open requests of one host, under its `lock`. Answers and failures are told outside of it."""

    def __init__(self, lock: threading.RLock) -> None:
        self._lock = lock
        self._open: dict[int, _Request] = {}
        self._numbers = itertools.count(1)

    def new_id(self) -> int:
        return next(self._numbers)

    def add(self, message: Message, *, again: bool) -> Future[Any]:
        """Notes a request; one without an id gets the next."""
        request = _Request({"id": message.get("id") or self.new_id(), **message}, Future(), again)
        with self._lock:
            self._open[request.message["id"]] = request
        return request.answer

    def send(self, link: Link) -> None:
        """Sends what was not sent, in order."""
        with self._lock:
            waiting = [request for request in self._open.values() if not request.sent]
            for request in waiting:
                request.sent = True
        for request in waiting:
            try:
                link.send(request.message)
            except OSError:
                return  # The supervising thread notices too, and sends again.

    def take_answer(self, message: Message) -> None:
        """Hands an answer of the host to who waits for it."""
        with self._lock:
            request = self._open.pop(message["id"], None)
        if request is None:
            return
        if "failed" in message:
            request.answer.set_exception(TaskFailed(str(message["failed"])))
        else:
            request.answer.set_result(message.get("result"))

    def dropped_by_death(self, *, for_good: bool) -> list[Future[Any]]:
        """The host has died: the answers that will never come. The others are sent to the next one, unless there is
        none."""
        dropped = []
        with self._lock:
            for id_, request in list(self._open.items()):
                if for_good or (request.sent and not request.again):
                    dropped.append(self._open.pop(id_).answer)
                request.sent = False
        return dropped
