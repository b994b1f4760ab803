"""Rows for an evaluation: all of them, or the first of those that stand in a file because they are many."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..data.stored_rows import is_stored

# Enough for figures of three digits, and small beside the network.
_MOST_ROWS = 20_000
_MOST_BYTES = 128 * 2**20


def in_memory(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    """(x, y, …), each an array or a dict of them, as NumPy has them. Where any is in a file, all are cut to the same
    first rows."""
    leaves = [each for part in parts for each in (part.values() if isinstance(part, dict) else (part,))]
    stored = [each for each in leaves if is_stored(each)]
    if not stored:
        return parts
    row_bytes = sum(int(np.prod(each.shape[1:])) * each.dtype.itemsize for each in stored)
    rows = min(len(stored[0]), _MOST_ROWS, max(1, _MOST_BYTES // row_bytes))
    return tuple(
        {name: np.asarray(each[:rows]) for name, each in part.items()}
        if isinstance(part, dict)
        else np.asarray(part[:rows])
        for part in parts
    )


def first_of(arrays: Any) -> Any:
    """One of the arrays, which all have as many rows."""
    return next(iter(arrays.values())) if isinstance(arrays, dict) else arrays
