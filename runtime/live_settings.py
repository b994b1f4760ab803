"""Numbers of a compiled model, changed while it trains.

Most of them are plain Python numbers that Keras reads while it traces the step, so a change takes effect in a graph
that is traced afterwards. What was changed goes into the checkpoints, since no variable holds it.
"""

from __future__ import annotations

import math
from typing import Any

import keras

from .distribution.team import present
from .settable import CLIPS, LOSS, OPTIMIZER, SEEDED, Setting, all_settings


class BadSetting(Exception):
    """A setting that is not there, or a value that it cannot have; the message says why."""


class LiveSettings:
    """The settings of one model. `changed` holds those that no longer are as the model was built."""

    def __init__(self, model: keras.Model) -> None:
        self._optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
        self._settings = {(s.of, s.parameter): s for s in all_settings(model, self._optimizer)}
        if present() is not None:
            # The other machines hear of nothing else; their weights would part from these.
            rate = OPTIMIZER, "learning_rate"
            self._settings = {key: one for key, one in self._settings.items() if key == rate}
        self.changed: dict[tuple[str, str], float] = {}

    def told(self) -> list[dict[str, Any]]:
        """What there is to set, with its present value and its range, for run.json."""
        return [setting.told() for setting in self._settings.values()]

    def set(self, of: str, parameter: str, value: Any) -> bool:
        """Sets a number and gives whether the graph must be traced again. Raises BadSetting."""
        setting = self._settings.get((of, parameter))
        if setting is None:
            raise BadSetting(self._unknown(of, parameter))
        least, most = setting.range
        name = "learning rate" if parameter == "learning_rate" else parameter
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise BadSetting(f"A {name} is a number, not {value!r}.")
        if not least <= value <= most or (most == 1.0 and value == 1.0):
            ends = f"from {least:g} to below 1" if most == 1.0 else f"from {least:g}"
            raise BadSetting(f"A {name} is a number {ends}, not {value!r}.")
        self._refuse_impossible(setting, float(value))
        if (of, parameter) == (OPTIMIZER, "learning_rate"):
            self._optimizer.learning_rate = value
            return False  # A variable: the graph reads it at each step, and checkpoints hold it.
        for holder, attribute in setting.holders:
            if isinstance(holder, dict):
                holder[attribute] = float(value)
            else:
                setattr(holder, attribute, float(value))
        self.changed[of, parameter] = float(value)
        return True

    def stored(self) -> list[list[Any]]:
        """What was changed, as a checkpoint keeps it."""
        return [[of, parameter, value] for (of, parameter), value in self.changed.items()]

    def restore(self, stored: list[list[Any]]) -> None:
        for of, parameter, value in stored:
            self.set(of, parameter, value)

    def _refuse_impossible(self, setting: Setting, value: float) -> None:
        before = setting.value
        if setting.of == OPTIMIZER and setting.parameter == "momentum" and value and not before:
            raise BadSetting("This run was begun without momentum; it keeps no velocities to go on from.")
        begins = setting.of not in (OPTIMIZER, LOSS) and setting.parameter in SEEDED and value and not before
        if begins and not all(hasattr(holder, "seed_generator") for holder, _ in setting.holders):
            raise BadSetting(f"{setting.of} was built with {setting.parameter} 0 and has no seed to draw from.")
        if setting.parameter in CLIPS:
            other = next((n for n in CLIPS if n != setting.parameter and getattr(self._optimizer, n)), None)
            if other:
                raise BadSetting(
                    f"Gradients are clipped by {other} already; only one of {', '.join(CLIPS)} may be set."
                )

    def _unknown(self, of: str, parameter: str) -> str:
        if present() is not None:
            return "On several machines a run's learning rate can be changed while it trains, and nothing else."
        known = [setting.parameter for setting in self._settings.values() if setting.of == of]
        if known:
            return f"{of} has no setting {parameter} that can be changed while it trains; it has {', '.join(known)}."
        if of == OPTIMIZER:
            return f"The optimizer has no {parameter}."
        owners = ", ".join(dict.fromkeys(setting.of for setting in self._settings.values()))
        return f"Nothing called {of} has settings that can be changed while it trains; these have: {owners}."
