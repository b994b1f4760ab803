"""Fitting steps on rows that stay in a file: a column at a time, or pictures some at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from ...compiler.document import Preparation
from .fields import RawField
from .preparation_steps import FITS, Operation, standardising
from .stored_rows import ColumnBlock

Apply = Callable[[Operation, np.ndarray], np.ndarray]

# Pictures are read in pieces of about this many bytes.
_PIECE_BYTES = 8 * 2**20


def fit_stored(field: RawField, rows: np.ndarray, steps: list[Preparation], apply: Apply) -> list[Operation]:
    """The operations that fitting in memory gives, with no more than a column or a piece of the pictures there."""
    if isinstance(field.values, ColumnBlock):
        return _by_column(field, field.values, rows, steps, apply)
    return _by_piece(field, rows, steps, apply)


def _by_column(
    field: RawField, block: ColumnBlock, rows: np.ndarray, steps: list[Preparation], apply: Apply
) -> list[Operation]:
    fitted: list[list[Operation]] = [[] for _ in steps]
    for name, stored in zip(field.columns, block.columns, strict=True):
        values = stored[rows].astype(np.float32)[:, np.newaxis] if steps else np.zeros((0, 1))
        alone = replace(field, columns=(name,))
        for number, step in enumerate(steps):
            operation = FITS[step.step](alone, values, step)
            fitted[number].append(operation)
            if number + 1 < len(steps):
                values = apply(operation, values)
    return [_joined(parts) for parts in fitted]


def _joined(parts: list[Operation]) -> Operation:
    first = parts[0]
    if first.step == "bucketise":
        return first  # always a column of its own
    joined = {name: tuple(value for part in parts for value in part.constants[name]) for name in first.constants}
    return replace(first, constants=joined)


def _by_piece(field: RawField, rows: np.ndarray, steps: list[Preparation], apply: Apply) -> list[Operation]:
    operations: list[Operation] = []
    for step in steps:
        if step.step == "standardise":
            operations.append(_moments(field, rows, step, operations, apply))
        elif step.step in ("rescale", "resize", "augment"):
            operations.append(FITS[step.step](field, np.zeros(0), step))
        else:
            operations.append(FITS[step.step](field, np.asarray(field.take(rows)), step))
    return operations


def _moments(field: RawField, rows: np.ndarray, step: Preparation, before: list[Operation], apply: Apply) -> Operation:
    """Mean, then the squares around it: two passes keep what one pass over large numbers would lose."""

    def pieces() -> Iterator[np.ndarray]:
        length = max(1, _PIECE_BYTES // max(1, int(np.prod(field.values.shape[1:])) * 4))
        for begin in range(0, len(rows), length):
            values = field.take(rows[begin : begin + length])
            for operation in before:
                values = apply(operation, values)
            yield values.reshape(-1, values.shape[-1]) if values.ndim > 1 else values[:, np.newaxis]

    count, total = 0, np.float64(0)
    for piece in pieces():
        count, total = count + len(piece), total + piece.sum(axis=0, dtype=np.float64)
    mean = np.asarray(total / count)
    squares = sum(((piece.astype(np.float64) - mean) ** 2).sum(axis=0) for piece in pieces())
    return standardising(field, step, mean, np.asarray(squares / count))
