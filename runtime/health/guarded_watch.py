"""Looks at layers that can never end a training: at the first fault they are switched off, with an event and words."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import keras

from ..batches import Arrays
from ..failure import one_line
from .watch import HealthWatch

if TYPE_CHECKING:
    import tensorflow as tf

    from ..run_record import RunRecord

T = TypeVar("T")


class GuardedWatch:
    """A HealthWatch as the training loop uses it. `off` says why it has been switched off, if it has."""

    def __init__(self, model: keras.Model, arrays: Arrays, record: RunRecord, *, on: bool = True) -> None:
        self._record = record
        self.off = ""
        self._watch: HealthWatch | None = None
        self._watch = self._guarded(lambda: HealthWatch(model, arrays, record, on=on), None)

    def begin(self, step: int) -> None:
        """Makes the run ready for looks after `step`."""
        self._ask(lambda watch: watch.begin(step), None)

    def is_due(self, step: int) -> bool:
        """Whether the step after `step` is to be done alone, between `before` and `after`."""
        return self._ask(lambda watch: watch.is_due(step), False)

    def before(self) -> None:
        self._ask(lambda watch: watch.before(), None)

    def after(self, step: int, epoch: int, seconds: float, gradients: tf.Tensor, *, alone_s: float = 0.0) -> None:
        self._ask(lambda watch: watch.after(step, epoch, seconds, gradients, alone_s=alone_s), None)

    def look_at(self, layer: str, step: int) -> str:
        """As HealthWatch.look_at: "", or why that cannot be."""
        refusal = self._ask(lambda watch: watch.look_at(layer, step), "")
        return refusal or self.off

    def finish(self, step: int) -> None:
        self._ask(lambda watch: watch.finish(step), None)

    def rested(self, seconds: float) -> None:
        self._ask(lambda watch: watch.rested(seconds), None)

    def close(self) -> None:
        self._ask(lambda watch: watch.close(), None)

    def _ask(self, what: Callable[[HealthWatch], T], otherwise: T) -> T:
        watch = self._watch
        return otherwise if watch is None else self._guarded(lambda: what(watch), otherwise)

    def _guarded(self, what: Callable[[], T], otherwise: T) -> T:
        try:
            return what()
        except Exception as error:
            # Layers are of any kind, a user's own too, and memory and disk may be short: none of it is a reason to
            # give up a training that goes well.
            self._switch_off(error)
            return otherwise

    def _switch_off(self, error: Exception) -> None:
        watch, self._watch = self._watch, None
        self.off = f"Layers are no longer looked at in this run: {one_line(error)}"
        traceback.print_exception(error, file=sys.stderr)
        try:
            self._record.event("health", state="off", message=self.off)
            self._record.update(health={**(self._record.info.get("health") or {}), "off": self.off})
            if watch is not None:
                watch.close()
        except OSError as full:
            # The loop meets the same disk at its next row, and says so.
            print(full, file=sys.stderr, flush=True)
