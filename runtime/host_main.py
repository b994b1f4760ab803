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
from dataclasses import dataclass
from typing import Any

from .child_process import Child, start_child
from .failure import one_line
from .link import Link, Message, open_link
from .machine import thread_choices
from .quiet_tensorflow import quiet_tensorflow
from .shape_queue import ShapeQueue
from .spare import Spare

# After the first spare child was begun: who opens a page first wants the processors for it.
_NEXT_SPARE_S = 8.0


@dataclass
class _Task:
    id: int
    child: Child
    ends: float
    limit: float


class HostLoop:
    """Serves one client until it is gone."""

    def __init__(self, client: Link) -> None:
        self._client = client
        self._tasks: dict[int, _Task] = {}
        self._selector = selectors.DefaultSelector()
        self._shapes = ShapeQueue(self._selector, self._reply, self._links, self._tell_shapes)
        self._spares = self._make_spares()
        self._selector.register(client, selectors.EVENT_READ, self._hear_client)
        self._gone = False

    def run(self) -> None:
        self._shapes.start()
        while not self._gone:
            for key, _ in self._selector.select(self._patience()):
                key.data()
            self._end_overdue()
            for spare in self._spares:
                spare.start_due(time.monotonic())
        for task in self._tasks.values():
            task.child.kill()
        for spare in self._spares:
            spare.end()
        self._shapes.end()

    def _links(self) -> list[Link]:
        tasks = [task.child.link for task in self._tasks.values()]
        spares = [link for spare in self._spares for link in spare.links()]
        return [self._client, *tasks, *self._shapes.links(), *spares]

    def _make_spares(self) -> list[Spare]:
        return [
            Spare(self._selector, self._links, self._tell_warm, threads=threads, wait_s=place * _NEXT_SPARE_S)
            for place, threads in enumerate(thread_choices())
        ]

    def _patience(self) -> float | None:
        deadlines = [task.ends for task in self._tasks.values()]
        waiting = (self._shapes, *self._spares)
        deadlines += [end for one in waiting if (end := one.deadline()) is not None]
        return max(min(deadlines) - time.monotonic(), 0.0) if deadlines else None

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
                path = message["path"]
                taken = (spare.take(path) for spare in self._spares)
                pid = next(filter(None, taken), 0) or start_child("run", path, closing=self._links()).pid
                self._reply(message["id"], result={"pid": pid})
            case "call":
                self._start_task(message)
            case "end":
                if message["task"] in self._tasks:
                    self._end_task(self._tasks[message["task"]], failed="Stopped.")
                self._reply(message["id"])
            case "infer":
                self._shapes.ask(message)

    def _tell_shapes(self, pid: int, why: str) -> None:
        self._tell({"shapes": {"pid": pid, "why": why}})

    def _tell_warm(self) -> None:
        self._tell({"warm": all(spare.ready for spare in self._spares)})

    def _reply(self, id_: int, **reply: Any) -> None:
        self._tell({"id": id_, **reply})

    def _tell(self, message: Message) -> None:
        try:
            self._client.send(message)
        except OSError:
            self._gone = True

    def _start_task(self, message: Message) -> None:
        child = start_child("task", closing=self._links())
        limit = float(message["timeout"])
        self._tasks[message["id"]] = _Task(message["id"], child, time.monotonic() + limit, limit)
        self._selector.register(child.link, selectors.EVENT_READ, lambda: self._hear_task(message["id"]))
        child.link.send(message)

    def _hear_task(self, id_: int) -> None:
        task = self._tasks[id_]
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

    def _end_overdue(self) -> None:
        now = time.monotonic()
        for task in [task for task in self._tasks.values() if task.ends <= now]:
            self._end_task(task, failed=f"This took longer than {task.limit:g} s and was ended.")
        self._shapes.end_overdue(now)


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
