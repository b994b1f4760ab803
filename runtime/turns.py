"""One run trains at a time in a folder: the others wait in line, each in its own process.

The line is a folder of tickets beside the runs, one a waiting run, in the order in which they came; the turn itself is
a lock that the system gives back when its holder ends, however it ends. No server is needed for either.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from .process_identity import is_running, this_process
from .run_lock import try_lock


class Turn:
    """A run's place in the line. `folder` is the .weftwork folder."""

    def __init__(self, folder: Path, run: str) -> None:
        self._line, self._file, self._run = folder / "queue", folder / "turn", run
        self._ticket: Path | None = None
        self._held: int | None = None

    def take(self) -> bool:
        """Takes the turn if it is ours by now, else a place in the line. Raises OSError."""
        if self._held is not None:
            return True
        self._line.mkdir(exist_ok=True)
        if self._ticket is None:
            self._ticket = self._line / f"{time.time_ns():020d}-{self._run}"
            pid, start = this_process()
            # In one piece: a ticket that can be read but is empty would look like that of a dead process.
            unnamed = self._line / f".{self._ticket.name}"
            unnamed.write_text(f"{pid} {start}")
            unnamed.rename(self._ticket)
        if any(True for _ in self._before_us()):
            return False
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o644)
        if not try_lock(descriptor):
            os.close(descriptor)
            return False
        self._held = descriptor
        self._leave_line()
        return True

    def give_back(self) -> None:
        """Lets the next one train."""
        self._leave_line()
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def _leave_line(self) -> None:
        if self._ticket is not None:
            self._ticket.unlink(missing_ok=True)
            self._ticket = None

    def _before_us(self) -> Iterator[Path]:
        for ticket in waiting(self._line):
            if self._ticket is None or ticket.name >= self._ticket.name:
                return
            yield ticket


def waiting(line: Path) -> list[Path]:
    """The tickets of processes that still run, first come first; those of others are thrown away."""
    try:
        tickets = sorted(ticket for ticket in line.iterdir() if not ticket.name.startswith("."))
    except OSError:
        return []
    return [ticket for ticket in tickets if _is_alive(ticket)]


def _is_alive(ticket: Path) -> bool:
    try:
        pid, _, start = ticket.read_text().partition(" ")
        alive = is_running(int(pid), start)
    except (OSError, ValueError):
        return False
    if not alive:
        with suppress(OSError):
            ticket.unlink()
    return alive


def place_in_line(run: Path) -> int:
    """The place, from 1, of a run (its directory) among those that wait for their turn; 0 where it does not wait."""
    names = [ticket.name.partition("-")[2] for ticket in waiting(run.parents[1] / "queue")]
    return names.index(run.name) + 1 if run.name in names else 0
