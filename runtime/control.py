"""The control byte of a run: one mapped byte that says run, pause, stop, or step.

Writing it takes no lock and no process need listen; the trainer looks at it between executions.
"""

from __future__ import annotations

import mmap
from pathlib import Path

# STEP is a pause that lets through as much as the command `step` asks for.
RUN, PAUSE, STOP, STEP = b"r", b"p", b"s", b"n"


def create_control(path: Path) -> None:
    path.write_bytes(RUN)


def write_control(path: Path, value: bytes) -> None:
    """Sets the byte. In place: the trainer has mapped this very file."""
    with open(path, "r+b", buffering=0) as file:
        file.write(value)


class ControlByte:
    """The trainer's view of the byte; reading it costs no system call."""

    def __init__(self, path: Path) -> None:
        if not path.exists() or path.stat().st_size == 0:
            create_control(path)
        with open(path, "r+b") as file:
            self._map = mmap.mmap(file.fileno(), 1)

    def read(self) -> bytes:
        return self._map[0:1]

    def write(self, value: bytes) -> None:
        self._map[0:1] = value
