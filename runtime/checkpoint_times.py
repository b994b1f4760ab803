"""When checkpoints are made: often enough to lose little, seldom enough to cost little.

At an epoch's end the state is only held in memory where the disk got one a moment ago: a small network is through an
epoch in less time than a disk takes to be sure. What is held of the best epoch goes to the disk before any later state,
so a run that is killed goes on from a state that knows the same best epoch as the run knew there.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import keras

from .bad_batch import Diverged
from .callbacks import callback_states
from .checkpoints import Checkpoints, Moment, NotFinite, Position, take

if TYPE_CHECKING:
    from .live_settings import LiveSettings
    from .run_record import RunRecord

_EVERY_S, _EVERY_EPOCH_S = 10.0, 2.0
# A checkpoint may take one fiftieth of the time.
_SHARE = 50
# A state larger than this is not held beside the present one.
_LARGEST_HELD_BYTES = 2**28


class CheckpointTimes:
    """Makes the checkpoints of one run. Raises Diverged where a weight is no number, OSError of a full disk."""

    def __init__(
        self,
        checkpoints: Checkpoints,
        model: keras.Model,
        record: RunRecord,
        callbacks: list[keras.callbacks.Callback],
        settings: LiveSettings,
    ) -> None:
        self._checkpoints, self._model, self._record = checkpoints, model, record
        self._callbacks, self._settings = callbacks, settings
        self._last = time.monotonic()
        # The state of the last epoch's end, until it or a later one is on the disk.
        self._held: Moment | None = None
        # The best epoch, until the disk knows it: its state (None where that is on the disk), position and value.
        self._best: tuple[Moment | None, Position, float] | None = None

    def are_due(self) -> bool:
        """Whether it is time for one, in the middle of an epoch."""
        return self._seconds() >= self._interval(_EVERY_S)

    def make(self, position: Position, *, pinned: bool = False) -> None:
        """Writes the present state, kept for good if `pinned`."""
        self._write(self._now(position), pinned=pinned)

    def epoch_ends(self, position: Position) -> None:
        """The present state is that of an epoch's end; validation comes next."""
        moment = self._now(position)
        if self._seconds() >= self._interval(_EVERY_EPOCH_S) or moment.bytes > _LARGEST_HELD_BYTES:
            self._write(moment)
        else:
            self._held = moment.copied()

    def judge(self, position: Position, value: float) -> None:
        """The epoch whose end was at `position` has come to `value`, the less the better."""
        on_disk = self._checkpoints.best()
        least = self._best[2] if self._best is not None else math.inf if on_disk is None else on_disk[1]
        if value < least:
            held = self._held if self._held is not None and self._held.position == position else None
            self._best = (held, position, value)

    def write_held(self) -> None:
        """Lets the disk have what is held in memory."""
        if self._held is not None:
            self._write(self._held)
        self._mark_best()

    def rested(self, seconds: float) -> None:
        """Leaves out a time in which nothing was trained."""
        self._last += seconds

    def _now(self, position: Position) -> Moment:
        callbacks = callback_states(self._callbacks)
        try:
            return take(self._model, position, callbacks, settings=self._settings.stored())
        except NotFinite as error:
            raise Diverged(f"by step {position.step} {error} was no longer a finite number") from error

    def _write(self, moment: Moment, *, pinned: bool = False) -> None:
        if self._best is not None and (moment is not self._held or self._best[1] != moment.position):
            self._mark_best()
        # Rows first: a checkpoint must not know of steps that they do not.
        self._record.sync_metrics()
        self._checkpoints.write(moment, pinned=pinned)
        if self._held is not None and self._held.position.step <= moment.position.step:
            self._held = None
        self._last = time.monotonic()
        seconds = round(self._checkpoints.last_seconds, 4)
        self._record.event("checkpoint", step=moment.position.step, seconds=seconds)

    def _mark_best(self) -> None:
        if self._best is None:
            return
        (moment, position, value), self._best = self._best, None
        if moment is not None and not self._checkpoints.has(position):
            self._checkpoints.write(moment)
        self._checkpoints.mark_best(position, value)

    def _seconds(self) -> float:
        return time.monotonic() - self._last

    def _interval(self, least: float) -> float:
        return max(least, _SHARE * self._checkpoints.last_seconds)
