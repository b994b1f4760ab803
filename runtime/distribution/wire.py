"""Messages between the chief and a worker: a line of JSON with the length of the bytes that follow it.

Either end learns within seconds that the other is gone: a process that ends closes its connection, and a machine that
falls silent sends no beats any more.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import suppress
from typing import Any

_BEAT_S = 1.0
_SILENT_S = 20.0
_LONGEST = 1 << 34
# Each piece of a long message has its own time limit.
_PIECE = 1 << 20


class Gone(Exception):
    """The other end is gone, or has said nothing for too long."""


class Wire:
    """One end of a connection. Any thread may send, one receives."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._socket.settimeout(_SILENT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = connection.makefile("rb")
        self._sending = threading.Lock()
        self._closed = threading.Event()

    def send(self, do: str, body: bytes = b"", **fields: Any) -> None:
        """Raises Gone; the wire is closed then, since nothing can follow half a message."""
        head = json.dumps({"do": do, **fields, "bytes": len(body)}).encode() + b"\n"
        try:
            with self._sending:
                self._socket.sendall(head)
                for begin in range(0, len(body), _PIECE):
                    self._socket.sendall(memoryview(body)[begin : begin + _PIECE])
        except OSError as error:
            self.close()
            raise Gone(str(error)) from error

    def receive(self) -> tuple[dict[str, Any], bytes]:
        """The next message that is no beat. Raises Gone."""
        while True:
            try:
                line = self._file.readline()
                message = json.loads(line) if line.endswith(b"\n") else None
                if not isinstance(message, dict) or not 0 <= int(message.get("bytes", 0)) < _LONGEST:
                    raise Gone("closed")
                body = self._file.read(int(message.get("bytes", 0)))
            except (OSError, ValueError) as error:
                raise Gone(str(error)) from error
            if message.get("do") != "beat":
                return message, body

    def fileno(self) -> int:
        return self._socket.fileno()

    @property
    def is_open(self) -> bool:
        """False once it was closed here, or a beat found nobody at the other end."""
        return not self._closed.is_set()

    def beat(self) -> None:
        """Lets the other end know once a second that this one is there, in a thread of its own."""

        def beats() -> None:
            while not self._closed.wait(_BEAT_S):
                try:
                    self.send("beat")
                except Gone:
                    return

        threading.Thread(target=beats, daemon=True).start()

    def close(self) -> None:
        self._closed.set()
        with suppress(OSError):  # The other end was quicker.
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def call(address: tuple[str, int], patience_s: float) -> Wire:
    """A connection to the chief, who may begin to listen a little later. Raises Gone."""
    end = time.monotonic() + patience_s
    while True:
        try:
            return Wire(socket.create_connection(address, timeout=5))
        except OSError as error:
            if time.monotonic() > end:
                raise Gone(str(error)) from error
        time.sleep(0.1)
