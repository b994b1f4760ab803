"""What may be asked of a run in training: lines of commands.jsonl, each answered by an event "command".

What changes the weights from then on is done again at the very same place when the run is taken up from an earlier
checkpoint, and when another run repeats it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .begin_from import REPLAY_FILE
from .budget import UNBOUNDED
from .checkpoints import Position
from .control import STEP
from .events import read_lines
from .live_settings import OPTIMIZER, BadSetting
from .setting_changes import CHANGING, is_change

if TYPE_CHECKING:
    from .run_record import RunRecord
    from .training_loop import TrainingLoop

_KNOWN = ("checkpoint", "learning_rate", "look", "set", "step")


class Refused(Exception):
    """A command that cannot be done; the message says why."""


class Commands:
    """Answers each command once, also when the run is taken up again."""

    def __init__(self, record: RunRecord, loop: TrainingLoop) -> None:
        self._record, self._loop = record, loop
        self._path = record.path / "commands.jsonl"
        self._offset = 0
        self._later: list[dict[str, Any]] = []
        told = [event for event in record.run.events()[0] if event.get("event") == "command"]
        self._answered = {event.get("id") for event in told}
        self._own = [event for event in told if is_change(event)]
        self._again: list[dict[str, Any]] = []

    def begin(self, position: Position) -> None:
        """The run goes on from a checkpoint at `position`, which knows what was done up to there."""
        start = (position.step, position.epoch)
        self._again = [event for event in self._own if _place(event)[:2] > start]
        self._again += [event for event in _to_repeat(self._record) if event["id"] not in self._answered]

    def steps_to_next(self, step: int) -> int:
        """Steps from `step` until something is to be done again."""
        ahead = [event["step"] - step for event in self._again if event["step"] > step]
        return min(ahead, default=UNBOUNDED)

    def repeat(self) -> None:
        """Does again what was done at the present position."""
        if not self._again:
            return
        position = self._loop.position
        here = (position.step, position.epoch, position.step_in_epoch)
        due = [event for event in self._again if _place(event) == here]
        self._again = [event for event in self._again if _place(event) > here]
        for event in due:
            self._carry_out(event["command"], event["value"])
            if event["id"] not in self._answered:
                self._answered.add(event["id"])
                self._tell(event, "")

    def answer(self, *, at_rest: bool = True) -> None:
        """Carries out what has been asked since the last time.

        Unless `at_rest`, in mid-validation, what concerns the weights waits until the position says all again.
        """
        try:
            if self._path.stat().st_size == self._offset and not self._later:
                return
        except FileNotFoundError:
            return
        lines, self._offset = read_lines(self._path, self._offset)
        lines, self._later = [*self._later, *lines], []
        for line in lines:
            if line.get("id") in self._answered:
                continue
            if not at_rest and line.get("command") != "step":
                self._later.append(line)
                continue
            self._answered.add(line.get("id"))
            refusal = ""
            try:
                self._carry_out(line.get("command"), line.get("value"))
                if line.get("command") in CHANGING:
                    # What changes the weights from here on must not be lost by a kill before the next checkpoint.
                    self._loop.checkpoint()
            except (Refused, BadSetting) as error:
                refusal = str(error)
            self._tell(line, refusal)

    def _tell(self, line: dict[str, Any], refusal: str) -> None:
        position = self._loop.position
        answer = {
            "id": line.get("id"),
            "command": line.get("command"),
            "value": line.get("value"),
            "accepted": not refusal,
            "message": refusal,
            "step": position.step,
            "epoch": position.epoch,
            "step_in_epoch": position.step_in_epoch,
        }
        self._record.event("command", **answer)
        self._record.update(live=self._loop.settings.told(), answer=answer)

    def _carry_out(self, command: Any, value: Any) -> None:
        match command:
            case "checkpoint":
                self._loop.checkpoint(pinned=value == "pin")
            case "learning_rate":
                self._loop.set(OPTIMIZER, "learning_rate", value)
            case "set":
                if not isinstance(value, dict) or not {"of", "parameter", "value"} <= set(value):
                    raise Refused("To set something takes {of, parameter, value}.")
                self._loop.set(str(value["of"]), str(value["parameter"]), value["value"])
            case "look":
                refusal = self._loop.health.look_at(str(value or ""), self._loop.position.step)
                if refusal:
                    raise Refused(refusal)
            case "step":
                if value not in ("batch", "epoch"):
                    raise Refused(f"A step is one batch or one epoch, not {value!r}.")
                if self._record.control.read() != STEP:
                    raise Refused("Only a run that is paused makes single steps.")
                self._loop.rest.let_through(value)
            case _:
                raise Refused(f"A run knows no command {command!r}; it knows {', '.join(_KNOWN)}.")


def _to_repeat(record: RunRecord) -> list[dict[str, Any]]:
    """The commands of the run that this one is to repeat."""
    try:
        return json.loads((record.path / REPLAY_FILE).read_text())
    except FileNotFoundError:
        return []


def _place(event: dict[str, Any]) -> tuple[int, int, int]:
    return event["step"], event.get("epoch", 0), event.get("step_in_epoch", event["step"])
