"""Layers that learn slower or faster than the rest: the optimizer gives their weights a learning rate of their own.

Not the gradient is scaled, since Adam and its like would take the scale out again, but the rate with which the
optimizer changes a weight, its weight decay included. A factor of 0 freezes the layer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

# Muon pulls the weights that it leaves to Adam by a decay of their own.
_DECAYS = ("weight_decay", "adam_weight_decay")


def freeze_resting(model: keras.Model, factors: Mapping[str, float]) -> None:
    """Freezes the layers (by name) whose factor is 0. To be called before the model is compiled."""
    for name, factor in factors.items():
        if factor == 0:
            model.get_layer(name).trainable = False


def scale_rates(model: keras.Model, factors: Mapping[str, float]) -> None:
    """Lets the weights of these layers (by name) learn at their factor of the learning rate.

    To be called once, after the model is compiled and before its step is traced. What the optimizer saves of itself
    stays as it was.
    """
    optimizer: Any = getattr(model.optimizer, "inner_optimizer", model.optimizer)
    of_variable = {
        _key(optimizer, variable): factor
        for name, factor in factors.items()
        for variable in model.get_layer(name).trainable_variables
        if factor != 1
    }
    if not of_variable:
        return
    update, decay = optimizer.update_step, optimizer._apply_weight_decay

    def update_at_own_rate(gradient: Any, variable: Any, learning_rate: Any) -> None:
        factor = of_variable.get(_key(optimizer, variable), 1)
        update(gradient, variable, learning_rate if factor == 1 else learning_rate * factor)

    def decay_at_own_rate(variables: Any) -> None:
        # The rate by which weights decay is read from the optimizer; a factor on the decay is a factor on the rate.
        whole = {name: getattr(optimizer, name) for name in _DECAYS if getattr(optimizer, name, None) is not None}
        groups: dict[float, list[Any]] = {}
        for variable in variables:
            groups.setdefault(of_variable.get(_key(optimizer, variable), 1), []).append(variable)
        for factor, group in groups.items():
            for name, value in whole.items():
                setattr(optimizer, name, value * factor)
            decay(group)
        for name, value in whole.items():
            setattr(optimizer, name, value)

    optimizer.update_step = update_at_own_rate
    optimizer._apply_weight_decay = decay_at_own_rate


def _key(optimizer: Any, variable: Any) -> Any:
    return optimizer._var_key(variable)
