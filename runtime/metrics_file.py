"""metrics.bin: one little-endian float64 record a step, appended by the trainer, read by anybody at any time.

The columns stand in run.json; the first three are always step (from 1), epoch (from 1) and seconds since the
start. A last record that is not complete is ignored.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

FIRST_COLUMNS = ("step", "epoch", "seconds")
_NUMBER = np.dtype("<f8")


class MetricsWriter:
    """Appends rows. Raises OSError when the disk is full; the file then ends with its last whole row."""

    def __init__(self, path: Path, columns: int) -> None:
        self._row_bytes = columns * _NUMBER.itemsize
        self._columns = columns
        # Unbuffered: what was written is seen by readers at once.
        self._file = open(path, "ab", buffering=0)  # noqa: SIM115 (closed by close)

    def append(self, rows: np.ndarray) -> None:
        """Adds rows of shape (n, columns)."""
        if rows.ndim != 2 or rows.shape[1] != self._columns:
            raise ValueError(f"expected rows of {self._columns} columns, received shape {rows.shape}")
        data = memoryview(np.ascontiguousarray(rows, _NUMBER).tobytes())
        try:
            while data:
                data = data[self._file.write(data) or 0 :]
        except OSError:
            size = os.fstat(self._file.fileno()).st_size
            os.ftruncate(self._file.fileno(), size - size % self._row_bytes)
            raise

    def sync(self) -> None:
        """Waits until the disk has every row: a checkpoint must not know of steps that the rows do not."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


def read_metrics(path: Path, columns: int, start_row: int = 0) -> np.ndarray:
    """Rows from `start_row` on, of shape (n, columns); none where the file does not exist yet."""
    if columns == 0:
        return np.empty((0, 0))
    row_bytes = columns * _NUMBER.itemsize
    try:
        with open(path, "rb") as file:
            file.seek(start_row * row_bytes)
            data = file.read()
    except FileNotFoundError:
        data = b""
    whole = len(data) - len(data) % row_bytes
    return np.frombuffer(data[:whole], _NUMBER).reshape(-1, columns)


def cut_metrics(path: Path, columns: int, step: int) -> None:
    """Drops every row after `step`, and a torn last one."""
    if not path.exists():
        return
    rows = read_metrics(path, columns)
    keep = int(np.searchsorted(rows[:, 0], step, side="right")) if len(rows) else 0
    os.truncate(path, keep * columns * _NUMBER.itemsize)
