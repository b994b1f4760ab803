"""Where a run rests: pause, single steps, its turn among other runs, and stop."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .budget import UNBOUNDED
from .control import PAUSE, RUN, STEP, STOP
from .turns import Turn

if TYPE_CHECKING:
    from .run_record import RunRecord
    from .training_loop import TrainingLoop

_LOOK_S = 0.02
IN_LINE = "Waits until another run has ended or is paused."


class Stopped(Exception):
    """Stop was pressed."""


class Rest:
    """Obeys the control byte between two calls of the graph function. `until` is a step at which the run stops as if
    Stop had been pressed there."""

    def __init__(self, record: RunRecord, loop: TrainingLoop, turn: Turn | None, until: int | None) -> None:
        self._record, self._loop, self._turn = record, loop, turn
        self._until = until
        self._epoch: int | None = None
        self._step: int | None = None

    def let_through(self, what: str) -> None:
        """Lets one batch, or what is left of the epoch, through the present pause."""
        position = self._loop.position
        self._step = position.step + 1 if what == "batch" else None
        self._epoch = position.epoch + 1 if what == "epoch" else None

    def steps_left(self, step: int) -> int:
        """Steps after `step` until the run must rest."""
        ends = [end - step for end in (self._step, self._until) if end is not None]
        return max(min(ends, default=UNBOUNDED), 0)

    def obey(self, *, at_rest: bool = True) -> None:
        """Waits while paused. Raises Stopped. `at_rest`: the weights are where the position says."""
        if at_rest and self._until is not None and self._loop.position.step >= self._until:
            self._stop(at_rest)
        control = self._record.control.read()
        if control == STEP and not self._is_let_through():
            # The command that says how far may have come by now.
            self._loop.commands.answer(at_rest=at_rest)
        if control == PAUSE or (control == STEP and not self._is_let_through()):
            control = self._pause(at_rest)
        if control == STOP:
            self._stop(at_rest)
        if control == RUN:
            self._step = self._epoch = None

    def _is_let_through(self) -> bool:
        position = self._loop.position
        return (self._step is not None and position.step < self._step) or (
            self._epoch is not None and position.epoch < self._epoch
        )

    def _pause(self, at_rest: bool) -> bytes:
        """Waits, and gives the byte that ended it. While it waits another run may take the turn."""
        record = self._record
        self._settle(at_rest)
        record.set_state("paused", step=self._loop.position.step)
        began = time.monotonic()
        if self._turn is not None:
            self._turn.give_back()
        in_line = False
        while (control := record.control.read()) != STOP:
            if control == PAUSE:
                self._step = self._epoch = None
            self._loop.commands.answer(at_rest=at_rest)
            if control == STEP and self._is_let_through():
                break
            if control == RUN:
                if self._turn is None or self._turn.take():
                    break
                if not in_line:
                    in_line = True
                    record.set_state("queued", IN_LINE)
            elif in_line:
                in_line = False
                self._turn.give_back()  # pyright: ignore[reportOptionalMemberAccess] (else it never stood in line)
                record.set_state("paused")
            time.sleep(_LOOK_S)
        self._loop.rested(time.monotonic() - began)
        if control != STOP:
            record.set_state("running")
        return control

    def _stop(self, at_rest: bool) -> None:
        self._settle(at_rest)
        raise Stopped

    def _settle(self, at_rest: bool) -> None:
        self._loop.drain()
        if at_rest:
            self._loop.checkpoint()
        else:
            self._loop.write_held()
