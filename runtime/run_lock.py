"""One trainer a run: the lock that a second one meets."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# A killed trainer is seen as gone a little before the last of its threads lets the lock go.
_PATIENCE_S = 10.0


class RunLocked(Exception):
    """Another process trains this run."""


@contextmanager
def lock_run(path: Path) -> Iterator[None]:
    """Holds the run's lock; the system gives it back when the process ends, however it ends. Raises RunLocked."""
    descriptor = os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        end = time.monotonic() + _PATIENCE_S
        while not try_lock(descriptor):
            if time.monotonic() > end:
                raise RunLocked(f"Run {path.name} is being trained by another process.")
            time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Locks an open file for this process, unless another one has it; gives whether it did."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # pyright: ignore[reportAttributeAccessIssue]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
