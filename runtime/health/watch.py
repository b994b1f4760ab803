"""Looks at single layers from inside the training loop, at one step of many, without changing a bit of what it does.

The step that is looked at is a step as any other, by the same graph function, which gives the gradients' norms anyway.
Before it the weights are copied; after it, what the step made of them is measured; dead units are counted in a forward
pass aside. What a look costs is measured and told, and looks are the rarer the dearer they are.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import tensorflow as tf

from ..batches import Arrays
from ..metrics_file import MetricsWriter, cut_metrics
from .activations import DeadUnits, SampleRows
from .health_file import FILE, QUANTITIES, columns_of
from .looked_at import LookedAt
from .sampling import SHARE, Sampling
from .watched import watched_layers

if TYPE_CHECKING:
    from ..run_record import RunRecord

# How often run.json says what looking costs.
_TELL_S = 2.0
# The first forward pass makes a model and all its kernels: it waits until training has gone on for long enough.
_FIRST_PASS_S = 0.1
# When the run is over, its layers are looked at once more, for at most so long.
_LAST_LOOK_S = 0.4


class HealthWatch:
    """The looks of one run. With `on` False it does nothing."""

    def __init__(self, model: keras.Model, arrays: Arrays, record: RunRecord, *, on: bool = True) -> None:
        self._model, self._arrays, self._record = model, arrays, record
        self.watched = watched_layers(model) if on else []
        # Norms are nearly free, a forward pass is not: each keeps to its half.
        self._norms, self._activations = (Sampling(share=SHARE / 2, expected=e) for e in (0.0, _FIRST_PASS_S))
        self._dead_units: DeadUnits | None = None
        self._looked_at = LookedAt(model, record.path)
        self._sample: SampleRows | None = None
        self._dead: dict[str, float] = {}
        self._last_row: np.ndarray | None = None
        self._before: list[tf.Tensor] = []
        self._spent_before = 0.0
        self._file: MetricsWriter | None = None
        self._last_told = time.monotonic()

    def begin(self, step: int) -> None:
        """Makes health.bin ready for looks after `step`. Raises OSError."""
        if not self.watched:
            self._record.update(health={})
            return
        columns = columns_of([one.name for one in self.watched])
        cut_metrics(self._record.path / FILE, len(columns), step)
        self._file = MetricsWriter(self._record.path / FILE, len(columns))
        self._record.update(health={"columns": columns, "cost": 0.0})

    def is_due(self, step: int) -> bool:
        """Whether the step after `step` is to be done alone, between `before` and `after`."""
        return self._file is not None and self._norms.is_due(step, time.monotonic())

    def before(self) -> None:
        """Keeps the weights that the step starts from."""
        began = time.monotonic()
        self._before = [tf.identity(variable.value) for variable in self._model.trainable_variables]
        self._spent_before = time.monotonic() - began

    def after(self, step: int, epoch: int, seconds: float, gradients: tf.Tensor, *, alone_s: float = 0.0) -> None:
        """Writes what step `step` (of `epoch`, from 1, `seconds` after the start) did; `gradients` has a norm for each
        trainable variable. `alone_s` is what it took longer than a step in a call of many. Raises OSError."""
        if self._file is None:
            return
        began = time.monotonic()
        squares = _squares(self._model.trainable_variables, self._before, gradients)
        self._before = []
        if getattr(self._model.optimizer, "gradient_accumulation_steps", None) and not squares[2].any():
            squares[2] = np.nan  # Only gathered: this step was no update.
        norms_done = time.monotonic()
        self._norms.took(step, norms_done, norms_done - began + self._spent_before + alone_s)
        if self._activations.is_due(step, norms_done):
            self._count_dead()
            self._activations.took(step, time.monotonic(), time.monotonic() - norms_done)
        row = np.full((1, 3 + len(QUANTITIES) * len(self.watched)), np.nan)
        row[0, :3] = step, epoch, seconds
        for place, one in enumerate(self.watched):
            if one.variables:
                at = 3 + len(QUANTITIES) * place
                row[0, at : at + 3] = _together(squares[:, list(one.variables)])
        self._write(row)
        self._looked_at.refresh(step, self._rows)
        self._tell_cost()

    def look_at(self, layer: str, step: int) -> str:
        """Looks closely at a layer from now on ("" at none), and gives why that cannot be."""
        if not self.watched:
            return "This run was begun without a look at its layers."
        if layer and not self._looked_at.knows(layer):
            return f"The network has no layer {layer}."
        self._looked_at.choose(layer, step, self._rows)
        return ""

    def finish(self, step: int) -> None:
        """Looks closely at every layer once, for those who come when the run is over; counts dead units where the run
        was too short for it."""
        if self._last_row is not None and not self._dead:
            self._count_dead()
            if self._dead:
                self._write(self._last_row)
        if self.watched:
            self._looked_at.all(step, self._rows, [one.name for one in self.watched], _LAST_LOOK_S)

    def rested(self, seconds: float) -> None:
        """Leaves a pause out of the time of training."""
        self._norms.rested(seconds)
        self._activations.rested(seconds)
        self._looked_at.rested(seconds)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    @property
    def cost(self) -> float:
        """The share of training time that looking has taken so far."""
        now = time.monotonic()
        return self._norms.cost(now) + self._activations.cost(now) + self._looked_at.cost(now)

    def _write(self, row: np.ndarray) -> None:
        """Adds a look, with the dead units that were counted last."""
        for place, one in enumerate(self.watched):
            row[0, 3 + len(QUANTITIES) * place + 3] = self._dead.get(one.name, np.nan)
        if self._file is not None:
            self._file.append(row)
        self._last_row = row

    def _count_dead(self) -> None:
        if self._dead_units is None:
            self._dead_units = DeadUnits(self._model, self.watched)
        self._dead = self._dead_units.shares(self._rows().x)

    def _rows(self) -> SampleRows:
        self._sample = self._sample or SampleRows(self._arrays)
        return self._sample

    def _tell_cost(self) -> None:
        now = time.monotonic()
        if now - self._last_told >= _TELL_S:
            self._last_told = now
            health = {**self._record.info.get("health", {}), "cost": round(self.cost, 5)}
            self._record.update(write=False, health=health)


def _squares(variables: list[Any], before: list[tf.Tensor], gradients: tf.Tensor) -> np.ndarray:
    """Squared norms of gradient, weight (before the step) and update of each variable, of shape (3, variables)."""
    weights = tf.stack([tf.cast(tf.nn.l2_loss(old), tf.float32) for old in before])
    changes = [variable.value - old for variable, old in zip(variables, before, strict=True)]
    updates = tf.stack([tf.cast(tf.nn.l2_loss(change), tf.float32) for change in changes])
    both = 2.0 * tf.stack([weights, updates]).numpy().astype(float)
    return np.stack([np.square(gradients.numpy().astype(float)), *both])


def _together(squares: np.ndarray) -> np.ndarray:
    """Norms over several variables, of shape (3,); a variable without gradient counts for nothing."""
    known = np.isfinite(squares)
    sums = np.where(known, squares, 0.0).sum(axis=1)
    return np.where(known.any(axis=1), np.sqrt(sums), np.nan)
