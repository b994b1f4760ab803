"""Lets only one server write a notebook: two journals in one file would tear each other apart."""

from __future__ import annotations

import getpass
import json
import os
import socket
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from ..runtime.process_identity import this_process

# Far behind what is written there, so that the holder's name can be read while the lock is held (Windows).
_LOCKED_BYTE = 1 << 30


@dataclass(frozen=True, slots=True)
class Holder:
    """Who writes a notebook; what is not known is empty."""

    user: str = ""
    machine: str = ""
    pid: int = 0
    started: str = ""

    def words(self) -> str:
        """Who it is, as half a sentence."""
        who = f" of {self.user}" if self.user else ""
        where = f" on {self.machine}" if self.machine and self.machine != socket.gethostname() else ""
        return f"another Weftwork{who}{where}{f' (process {self.pid})' if self.pid else ''}"


def _ourselves() -> Holder:
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = ""  # a user without a name, as in some containers
    return Holder(user, socket.gethostname(), *this_process())


class OneWriter:
    """A lock on a file, held by this process until `release`, and let go by the system when the process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Whether this process is the writer now. Where nothing can be written there is nothing to guard: True."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return True
        try:
            _lock(descriptor)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        # On a full disk the lock holds without its holder's name.
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.write(descriptor, json.dumps(asdict(_ourselves())).encode())
        return True

    def holder(self) -> Holder:
        """Who holds the lock, as far as that is written there."""
        try:
            written = json.loads(self._path.read_bytes() or b"{}")
            return Holder(**{name: written[name] for name in Holder.__slots__ if name in written})
        except (OSError, ValueError, TypeError):
            return Holder()

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _lock(descriptor: int) -> None:
    """Takes the lock or raises OSError at once."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
