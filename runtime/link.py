"""Framed JSON between two processes on this machine: a length of four bytes, then the text."""

from __future__ import annotations

import hmac
import json
import os
import secrets
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

_LENGTH = struct.Struct("<I")
_PIECE = 1 << 18
_ADDRESS = "WEFTWORK_LINK"

Message = dict[str, Any]


class Link:
    """One end. Any thread may send; one thread receives."""

    def __init__(self, socket_: socket.socket) -> None:
        self._socket = socket_
        self._sending = threading.Lock()
        self._received = bytearray()

    def fileno(self) -> int:
        return self._socket.fileno()

    def send(self, message: Message) -> None:
        """Sends a message. Raises OSError when the other end is gone."""
        data = json.dumps(message, default=_plain).encode()
        with self._sending:
            self._socket.sendall(_LENGTH.pack(len(data)) + data)

    def receive(self) -> Message | None:
        """Waits for the next message; None when the other end is gone."""
        while (message := self._next()) is None:
            if not self._read():
                return None
        return message

    def receive_ready(self) -> list[Message] | None:
        """The messages complete after one read of what is there; None when the other end is gone."""
        if not self._read():
            return None
        messages = []
        while (message := self._next()) is not None:
            messages.append(message)
        return messages

    def close(self) -> None:
        self._socket.close()

    def hang_up(self) -> None:
        """Closes both directions, so that a thread that waits in `receive` is let go."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # The other end was quicker.

    def _read(self) -> bool:
        try:
            data = self._socket.recv(_PIECE)
        except OSError:
            return False
        self._received += data
        return bool(data)

    def _next(self) -> Message | None:
        if len(self._received) < _LENGTH.size:
            return None
        end = _LENGTH.size + _LENGTH.unpack_from(self._received)[0]
        if len(self._received) < end:
            return None
        message = json.loads(self._received[_LENGTH.size : end])
        del self._received[:end]
        return message


def _plain(value: Any) -> Any:
    """Numbers and arrays of numpy, and paths, as JSON has them."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"{type(value).__name__} cannot be told as JSON")


def linked_pair() -> tuple[Link, Link]:
    """Two ends within one process, for a fork."""
    ours, theirs = socket.socketpair()
    return Link(ours), Link(theirs)


def spawn_linked(
    module: str, *arguments: str, log: Any, environment: Mapping[str, str] | None = None
) -> tuple[subprocess.Popen[bytes], Link]:
    """Starts `python -m module arguments…` in a session of its own, its output in `log`, and gives our end.

    `environment` is what it has besides this process' own. Raises OSError.
    """
    command = [sys.executable, "-m", module, *arguments]
    given = dict(environment or {})
    if os.name != "nt":
        ours, theirs = socket.socketpair()
        with theirs:
            process = _spawn(command, {**given, _ADDRESS: f"fd:{theirs.fileno()}"}, log, pass_fds=(theirs.fileno(),))
        return process, Link(ours)
    # Windows hands no sockets on: the child calls back, and shows that it is the one that was started.
    token = secrets.token_hex(16)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        address = {_ADDRESS: f"port:{server.getsockname()[1]}:{token}"}
        process = _spawn(command, {**given, **address}, log)
        while True:
            connection, _ = server.accept()
            connection.settimeout(5)
            try:
                shown = connection.recv(len(token), socket.MSG_WAITALL).decode("ascii", "replace")
            except OSError:
                shown = ""
            if hmac.compare_digest(shown.encode(), token.encode()):
                connection.settimeout(None)
                return process, Link(connection)
            connection.close()


def _spawn(command: list[str], environment: Mapping[str, str], log: Any, **options: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen[bytes](
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env={**os.environ, **environment},
        # Ctrl-C in the server's terminal is for the server; we end when it has gone.
        start_new_session=True,
        **options,
    )


def open_link() -> Link:
    """The end of the process that `spawn_linked` started."""
    how, _, rest = os.environ.pop(_ADDRESS).partition(":")
    if how == "fd":
        return Link(socket.socket(fileno=int(rest)))
    port, token = rest.split(":")
    connection = socket.create_connection(("127.0.0.1", int(port)))
    connection.sendall(token.encode())
    return Link(connection)
