"""Numbers of a compiled model that may be changed while it trains: of its optimizer, its losses, its layers.

Most of them are plain Python numbers that Keras reads while it traces the step, so a change takes effect in a graph
that is traced afterwards. What was changed goes into the checkpoints, since no variable holds it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras

OPTIMIZER, LOSS = "optimizer", "loss"

# Parameter → least and largest value.
_SHARE, _SIZE, _FACTOR = (0.0, 1.0), (0.0, math.inf), (-math.inf, math.inf)
_OF_OPTIMIZERS = {
    "learning_rate": _SIZE,
    "momentum": _SHARE,
    "weight_decay": _SIZE,
    "beta_1": _SHARE,
    "beta_2": _SHARE,
    "rho": _SHARE,
    "epsilon": _SIZE,
    "clipnorm": _SIZE,
    "clipvalue": _SIZE,
    "global_clipnorm": _SIZE,
    "ema_momentum": _SHARE,
}
_CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")
# May be set where they were left out.
_OPTIONAL = ("weight_decay", *_CLIPS)
_OF_LOSSES = {"label_smoothing": _SHARE, "delta": _SIZE, "gamma": _SIZE, "alpha": _SHARE}
_OF_LAYERS = {
    "rate": _SHARE,
    "dropout": _SHARE,
    "recurrent_dropout": _SHARE,
    "stddev": _SIZE,
    "momentum": _SHARE,
    "negative_slope": _FACTOR,
}
_REGULARIZERS = ("kernel_regularizer", "bias_regularizer", "recurrent_regularizer", "activity_regularizer")
# Rates at which something is dropped or varied: with 0 Keras makes no seed, so they cannot begin later.
_SEEDED = ("rate", "stddev")


class BadSetting(Exception):
    """A setting that is not there, or a value that it cannot have; the message says why."""


@dataclass(frozen=True, slots=True)
class Setting:
    """`of` is "optimizer", "loss", "loss of <output>" or the name of a layer. `holders` are where the number stands."""

    of: str
    parameter: str
    range: tuple[float, float]
    holders: tuple[tuple[Any, str], ...]

    @property
    def value(self) -> float | None:
        holder, name = self.holders[0]
        value = holder.get(name) if isinstance(holder, dict) else getattr(holder, name)
        if value is None or isinstance(value, float):
            return value
        # A variable of 32 bits: 0.01, not 0.009999999776482582.
        # Not float() of the variable itself: on several devices it is no number.
        number = value.numpy() if isinstance(value, keras.Variable) else value
        return float(f"{float(number):.7g}")

    def told(self) -> dict[str, Any]:
        least, most = (None if math.isinf(end) else end for end in self.range)
        return {"of": self.of, "parameter": self.parameter, "value": self.value, "least": least, "most": most}


class LiveSettings:
    """The settings of one model. `changed` holds those that no longer are as the model was built."""

    def __init__(self, model: keras.Model) -> None:
        self._optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
        self._settings = {(s.of, s.parameter): s for s in _all_settings(model, self._optimizer)}
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
        begins = setting.of not in (OPTIMIZER, LOSS) and setting.parameter in _SEEDED and value and not before
        if begins and not all(hasattr(holder, "seed_generator") for holder, _ in setting.holders):
            raise BadSetting(f"{setting.of} was built with {setting.parameter} 0 and has no seed to draw from.")
        if setting.parameter in _CLIPS:
            other = next((n for n in _CLIPS if n != setting.parameter and getattr(self._optimizer, n)), None)
            if other:
                raise BadSetting(
                    f"Gradients are clipped by {other} already; only one of {', '.join(_CLIPS)} may be set."
                )

    def _unknown(self, of: str, parameter: str) -> str:
        known = [setting.parameter for setting in self._settings.values() if setting.of == of]
        if known:
            return f"{of} has no setting {parameter} that can be changed while it trains; it has {', '.join(known)}."
        if of == OPTIMIZER:
            return f"The optimizer has no {parameter}."
        owners = ", ".join(dict.fromkeys(setting.of for setting in self._settings.values()))
        return f"Nothing called {of} has settings that can be changed while it trains; these have: {owners}."


def _all_settings(model: keras.Model, optimizer: Any) -> Iterator[Setting]:
    yield from _of_optimizer(optimizer)
    losses = model.loss if isinstance(model.loss, dict) else {"": model.loss}
    for output, loss in losses.items():
        kept = getattr(loss, "_fn_kwargs", {})
        for name, range_ in _OF_LOSSES.items():
            if _is_number(kept.get(name)):
                yield Setting(f"{LOSS} of {output}" if output else LOSS, name, range_, ((kept, name),))
    for layer in model.layers:
        yield from _of_layer(layer)


def _of_optimizer(optimizer: Any) -> Iterator[Setting]:
    rate = optimizer._learning_rate
    scheduled = isinstance(rate, keras.optimizers.schedules.LearningRateSchedule)
    for name, range_ in _OF_OPTIMIZERS.items():
        if name == "learning_rate":
            if not scheduled:
                yield Setting(OPTIMIZER, name, range_, ((optimizer, name),))
        elif name == "ema_momentum" and not optimizer.use_ema:
            continue
        elif (name in _OPTIONAL and hasattr(optimizer, name)) or _is_number(vars(optimizer).get(name)):
            yield Setting(OPTIMIZER, name, range_, ((optimizer, name),))
    if scheduled:
        # The graph reads a schedule's numbers as it is traced, like any other.
        for name, value in vars(rate).items():
            if _is_number(value) and not name.startswith("_"):
                yield Setting(OPTIMIZER, f"learning_rate.{name}", _SIZE, ((rate, name),))


def _of_layer(layer: keras.Layer) -> Iterator[Setting]:
    # A wrapper's or a recurrent layer's numbers stand in the layers inside it.
    parts = list(layer._flatten_layers())
    for name, range_ in _OF_LAYERS.items():
        holders = tuple((part, name) for part in parts if _is_number(vars(part).get(name)))
        if holders:
            yield Setting(layer.name, name, range_, holders)
    for regularizer in _REGULARIZERS:
        for name in ("l1", "l2"):
            found = [getattr(part, regularizer, None) for part in parts]
            holders = tuple((one, name) for one in found if one is not None and _is_number(vars(one).get(name)))
            if holders:
                yield Setting(layer.name, f"{regularizer}.{name}", _SIZE, holders)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
