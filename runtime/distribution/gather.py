"""The chief waits for its workers, holds each one's notebook against its own, and leads them from then on.

Workers connect to the chief's own address before TensorFlow takes it over, and stay connected: the chief tells them
what it is about to do, and either side hears when the other is gone.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from .cluster import Cluster
from .wire import Gone, Wire

PATIENCE_S = 120.0


class Missing(Exception):
    """Workers did not come, or came with something else; the message says which."""


class Lead:
    """The chief's connections. `lost` is called, in a thread, with a sentence when one of them breaks."""

    def __init__(self, cluster: Cluster, wires: dict[int, Wire]) -> None:
        self.cluster = cluster
        self._wires = wires
        self._over = False
        self._ready = threading.Semaphore(0)
        self.lost: Callable[[str], None] = lambda sentence: None

    def watch(self) -> None:
        """From now on a worker that is gone is told of. To be called once, when `lost` is set."""
        for index, wire in self._wires.items():
            threading.Thread(target=self._listen, args=(index, wire), daemon=True).start()

    def wait_until_ready(self) -> None:
        """Returns when all workers have loaded what they need; none waits for another in TensorFlow before."""
        for _ in self._wires:
            self._ready.acquire()

    def wires(self) -> dict[int, str]:
        """Each connection, by its file descriptor, with the name of the worker at its end."""
        return {wire.fileno(): _capital(self.cluster.name(index)) for index, wire in self._wires.items()}

    def tell(self, do: str, body: bytes = b"", **fields: Any) -> None:
        """Tells all workers. A connection that breaks is noticed by the thread that listens."""
        for wire in self._wires.values():
            try:
                wire.send(do, body, **fields)
            except Gone:
                continue

    def end(self) -> None:
        """Lets the workers go: the run is over."""
        self._over = True
        self.tell("end")

    def _listen(self, index: int, wire: Wire) -> None:
        reason = "was lost"
        try:
            while True:
                message, _ = wire.receive()
                if message["do"] == "ready":
                    self._ready.release()
                elif message["do"] == "failed":
                    reason = f"failed: {message.get('reason', '')}"
        except Gone:
            if not self._over:
                self.lost(f"{_capital(self.cluster.name(index))} {reason}")


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]


def gather(
    cluster: Cluster, key: str, versions: dict[str, str], say: Callable[[str], None], patience_s: float = PATIENCE_S
) -> Lead:
    """Waits for all other workers. One with another notebook, other data or other versions is sent away with the
    reason, and may come again. Raises Missing."""
    host, port = cluster.address(0)
    wires: dict[int, Wire] = {}
    refused: dict[int, str] = {}
    end = time.monotonic() + patience_s
    try:
        listener = socket.create_server((host, port))
    except OSError as error:
        raise Missing(f"{cluster.workers[0]} cannot be listened on: {error.strerror or error}.") from error
    with listener:
        say(f"Waiting for {len(cluster.workers) - 1} more of {len(cluster.workers)} workers.")
        while len(wires) < len(cluster.workers) - 1:
            listener.settimeout(max(end - time.monotonic(), 0.01))
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                raise Missing(_who_is_missing(cluster, wires, refused)) from None
            wire = Wire(connection)
            try:
                hello, _ = wire.receive()
                index = int(hello.get("index", -1))
                reason = _why_not(cluster, hello, index, wires, key, versions)
                if reason:
                    refused[index] = reason
                    wire.send("refused", reason=reason)
                    wire.close()
                    say(f"A worker was sent away: {reason}")
                else:
                    wires[index] = wire
                    wire.beat()
            except (Gone, ValueError, TypeError):
                wire.close()
    return Lead(cluster, wires)


def _why_not(
    cluster: Cluster, hello: dict[str, Any], index: int, wires: dict[int, Wire], key: str, versions: dict[str, str]
) -> str:
    if hello.get("workers") != list(cluster.workers) or not 0 < index < len(cluster.workers):
        return "It was started with another list of workers."
    if index in wires and wires[index].is_open:
        return f"There is a worker {index} already."
    if hello.get("versions") != versions:
        return f"It has other versions: {_told(hello.get('versions') or {})} instead of {_told(versions)}."
    if hello.get("key") != key:
        return "Its notebook or its data are not those of the chief."
    return ""


def _told(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items()) or "none"


def _who_is_missing(cluster: Cluster, wires: dict[int, Wire], refused: dict[int, str]) -> str:
    missing = [index for index in range(1, len(cluster.workers)) if index not in wires]
    names = ", ".join(cluster.name(index) for index in missing)
    why = "".join(f" {refused[index]}" for index in missing if index in refused)
    return f"Did not come: {names}.{why} Start each with the same notebook, --workers and its own --index."
