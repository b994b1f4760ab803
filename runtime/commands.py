"""What may be asked of a run in training: lines of commands.jsonl, each answered by an event "command"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from .events import read_lines

if TYPE_CHECKING:
    from .run_record import RunRecord
    from .training_loop import TrainingLoop


class Refused(Exception):
    """A command that cannot be done; the message says why."""


class Commands:
    """Answers each command once, also when the run is taken up again."""

    def __init__(self, record: RunRecord, loop: TrainingLoop) -> None:
        self._record, self._loop = record, loop
        self._path = record.path / "commands.jsonl"
        self._offset = 0
        self._answered = {event.get("id") for event in record.run.events()[0] if event.get("event") == "command"}

    def answer(self) -> None:
        """Carries out what has been asked since the last time."""
        try:
            if self._path.stat().st_size == self._offset:
                return
        except FileNotFoundError:
            return
        lines, self._offset = read_lines(self._path, self._offset)
        for line in lines:
            id_ = line.get("id")
            if id_ in self._answered:
                continue
            self._answered.add(id_)
            refusal = ""
            try:
                self._carry_out(line.get("command"), line.get("value"))
            except Refused as error:
                refusal = str(error)
            self._record.event(
                "command",
                id=id_,
                command=line.get("command"),
                value=line.get("value"),
                accepted=not refusal,
                message=refusal,
                step=self._loop.position.step,
            )

    def _carry_out(self, command: Any, value: Any) -> None:
        match command:
            case "checkpoint":
                self._loop.checkpoint()
            case "learning_rate":
                self._set_learning_rate(value)
                # What changes the weights from here on must not be lost by a kill before the next checkpoint.
                self._loop.checkpoint()
            case _:
                raise Refused(f"A run knows no command {command!r}; it knows checkpoint and learning_rate.")

    def _set_learning_rate(self, value: Any) -> None:
        optimizer = self._loop.model.optimizer
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
            raise Refused(f"A learning rate is a number from 0, not {value!r}.")
        if isinstance(optimizer._learning_rate, keras.optimizers.schedules.LearningRateSchedule):
            raise Refused("The learning rate follows a schedule; it cannot be set by hand.")
        optimizer.learning_rate = value
