"""Gives a model its optimizer, losses and metrics, and makes all their variables before the first step."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from ..compiler.build_object import build_object
from ..compiler.document import Choice
from ..compiler.metric_names import named
from ..compiler.program import Program
from .rate_factors import freeze_resting, scale_rates


def make(choice: Choice, type_: str) -> Any:
    """The Keras object that a choice names; `type_` is optimizer, loss, metric or callback. Raises BuildError."""
    return build_object({"kind": choice.kind, "params": dict(choice.params)}, type_)


def make_metric(choice: Choice) -> Any:
    """A metric, called by its short name unless the user gave it one."""
    return make(named(choice), "metric")


def compile_model(model: keras.Model, plan: Any, program: Program, *, xla: bool = False) -> None:
    """Compiles by the plan: losses and metrics go by Output id there, by Output name here.

    XLA is off unless it is asked for: it changes what a run computes, and is slower for small networks on a CPU.
    Raises BuildError.
    """
    names = {output.node: output.name for output in program.outputs}
    losses = {names[node]: make(choice, "loss") for node, choice in plan.losses.items()}
    metrics = {names[node]: [make_metric(choice) for choice in chosen] for node, chosen in plan.metrics.items()}
    several = len(program.outputs) > 1
    if several:
        # Else Keras calls each loss by the last layer before the Output, not by the Output.
        model.output_names = keras.tree.flatten({name: name for name in names.values()})
    factors = {program.layers[node].name: factor for node, factor in plan.rate_factors.items()}
    freeze_resting(model, factors)
    measured: Any = metrics if several else next(iter(metrics.values()), [])
    model.compile(
        optimizer=make(plan.optimizer, "optimizer"),
        loss=losses if several else next(iter(losses.values())),
        loss_weights=_loss_weights(plan, names) if plan.loss_weights else None,
        metrics=None if plan.weighted_metrics else measured,
        weighted_metrics=measured if plan.weighted_metrics else None,
        jit_compile=xla,  # pyright: ignore[reportArgumentType] (Keras documents a bool, and infers str from "auto")
    )
    scale_rates(model, factors)


def _loss_weights(plan: Any, names: dict[str, str]) -> Any:
    weights = {names[node]: float(plan.loss_weights.get(node, 1.0)) for node in plan.losses}
    return weights if len(names) > 1 else next(iter(weights.values()))


def build_all(model: keras.Model, x: Any, y: Any) -> None:
    """Makes the variables of optimizer, losses and metrics for data like `x` and `y` (arrays, or dicts of them).

    No step is taken and no seed is drawn. What is made now can be restored from a checkpoint before the first step.
    """

    def batch_of(array: np.ndarray) -> keras.KerasTensor:
        return keras.KerasTensor((None, *array.shape[1:]), keras.backend.standardize_dtype(array.dtype))

    model._symbolic_build(data_batch=keras.tree.map_structure(batch_of, (x, y)))
    if not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)
