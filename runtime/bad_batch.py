"""A step that came to no finite numbers, or to none at all: which rows of its batch are at fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from .batches import Arrays, epoch_order
from .checkpoints import Position

# Named in a message; all of them stand in run.json.
_NAMED = 5


class Diverged(Exception):
    """Loss, gradients or weights are no numbers any more; the message says since when.

    `position` is that after the first bad step, None where only the weights tell."""

    def __init__(self, message: str, position: Position | None = None) -> None:
        super().__init__(message)
        self.position = position


class BatchFailed(Exception):
    """Keras or TensorFlow could not compute one of the steps of a call; `positions` are those that they lead to."""

    def __init__(self, positions: list[Position]) -> None:
        super().__init__("a step could not be computed")
        self.positions = positions


@dataclass(frozen=True, slots=True)
class BadRows:
    """Rows of the training part, from 0: of the whole batch, and those at fault with the reason, if they are known."""

    batch: list[int]
    at_fault: list[int]
    reason: str = ""


def find_bad_rows(model: keras.Model, arrays: Arrays, position: Position, seed: int, batch_size: int) -> BadRows:
    """Looks at the batch of the step that led to `position`, row by row, on the weights that `model` has.

    Rows that cannot be read, or that hold missing or infinite values, are at fault; else those whose own loss or
    gradients are not finite, or cannot be computed. None of them is where the weights had grown too large.
    """
    rows = epoch_order(seed, position.epoch, arrays.rows)
    batch = np.sort(rows[(position.step_in_epoch - 1) * batch_size :][:batch_size])
    arrays_of_batch = keras.tree.flatten((arrays.x, arrays.y))
    unread = _search(batch, lambda some: _can_be_read(arrays_of_batch, some))
    if unread:
        return BadRows(batch.tolist(), unread, "values that cannot be read")
    unfilled = batch[~np.all([_are_finite(array[batch]) for array in arrays_of_batch], axis=0)]
    if len(unfilled):
        return BadRows(batch.tolist(), [int(row) for row in unfilled], "missing or infinite values")
    at_fault = _search(batch, lambda some: _computes(model, arrays, some))
    return BadRows(batch.tolist(), at_fault, "no finite loss" if at_fault else "")


def _search(rows: np.ndarray, is_good: Callable[[np.ndarray], bool]) -> list[int]:
    """Halves what is bad until single rows are left: few rows at fault take few evaluations."""
    if is_good(rows):
        return []
    if len(rows) == 1:
        return [int(rows[0])]
    middle = len(rows) // 2
    return _search(rows[:middle], is_good) + _search(rows[middle:], is_good)


def _can_be_read(arrays: list[Any], rows: np.ndarray) -> bool:
    """Whether rows that stay in files until they are wanted are there."""
    try:
        return all(len(array[rows]) == len(rows) for array in arrays)
    except (OSError, ValueError):
        return False


def _computes(model: keras.Model, arrays: Arrays, rows: np.ndarray) -> bool:
    """Whether loss and gradients of these rows are finite. Dropout and the like rest, so no seed is drawn."""
    if keras.backend.backend() == "jax":
        from .distribution.jax_steps import is_finite

        part: Any = keras.tree.map_structure(lambda array: array[rows], (arrays.x, arrays.y))
        try:
            return is_finite(model, *part)
        except (RuntimeError, ValueError):
            return False
    taken: Any = keras.tree.map_structure(lambda array: tf.convert_to_tensor(array[rows]), (arrays.x, arrays.y))
    x, y = taken
    try:
        with tf.GradientTape() as tape:
            loss: Any = model.compute_loss(x=x, y=y, y_pred=model(x, training=False), training=False)
        found: Any = tape.gradient(loss, model.trainable_weights)
        gradients = [gradient for gradient in found if gradient is not None]
        return bool(tf.math.is_finite(loss)) and bool(tf.math.is_finite(tf.linalg.global_norm(gradients)))
    except (tf.errors.OpError, ValueError):
        return False


def _are_finite(values: np.ndarray) -> np.ndarray:
    """Of each row whether all its numbers are."""
    if values.dtype.kind != "f":
        return np.ones(len(values), bool)
    return np.asarray(np.isfinite(values.reshape(len(values), -1)).all(axis=1))


def told(bad: BadRows, numbers: np.ndarray | None) -> str:
    """One sentence for the user. `numbers` are the rows' numbers in the source, where they are known."""
    if not bad.at_fault:
        first, last = _number(bad.batch[0], numbers), _number(bad.batch[-1], numbers)
        return (
            f"No single row of its batch ({len(bad.batch)} rows between row {first} and row {last}) is at fault: "
            "the weights had grown too large."
        )
    named = [str(_number(row, numbers)) for row in bad.at_fault[:_NAMED]]
    more = f" and {len(bad.at_fault) - _NAMED} more" if len(bad.at_fault) > _NAMED else ""
    word, verb = ("Row", "has") if len(bad.at_fault) == 1 else ("Rows", "have")
    of = "of the data" if numbers is not None else "of the training part"
    return f"{word} {', '.join(named)}{more} {of} (counted from 0) {verb} {bad.reason}."


def source_rows(rows: list[int], numbers: np.ndarray | None) -> list[int]:
    """Row numbers in the source, or those of the training part where the source is not known."""
    return [int(_number(row, numbers)) for row in rows]


def _number(row: int, numbers: np.ndarray | None) -> int:
    return int(numbers[row]) if numbers is not None else row
