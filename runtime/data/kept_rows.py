"""Rows that steps leave out before anything is fitted: with gaps, or equal to an earlier one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np

from ...compiler.document import DataCell
from .columns import Column
from .source import Raw
from .stored_rows import StoredColumn

_USED = ("feature", "target")
# Numbers that are turned into others of 64 bits at a time: 2 MB of them.
_PIECE = 2**18


def kept_rows(cell: DataCell, raw: Raw, roles: dict[str, str]) -> np.ndarray | None:
    """The rows that the steps `drop_missing` and `drop_duplicates` keep, or None where there is no such step."""
    missing = [step for step in cell.preparation if step.step == "drop_missing"]
    keep = np.ones(raw.rows, dtype=bool)
    for name, column in raw.columns.items():
        used = roles[name] in _USED
        if used and any(not step.columns or name in step.columns for step in missing):
            keep[column.missing_rows()] = False
    duplicates = [step for step in cell.preparation if step.step == "drop_duplicates"]
    for step in duplicates:
        rows = np.flatnonzero(keep)
        digests = row_digests([c for n, c in raw.columns.items() if n in step.columns or not step.columns], roles)[rows]
        keep[:] = False
        keep[rows[np.unique(digests, return_index=True)[1]]] = True
    return np.flatnonzero(keep) if missing or duplicates else None


def row_digests(columns: Iterable[Column], roles: dict[str, str]) -> np.ndarray:
    """A number of 64 bits for each row: equal where all features and targets are equal. Gaps equal gaps."""
    used = [column for column in columns if roles[column.name] in _USED]
    if not used:
        return np.zeros(0, dtype=np.uint64)
    if not any(isinstance(column, StoredColumn) for column in used):
        return _mixed(_bits_of(column.values) for column in used)
    # Some rows at a time: of a large table whole columns would be what takes most memory, and of pictures, which have a
    # column in memory beside them, all of it.
    parts = [column.rows if isinstance(column, StoredColumn) else _bits_of(column.values) for column in used]
    digests = np.empty(len(used[0]), dtype=np.uint64)
    length = _piece_rows(max(_width(rows) for rows in parts))
    for begin in range(0, len(digests), length):
        pieces = (_bits_of(rows[begin : begin + length]) for rows in parts)
        digests[begin : begin + length] = _mixed(pieces)
    return digests


def _width(rows: Any) -> int:
    return int(np.prod(rows.shape[1:]))


def _piece_rows(width: int) -> int:
    return max(1, _PIECE // max(1, width))


def _mixed(each: Iterable[np.ndarray]) -> np.ndarray:
    """One number of several, by row."""
    digests: np.ndarray | None = None
    for further in each:
        # Odd multipliers lose nothing; the shifts mix high bits down, so that columns cannot cancel each other.
        if digests is None:
            digests = further
        else:
            digests *= np.uint64(0x9E3779B97F4A7C15)
            digests += further
        digests ^= digests >> np.uint64(32)
        digests *= np.uint64(0xD6E8FEB86659FD93)
        digests ^= digests >> np.uint64(29)
    assert digests is not None
    return digests


def _bits_of(rows: np.ndarray) -> np.ndarray:
    if len(rows.shape) == 1:
        return _bits(np.asarray(rows))
    found = np.empty(len(rows), dtype=np.uint64)
    width = _width(rows)
    weights, length = _weights(width), _piece_rows(width)
    for begin in range(0, len(rows), length):
        piece = np.ascontiguousarray(rows[begin : begin + length]).reshape(-1, width)
        found[begin : begin + length] = _bits(piece) @ weights
    return found


@lru_cache(maxsize=4)
def _weights(width: int) -> np.ndarray:
    """A digest of many numbers is their sum under these fixed random weights, all odd, modulo 2 to the 64."""
    return np.random.default_rng(0).integers(1, 2**63, size=width, dtype=np.uint64) * np.uint64(2) + np.uint64(1)


def _bits(values: np.ndarray) -> np.ndarray:
    """Numbers of 64 bits, equal where the values are; all gaps are equal, and both zeros."""
    if values.dtype.kind == "f":
        numbers = np.array(values, dtype=np.float64)
        numbers += 0.0
        numbers[np.isnan(numbers)] = np.nan
        return numbers.view(np.uint64)
    if values.dtype.kind in "iub":
        return values.astype(np.int64).view(np.uint64)
    # Words: of these a whole column is always at hand.
    return np.unique(values.astype(str), return_inverse=True)[1].astype(np.uint64)
