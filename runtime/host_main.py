"""The host: imports TensorFlow and Keras once, and forks from there whatever needs them.

It runs no operation, lists no device and sets no seed: TensorFlow's own threads and state must not exist yet when it is
forked. It holds one thread and waits in one place. When the server is gone it ends; runs go on without it.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from .child_process import Child, start_child
from .failure import one_line
from .link import Link, Message, open_link
from .quiet_tensorflow import quiet_tensorflow

# Ten times what the largest network of Keras' own applications takes.
_SHAPES_LIMIT_S = 20.0


@dataclass
class _Task:
    id: int
    child: Child
    ends: float
    limit: float


@dataclass
class _Shapes:
    """The shape service: one question at a time, so that a hang has one cause."""

    child: Child | None = None
    waiting: deque[Message] = field(default_factory=deque)
    asked: Message | None = None
    ends: float = 0.0


class HostLoop:
    """Serves one client until it is gone."""

    def __init__(self, client: Link) -> None:
        self._client = client
        self._tasks: dict[int, _Task] = {}
        self._shapes = _Shapes()
        self._selector = selectors.DefaultSelector()
        self._selector.register(client, selectors.EVENT_READ, self._hear_client)
        self._gone = False

    def run(self) -> None:
        self._start_shapes()
        while not self._gone:
            for key, _ in self._selector.select(self._patience()):
                key.data()
            self._end_overdue()
        for child in [task.child for task in self._tasks.values()] + [self._shapes.child]:
            if child is not None:
                child.kill()

    def _links(self) -> list[Link]:
        children = [task.child for task in self._tasks.values()] + [self._shapes.child]
        return [self._client, *(child.link for child in children if child is not None and child.link is not None)]

    def _patience(self) -> float | None:
        ends = [task.ends for task in self._tasks.values()]
        if self._shapes.asked is not None:
            ends.append(self._shapes.ends)
        return max(min(ends) - time.monotonic(), 0.0) if ends else None

    def _hear_client(self) -> None:
        messages = self._client.receive_ready()
        if messages is None:
            self._gone = True
            return
        for message in messages:
            try:
                self._do(message)
            except OSError as error:
                self._reply(message["id"], failed=f"No process could be started: {one_line(error)}")

    def _do(self, message: Message) -> None:
        match message["do"]:
            case "run":
                child = start_child("run", message["path"], closing=self._links())
                self._reply(message["id"], result={"pid": child.pid})
            case "call":
                self._start_task(message)
            case "infer":
                self._shapes.waiting.append(message)
                self._ask_shapes()

    def _reply(self, id_: int, **reply: Any) -> None:
        try:
            self._client.send({"id": id_, **reply})
        except OSError:
            self._gone = True

    def _start_task(self, message: Message) -> None:
        child = start_child("task", closing=self._links())
        assert child.link is not None
        limit = float(message["timeout"])
        self._tasks[message["id"]] = _Task(message["id"], child, time.monotonic() + limit, limit)
        self._selector.register(child.link, selectors.EVENT_READ, lambda: self._hear_task(message["id"]))
        child.link.send(message)

    def _hear_task(self, id_: int) -> None:
        task = self._tasks[id_]
        assert task.child.link is not None
        replies = task.child.link.receive_ready()
        if replies is None:
            self._end_task(task, failed="The process that did this ended without an answer; memory may have run out.")
        elif replies:
            self._end_task(task, **replies[0])

    def _end_task(self, task: _Task, **reply: Any) -> None:
        del self._tasks[task.id]
        self._selector.unregister(task.child.link)
        task.child.kill()
        self._reply(task.id, **reply)

    def _start_shapes(self) -> None:
        child = start_child("shapes", closing=self._links())
        self._shapes.child = child
        self._selector.register(child.link, selectors.EVENT_READ, self._hear_shapes)

    def _ask_shapes(self) -> None:
        shapes = self._shapes
        if shapes.asked is not None or not shapes.waiting:
            return
        shapes.asked = shapes.waiting.popleft()
        shapes.ends = time.monotonic() + _SHAPES_LIMIT_S
        assert shapes.child is not None
        assert shapes.child.link is not None
        try:
            shapes.child.link.send(shapes.asked)
        except OSError:
            self._restart_shapes("The shape service ended.")

    def _hear_shapes(self) -> None:
        shapes = self._shapes
        assert shapes.child is not None
        assert shapes.child.link is not None
        replies = shapes.child.link.receive_ready()
        if replies is None:
            self._restart_shapes("Keras ended the process that was asked for the shapes of this network.")
            return
        for reply in replies:
            shapes.asked = None
            self._reply(reply.pop("id"), **reply)
        self._ask_shapes()

    def _restart_shapes(self, reason: str) -> None:
        shapes = self._shapes
        assert shapes.child is not None
        self._selector.unregister(shapes.child.link)
        shapes.child.kill()
        asked, shapes.asked, shapes.child = shapes.asked, None, None
        if asked is not None:
            self._reply(asked["id"], failed=reason)
        self._start_shapes()
        self._ask_shapes()

    def _end_overdue(self) -> None:
        now = time.monotonic()
        for task in [task for task in self._tasks.values() if task.ends <= now]:
            self._end_task(task, failed=f"This took longer than {task.limit:g} s and was ended.")
        if self._shapes.asked is not None and self._shapes.ends <= now:
            self._restart_shapes(f"Keras took longer than {_SHAPES_LIMIT_S:g} s over the shapes of this network.")


def main() -> None:
    client = open_link()
    quiet_tensorflow()
    try:
        _import_all()
    except Exception as error:
        client.send({"broken": one_line(error)})
        raise
    if os.name != "nt":
        # Ended children are nobody's to wait for: their links and files say all.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # What has been imported stays: collecting it in every child would only copy its memory.
    gc.collect()
    gc.freeze()
    client.send({"ready": True})
    HostLoop(client).run()
    sys.stdout.flush()
    os._exit(0)


def _import_all() -> None:
    """Everything that children need, so that a fork finds it imported."""
    import keras
    import tensorflow as tf

    from ..compiler import catalogue
    from . import shape_service, tasks, trainer  # noqa: F401

    catalogue.catalogue()
    # Both load much of themselves only when it is first asked for.
    _ = (tf.data.Dataset, tf.function, tf.nest, keras.layers.Dense, keras.optimizers.Adam, keras.callbacks.CallbackList)


if __name__ == "__main__":
    main()
