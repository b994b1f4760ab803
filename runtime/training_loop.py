"""The epochs of a run: `fit` taken apart, so that it can be paused, stopped, killed and taken up at any step.

Between two calls of the graph function the loop looks at the control byte and at commands, writes rows, and makes
checkpoints. It never waits for a reader.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from .batches import Arrays, steps_per_epoch, training_batches, validation_batches
from .callbacks import callback_states, hears_batches, restore_callbacks
from .checkpoints import Checkpoints, NotFinite, Position
from .commands import Commands
from .control import PAUSE, STOP
from .pace import MOST, Pace
from .pending_rows import PendingRows
from .progress import Progress
from .run_record import RunRecord
from .train_steps import TrainSteps

# Ten times a second: more than an eye can follow, less than a disk can feel.
_DRAIN_S = 0.1
_LOOK_S = 0.02
_CHECKPOINT_S = 10.0
# A checkpoint may take one fiftieth of the time.
_CHECKPOINT_SHARE = 50


class Stopped(Exception):
    """Stop was pressed."""


class Diverged(Exception):
    """Loss, gradients or weights are no numbers any more; the message says since when."""


class TrainingLoop:
    """One run of epochs over a compiled model whose variables are all made.

    `position` is always the number of steps that the weights have seen; it moves after each call.
    """

    def __init__(
        self,
        model: keras.Model,
        arrays: Arrays,
        record: RunRecord,
        *,
        epochs: int,
        batch_size: int,
        seed: int,
        callbacks: list[keras.callbacks.Callback],
    ) -> None:
        self.model = model
        self.position = Position()
        self.checkpoints = Checkpoints(record.path / "checkpoints")
        self._arrays, self._record = arrays, record
        self._epochs, self._batch_size, self._seed = epochs, batch_size, seed
        self._steps = steps_per_epoch(arrays.rows, batch_size)
        self._graph = TrainSteps(model, model.optimizer)
        self._callbacks = callbacks
        self._list = keras.callbacks.CallbackList(
            callbacks, add_history=True, model=model, epochs=epochs, steps=self._steps, verbose=0
        )
        self._built = False
        self._hears_batches = hears_batches(callbacks)
        self._commands = Commands(record, self)
        most = (record.info.get("options") or {}).get("steps_per_execution")
        self._pace, self._validation_pace = Pace(most or MOST), Pace()
        self._rows = PendingRows(record)
        self._last_drain = self._last_checkpoint = time.monotonic()
        self._validation = validation_batches(arrays, batch_size) if arrays.validation_rows else None

    def run(self) -> None:
        """Trains from the latest checkpoint, or from the start, to the end. Raises Stopped, Diverged, OSError."""
        record, model = self._record, self.model
        model.stop_training = False
        self._list.on_train_begin()
        latest = self.checkpoints.latest()
        if latest is not None:
            self.position = latest.position
            if self.position.step_in_epoch:
                self._list.on_epoch_begin(self.position.epoch)
            self.checkpoints.restore(model, latest)
            restore_callbacks(self._callbacks, latest.callbacks)
            record.event("resumed", step=self.position.step, epochs_done=self.position.epoch)
        columns = ["step", "epoch", "seconds", *self._graph.columns]
        before = record.open_metrics(columns, self.position.step)
        self._progress = Progress(record, self._steps, self._epochs, before, self.position.step)
        if latest is None:
            self.checkpoint()
        record.update(steps_per_epoch=self._steps, epochs=self._epochs)
        batches = iter(
            training_batches(
                self._arrays,
                self._batch_size,
                self._seed,
                epoch=self.position.epoch,
                step=self.position.step_in_epoch,
                epochs=self._epochs,
            )
        )
        logs: dict[str, float] = {}
        try:
            for epoch in range(self.position.epoch, self._epochs):
                logs = self._train_epoch(epoch, batches)
                if model.stop_training:
                    break
            model.optimizer.finalize_variable_values(model.trainable_weights)
            self._list.on_train_end(logs)
        finally:
            self._drain()

    def _train_epoch(self, epoch: int, batches: Any) -> dict[str, float]:
        if self.position.step_in_epoch == 0:
            self.model.reset_metrics()
            self._list.on_epoch_begin(epoch)
        while self.position.step_in_epoch < self._steps and not self.model.stop_training:
            self._execute(batches)
            self._between()
        self._drain()
        # Before validation, whose passes move the seeds of recurrent layers: a stop in there comes back to here.
        self.checkpoint()
        done = self.position
        logs = _numbers(self.model.get_metrics_result())
        logs |= self._validate()
        self._list.on_epoch_end(epoch, logs)
        self._mark_best(done, logs)
        self.position = Position(done.step, epoch + 1, 0)
        self._progress.epoch(epoch + 1, done.step, logs)
        return logs

    def _execute(self, batches: Any) -> None:
        """One call of the graph function: some steps, their rows, and a look at whether they are numbers."""
        first = self.position.step_in_epoch
        steps = min(self._pace.steps, self._steps - first)
        if self._hears_batches:
            self._list.on_train_batch_begin(first)
        began = time.monotonic()
        rows = self._graph.run(batches, steps).numpy()
        ended = time.monotonic()
        self._pace.took(steps, ended - began)
        self._is_built(self.position.step + steps)
        bad = np.flatnonzero(rows[:, -1] == 0)
        self._rows.add(rows[: bad[0] + 1] if len(bad) else rows, ended)
        if len(bad):
            step = self.position.step + int(bad[0]) + 1
            self.position = replace(self.position, step=step, step_in_epoch=first + int(bad[0]) + 1)
            self._drain()
            raise Diverged(f"at step {step} the gradients were no longer finite numbers")
        self.position = replace(self.position, step=self.position.step + steps, step_in_epoch=first + steps)
        if self._hears_batches:
            self._list.on_train_batch_end(first + steps - 1, _numbers(self.model.get_metrics_result()))

    def _is_built(self, step: int) -> None:
        """The graph is traced and has run once: from here on the loop itself looks at the control byte."""
        if not self._built:
            self._built = True
            self._record.set_state("running")
            self._record.built()
            self._progress.running(step)

    def _between(self) -> None:
        now = time.monotonic()
        if now - self._last_drain >= _DRAIN_S:
            self._drain()
            self._commands.answer()
            self._progress.tick(self.position, self._pace.steps)
        if now - self._last_checkpoint >= max(_CHECKPOINT_S, _CHECKPOINT_SHARE * self.checkpoints.last_seconds):
            self.checkpoint()
        self._obey()

    def _obey(self, *, at_rest: bool = True) -> None:
        """Waits while paused. Raises Stopped. `at_rest`: the weights are where `position` says."""
        control = self._record.control.read()
        if control == PAUSE:
            self._drain()
            if at_rest:
                self.checkpoint()
            self._record.set_state("paused", step=self.position.step)
            began = time.monotonic()
            while (control := self._record.control.read()) == PAUSE:
                time.sleep(_LOOK_S)
                self._commands.answer()
            self._progress.rested(time.monotonic() - began)
            if control != STOP:
                self._record.set_state("running")
        if control == STOP:
            self._drain()
            if at_rest:
                self.checkpoint()
            raise Stopped

    def _validate(self) -> dict[str, float]:
        """Loss and metrics of the validation part, as `evaluate` gives them."""
        if self._validation is None:
            return {}
        self._is_built(self.position.step)
        self._list.on_test_begin()
        self.model.reset_metrics()
        batches = iter(self._validation)
        done, steps = 0, steps_per_epoch(self._arrays.validation_rows, self._batch_size)
        while done < steps:
            count = min(self._validation_pace.steps, steps - done)
            began = time.monotonic()
            self._graph.validate(batches, count)
            self._validation_pace.took(count, time.monotonic() - began)
            done += count
            self._obey(at_rest=False)
        logs = _numbers(self.model.get_metrics_result())
        self._list.on_test_end(logs)
        return {f"val_{name}": value for name, value in logs.items()}

    def _drain(self) -> None:
        """Writes the rows of the calls since the last time."""
        self._last_drain = time.monotonic()
        self._rows.write(self.position, self._progress)

    def checkpoint(self) -> None:
        """Makes a checkpoint of this moment. Raises Diverged where a weight is no number."""
        self._drain()
        self._record.sync_metrics()
        try:
            self.checkpoints.save(self.model, self.position, callback_states(self._callbacks))
        except NotFinite as error:
            raise Diverged(f"by step {self.position.step} {error} was no longer a finite number") from error
        self._last_checkpoint = time.monotonic()
        seconds = round(self.checkpoints.last_seconds, 4)
        self._record.event("checkpoint", step=self.position.step, seconds=seconds)

    def _mark_best(self, position: Position, logs: dict[str, float]) -> None:
        value = logs.get("val_loss", logs.get("loss", math.nan))
        best = self.checkpoints.best()
        if math.isfinite(value) and (best is None or value < best[1]):
            self.checkpoints.mark_best(position, value)


def _numbers(logs: dict[str, Any]) -> dict[str, float]:
    """Logs as plain numbers, and those of several values (F1Score) by their mean."""
    return {name: float(np.mean(tf.convert_to_tensor(value).numpy())) for name, value in logs.items()}
