"""The numbers of a compiled model that may be changed while it trains: of its optimizer, its losses, its layers."""

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
CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")
# May be set where they were left out.
_OPTIONAL = ("weight_decay", *CLIPS)
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
SEEDED = ("rate", "stddev")


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


def all_settings(model: keras.Model, optimizer: Any) -> Iterator[Setting]:
    """What there is to set; `optimizer` is the one that makes the updates, not one around it."""
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
