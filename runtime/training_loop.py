"""The epochs of a run: `fit` taken apart, so that it can be paused, stopped, killed and taken up at any step.

Between two calls of the graph function the loop looks at the control byte and at commands, writes rows, and makes
checkpoints. It never waits for a reader. rest.py is its pauses, commands.py what may be asked of it in the meantime.
"""

from __future__ import annotations

import math
import time
from typing import Any

import keras

from .bad_batch import BatchFailed, Diverged
from .batches import Arrays, steps_per_epoch
from .budget import Budget
from .callbacks import hears_batches, restore_callbacks
from .checkpoint_times import CheckpointTimes
from .checkpoints import Checkpoints, Position
from .commands import Commands
from .distribution.pieces import training_batches
from .health.guarded_watch import GuardedWatch
from .live_settings import LiveSettings
from .progress import Progress
from .rest import Rest, Stopped
from .run_record import RunRecord
from .step_calls import StepCalls
from .turns import Turn
from .validation import Validation, plain_numbers

# Ten times a second: more than an eye can follow, less than a disk can feel.
_DRAIN_S = 0.1


class TrainingLoop:
    """One run of epochs over a compiled model whose variables are all made.

    `position` is always the number of steps that the weights have seen; it moves after each call. `options` are those
    of the training cell and of the run; `turn` is given back in pauses.
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
        options: dict[str, Any] | None = None,
        turn: Turn | None = None,
    ) -> None:
        self.model = model
        self.position = Position()
        self.checkpoints = Checkpoints(record.path / "checkpoints")
        self._arrays, self._record = arrays, record
        self._epochs, self._batch_size, self._seed = epochs, batch_size, seed
        self._steps = steps_per_epoch(arrays.rows, batch_size)
        self.settings = LiveSettings(model)
        self.checkpoint_times = CheckpointTimes(self.checkpoints, model, record, callbacks, self.settings)
        self._callbacks = callbacks
        self._list = keras.callbacks.CallbackList(
            callbacks, add_history=True, model=model, epochs=epochs, steps=self._steps, verbose=0
        )
        self._built = False
        self._hears_batches = hears_batches(callbacks)
        self.commands = Commands(record, self)
        options = {**(options or {}), **(record.info.get("options") or {})}
        self.rest = Rest(record, self, turn, options.get("until"))
        self._budget = Budget(options)
        # Why the run ends before its last epoch, in words.
        self.ended_by = ""
        self._calls = StepCalls(model, record, options.get("steps_per_execution"))
        looks = options.get("health") is not False and keras.backend.backend() == "tensorflow"
        self.health = GuardedWatch(model, arrays, record, on=looks)
        self._validation = Validation(model, arrays, batch_size)

    def run(self) -> None:
        """Trains from the latest checkpoint, or from the start, to the end.

        Raises Stopped, Diverged, BatchFailed, OSError."""
        record, model = self._record, self.model
        model.stop_training = False
        self._list.on_train_begin()
        self._begin()
        record.update(steps_per_epoch=self._steps, epochs=self._epochs, live=self.settings.told())
        self.commands.begin(self.position)
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
                self._before_epoch()
                logs = self._train_epoch(epoch, batches)
                if model.stop_training or self._is_over():
                    break
            model.optimizer.finalize_variable_values(model.trainable_weights)
            self._list.on_train_end(logs)
            self.health.finish(self.position.step)
            self.write_held()
        except (Stopped, Diverged, BatchFailed):
            self.write_held()
            raise
        finally:
            self.drain()
            self.health.close()

    def _begin(self) -> None:
        """Goes to the latest checkpoint; where there is none, makes the first."""
        record, latest = self._record, self.checkpoints.latest()
        if latest is not None:
            self.position = latest.position
            if self.position.step_in_epoch:
                self._list.on_epoch_begin(self.position.epoch)
            self.checkpoints.restore(self.model, latest)
            restore_callbacks(self._callbacks, latest.callbacks)
            self.settings.restore(latest.settings)
            record.event("resumed", step=self.position.step, epochs_done=self.position.epoch)
        columns = ["step", "epoch", "seconds", *self._calls.graph.columns]
        before = record.open_metrics(columns, self.position.step)
        self._progress = Progress(record, self._steps, self._epochs, before, self.position.step)
        self.health.begin(self.position.step)
        if latest is None:
            self.checkpoint()

    def _before_epoch(self) -> None:
        self.commands.repeat()
        self.commands.answer()
        # Until the graph is built, a stop is heard elsewhere.
        if self._built or self.rest.steps_left(self.position.step) == 0:
            self.rest.obey()

    def _train_epoch(self, epoch: int, batches: Any) -> dict[str, float]:
        if self.position.step_in_epoch == 0:
            self.model.reset_metrics()
            self._list.on_epoch_begin(epoch)
        while self.position.step_in_epoch < self._steps and not self.model.stop_training and not self._is_over():
            self._execute(batches)
            self._between()
        self.drain()
        done = self.position
        # Before validation, whose passes move the seeds of recurrent layers: a stop in there comes back to here.
        self.checkpoint_times.epoch_ends(done)
        logs = plain_numbers(self.model.get_metrics_result())
        self._is_built(done.step)
        logs |= self._validation.run(self._calls.graph, self._list, self.rest)
        self._list.on_epoch_end(epoch, logs)
        self.checkpoint_times.judge(done, logs.get("val_loss", logs.get("loss", math.nan)))
        if done.step_in_epoch == self._steps or self.model.stop_training:
            self.position = Position(done.step, epoch + 1, 0)
        self._progress.epoch(epoch + 1, done.step, logs)
        return logs

    def _execute(self, batches: Any) -> None:
        """One call of the graph function, and a look at layers where one is due."""
        position = self.position
        first, step = position.step_in_epoch, position.step
        ahead = (self.commands.steps_to_next(step), self.rest.steps_left(step), self._budget.left(step))
        steps = max(1, min(self._calls.steps, self._steps - first, *ahead))
        looks = self.health.is_due(step)
        if looks:
            steps = 1
            self.health.before()
        if self._hears_batches:
            self._list.on_train_batch_begin(first)
        began = time.monotonic()
        try:
            self.position = self._calls.run(batches, position, steps, measured=not looks)
        except Diverged as error:
            self.position = error.position or position
            self._is_built(self.position.step)
            self.drain()
            raise
        self._is_built(self.position.step)
        if looks and (norms := self._calls.graph.gradient_norms) is not None:
            # A step alone costs more than one among many, which is a price of the look too.
            took = time.monotonic() - began
            alone_s = max(0.0, took - (self._calls.step_s or took))
            self.health.after(step + 1, position.epoch + 1, self._progress.seconds(), norms, alone_s=alone_s)
        if self._hears_batches:
            self._list.on_train_batch_end(first + steps - 1, plain_numbers(self.model.get_metrics_result()))

    def _is_built(self, step: int) -> None:
        """The graph is traced and has run once: from here on the loop itself looks at the control byte."""
        if not self._built:
            self._built = True
            self._record.set_state("running")
            self._record.built()
            self._progress.running(step)

    def _between(self) -> None:
        if self._calls.drained_before() >= _DRAIN_S:
            self.drain()
            self.commands.answer()
            self._progress.tick(self.position, self._calls.steps)
        self.commands.repeat()
        if self.checkpoint_times.are_due():
            self.checkpoint()
        self.rest.obey()

    def _is_over(self) -> bool:
        """Whether the budget is used up."""
        self.ended_by = self._budget.used_up(self.position.step, self._progress.seconds)
        return bool(self.ended_by)

    def set(self, of: str, parameter: str, value: Any) -> None:
        """Changes a setting from the next step on. Raises BadSetting."""
        if self.settings.set(of, parameter, value):
            # Plain numbers are part of a traced graph.
            self._calls.trace_again()

    def rested(self, seconds: float) -> None:
        """Leaves a pause out of the time."""
        self._progress.rested(seconds)
        self.health.rested(seconds)

    def drain(self) -> None:
        """Writes the rows of the calls since the last time."""
        self._calls.drain(self.position, self._progress)

    def checkpoint(self, *, pinned: bool = False) -> None:
        """Makes a checkpoint of this moment, kept for good if `pinned`. Raises Diverged where a weight is no number."""
        self.drain()
        self.checkpoint_times.make(self.position, pinned=pinned)

    def write_held(self) -> None:
        """Lets the disk have the state of the last epoch's end and the best one, where it has not."""
        self.drain()
        self.checkpoint_times.write_held()
