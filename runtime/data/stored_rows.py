"""Rows that stay in a file: read when they are asked for, so that data may be larger than the memory."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .columns import Column

# One row in so many is wanted: reading all of them is quicker than finding each.
_DENSE = 8
_PIECE_BYTES = 4 * 2**20


class StoredRows:
    """The rows of an array in a `.npy` file, or those of them that `numbers` chooses, in its order.

    Indexed by a slice or by row numbers it reads these rows and no others; nothing is mapped into memory, where pages
    that were once read would count as used. Safe to read from several threads and after a fork.
    """

    def __init__(self, path: Path, numbers: np.ndarray | None = None) -> None:
        self.path = path
        self._numbers = numbers
        with path.open("rb") as file:
            version = np.lib.format.read_magic(file)
            read_header = np.lib.format.read_array_header_1_0
            if version != (1, 0):
                read_header = np.lib.format.read_array_header_2_0
            whole, _, self.dtype = read_header(file)
            self.begin = file.tell()
        self._whole = whole[0]
        self.shape: tuple[int, ...] = (whole[0] if numbers is None else len(numbers), *whole[1:])
        self._row_bytes = int(np.prod(whole[1:], dtype=np.int64)) * self.dtype.itemsize
        self._lock = threading.Lock()
        self._file: Any = None
        self._process = 0

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def chosen(self, numbers: np.ndarray) -> StoredRows:
        """These rows of the present ones, still in the file."""
        return StoredRows(self.path, numbers if self._numbers is None else self._numbers[numbers])

    def __getitem__(self, rows: Any) -> np.ndarray:
        if isinstance(rows, slice) and self._numbers is None and (rows.step or 1) == 1:
            start, stop, _ = rows.indices(self._whole)
            return self._read_run(start, max(start, stop))
        if isinstance(rows, int | np.integer):
            return self[np.array([rows])][0]
        numbers = np.arange(len(self))[rows] if isinstance(rows, slice) else np.asarray(rows)
        if numbers.dtype == bool:
            numbers = np.flatnonzero(numbers)
        return self._read(numbers if self._numbers is None else self._numbers[numbers])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        values = self[:]
        return values if dtype is None else values.astype(dtype, copy=False)

    def _read(self, numbers: np.ndarray) -> np.ndarray:
        if len(numbers) and len(numbers) == int(numbers[-1]) - int(numbers[0]) + 1 and np.all(np.diff(numbers) == 1):
            return self._read_run(int(numbers[0]), int(numbers[-1]) + 1)
        if len(numbers) * _DENSE > self._whole:
            return self._read_through(numbers)
        out = np.empty((len(numbers), *self.shape[1:]), dtype=self.dtype)
        # In the order of the file, and neighbours in one go: a disk likes that better than jumping.
        order = np.argsort(numbers, kind="stable")
        ordered = numbers[order]
        breaks = np.flatnonzero(np.diff(ordered) != 1) + 1
        for places, run in zip(np.split(order, breaks), np.split(ordered, breaks), strict=True):
            if len(run):
                out[places] = self._read_run(int(run[0]), int(run[-1]) + 1)
        return out

    def _read_through(self, numbers: np.ndarray) -> np.ndarray:
        """Most of the file's rows: all of them are read, a piece at a time, and those that are wanted kept."""
        out = np.empty((len(numbers), *self.shape[1:]), dtype=self.dtype)
        length = max(1, _PIECE_BYTES // max(1, self._row_bytes))
        rising = bool(np.all(numbers[:-1] <= numbers[1:]))
        order = None if rising else np.argsort(numbers, kind="stable")
        ordered = numbers if order is None else numbers[order]
        for begin in range(0, self._whole, length):
            first, last = np.searchsorted(ordered, (begin, begin + length))
            if first < last:
                piece = self._read_run(begin, min(begin + length, self._whole))
                wanted = piece[ordered[first:last] - begin]
                out[slice(first, last) if order is None else order[first:last]] = wanted
        return out

    def _read_run(self, start: int, stop: int) -> np.ndarray:
        out = np.empty((stop - start, *self.shape[1:]), dtype=self.dtype)
        if out.size:
            with self._lock:
                file = self._opened()
                file.seek(self.begin + start * self._row_bytes)
                view = memoryview(out.reshape(-1).view(np.uint8).data)
                while len(view):
                    count = file.readinto(view)
                    if not count:
                        raise OSError(f"{self.path} is shorter than its header says")
                    view = view[count:]
        return out

    def _opened(self) -> Any:
        # A fork shares the place in an open file with its parent; each process opens its own.
        if self._file is None or self._process != os.getpid():
            self._file, self._process = self.path.open("rb", buffering=0), os.getpid()
        return self._file


class ColumnBlock:
    """Columns in files of their own, side by side: (rows, columns)."""

    dtype = np.dtype(np.float64)
    ndim = 2

    def __init__(self, columns: Sequence[StoredRows]) -> None:
        self.columns = columns
        self.shape = (len(columns[0]), len(columns))

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: Any) -> np.ndarray:
        return np.stack([column[rows] for column in self.columns], axis=1)


class StoredColumn(Column):
    """A column whose values stand in a file. `values` reads them all: one column in memory at a time, and let go."""

    def __init__(
        self,
        name: str,
        rows: StoredRows,
        type: str,
        classes: tuple[str, ...] = (),
        not_numbers: dict[int, str] | None = None,
        *,
        day_first: bool = False,
    ) -> None:
        for field, value in (("name", name), ("rows", rows), ("type", type), ("classes", classes)):
            object.__setattr__(self, field, value)
        object.__setattr__(self, "not_numbers", not_numbers or {})
        object.__setattr__(self, "day_first", day_first)

    rows: StoredRows
    day_first: bool

    @property
    def values(self) -> np.ndarray:  # pyright: ignore[reportIncompatibleVariableOverride]
        return self.rows[:]

    def __len__(self) -> int:
        return len(self.rows)

    def missing_rows(self) -> np.ndarray:
        # Of pictures, which have no gaps, not one need be read.
        has_gaps = self.type == "category" or self.rows.dtype.kind == "f"
        return super().missing_rows() if has_gaps else np.zeros(0, dtype=np.int64)

    def head(self, count: int) -> Column:
        """The first values, in memory."""
        return Column(self.name, self.rows[:count], self.type, self.classes)

    def take(self, rows: np.ndarray) -> Column:
        return StoredColumn(self.name, self.rows.chosen(rows), self.type, self.classes, day_first=self.day_first)


def write_rows(path: Path, rows: int, shape: tuple[int, ...], dtype: Any) -> Any:
    """An open `.npy` file with its header written, to be filled row after row with `tobytes`."""
    file = path.open("wb")
    header = {"descr": np.lib.format.dtype_to_descr(np.dtype(dtype)), "fortran_order": False, "shape": (rows, *shape)}
    np.lib.format.write_array_header_1_0(file, header)
    return file


def is_stored(values: Any) -> bool:
    """Whether these rows stand in a file."""
    return isinstance(values, StoredRows | ColumnBlock)
