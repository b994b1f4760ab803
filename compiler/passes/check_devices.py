"""Checks where a training is to compute: strategies that cannot train, and choices that do not go together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..backends_here import INSTALL_JAX, has_jax
from ..changes import SetField
from ..device_options import BACKENDS, JAX, MODEL_PARALLEL, ONE, REFUSED, STRATEGIES, TENSORFLOW, TPU, read_placement
from ..document import TrainingCell
from ..problems import Fix, Location, Problem
from ..training_options import FASTEST


def check_devices(cell: TrainingCell) -> Iterator[Problem]:
    """At most one problem for each choice. Of this machine, which may not be the one that trains, it is only asked
    whether the chosen backend is installed."""
    malformed = [*_malformed(cell)]
    yield from malformed
    if malformed:
        return
    placement = read_placement(cell.options)
    if placement.backend == JAX:
        yield from _of_jax(cell, placement.strategy)
    elif placement.strategy == MODEL_PARALLEL:
        yield Problem(
            "T473",
            "One network is spread over several devices by JAX; on TensorFlow, Keras would train it on one of them.",
            Location(cell.name, parameter="options.strategy"),
            fixes=(Fix("Train by JAX", (_option(cell, "backend", JAX),)), _one_device(cell)),
        )
    elif placement.strategy != ONE:
        yield from _together(cell, placement.strategy)
        if 0 < cell.batch_size < placement.replicas:
            yield Problem(
                "T472",
                f"A batch of {cell.batch_size} rows cannot be shared among {placement.replicas} devices.",
                Location(cell.name, parameter="batch_size"),
                fixes=(
                    Fix(
                        f"Set the batch size to {placement.replicas}",
                        (SetField(cell=cell.id, field="batch_size", value=placement.replicas),),
                    ),
                    _one_device(cell),
                ),
            )


def _malformed(cell: TrainingCell) -> Iterator[Problem]:
    options = cell.options
    strategy, backend, replicas = (
        options.get("strategy", ONE),
        options.get("backend", TENSORFLOW),
        options.get("replicas"),
    )
    at = Location(cell.name, parameter="options.strategy")
    if isinstance(strategy, str) and strategy in REFUSED:
        yield Problem("T470", REFUSED[strategy], at, fixes=(_one_device(cell),))
    elif strategy not in STRATEGIES:
        yield Problem("T470", f"strategy must be one of {', '.join(STRATEGIES)}.", at, fixes=(_one_device(cell),))
    if backend not in BACKENDS:
        at = Location(cell.name, parameter="options.backend")
        forget = Fix("Train by TensorFlow", (_option(cell, "backend", None),))
        yield Problem("T470", f"backend must be one of {', '.join(BACKENDS)}.", at, fixes=(forget,))
    sound = isinstance(replicas, int) and not isinstance(replicas, bool) and replicas > 0
    if replicas is not None and not sound:
        at = Location(cell.name, parameter="options.replicas")
        forget = Fix("Take all devices", (_option(cell, "replicas", None),))
        yield Problem("T470", "The number of devices must be a whole number from 1.", at, fixes=(forget,))


def _of_jax(cell: TrainingCell, strategy: str) -> Iterator[Problem]:
    by_tensorflow = Fix("Train by TensorFlow", (_option(cell, "backend", None), *_plain_where_jax_alone(cell)))
    if not has_jax():
        yield Problem(
            "T474",
            "Training by JAX needs an extra that is not installed here.",
            Location(cell.name, parameter="options.backend"),
            help=f"Install it where Weftwork is installed: {INSTALL_JAX}",
            fixes=(by_tensorflow,),
        )
    if strategy not in (ONE, MODEL_PARALLEL):
        yield Problem(
            "T473",
            f"{STRATEGIES[strategy]} is a strategy of TensorFlow; by JAX a run trains on one device, or spreads one "
            "network over several.",
            Location(cell.name, parameter="options.strategy"),
            fixes=(Fix("Train by TensorFlow", (_option(cell, "backend", None),)), _one_device(cell)),
        )
    if cell.options.get("xla") == FASTEST:
        yield Problem(
            "T473",
            "By JAX every step is compiled by XLA; there is nothing to try.",
            Location(cell.name, parameter="options.xla"),
            fixes=(Fix("Try nothing", (_option(cell, "xla", None),)), by_tensorflow),
        )
    if cell.options.get("precision") in ("mixed_float16", FASTEST):
        yield Problem(
            "T473",
            "By JAX a step that float16 overflows could not be told from one that diverges, and nothing is tried out.",
            Location(cell.name, parameter="options.precision"),
            fixes=(
                Fix("Use mixed_bfloat16", (_option(cell, "precision", "mixed_bfloat16"),)),
                Fix("Use float32", (_option(cell, "precision", None),)),
                by_tensorflow,
            ),
        )


def _plain_where_jax_alone(cell: TrainingCell) -> tuple[SetField, ...]:
    return (_option(cell, "strategy", None),) if cell.options.get("strategy") == MODEL_PARALLEL else ()


def _together(cell: TrainingCell, strategy: str) -> Iterator[Problem]:
    """What replicas of one network cannot do together."""
    named = STRATEGIES[strategy].lower()
    options, params = cell.options, cell.optimizer.params
    if options.get("xla") in (True, FASTEST) and strategy != TPU:
        yield Problem(
            "T471",
            f"XLA cannot compile a step of several replicas: each would reach for variables of the others ({named}).",
            Location(cell.name, parameter="options.xla"),
            fixes=(Fix("Switch XLA off", (_option(cell, "xla", None),)), _one_device(cell)),
        )
    if options.get("precision") in ("mixed_float16", FASTEST):
        yield Problem(
            "T471",
            f"Steps that float16 overflows are left out one by one, which several replicas cannot agree on ({named}).",
            Location(cell.name, parameter="options.precision"),
            fixes=(
                Fix("Use mixed_bfloat16", (_option(cell, "precision", "mixed_bfloat16"),)),
                Fix("Use float32", (_option(cell, "precision", None),)),
                _one_device(cell),
            ),
        )
    for name, words in (
        ("gradient_accumulation_steps", "gather gradients over batches"),
        ("ema_overwrite_frequency", "replace weights by their average while they train"),
    ):
        if params.get(name) is not None:
            left = {other: value for other, value in params.items() if other != name}
            without = SetField(cell=cell.id, field="optimizer", value={"kind": cell.optimizer.kind, "params": left})
            yield Problem(
                "T471",
                f"Keras' optimizers cannot {words} on several replicas ({named}).",
                Location(cell.name, parameter=f"optimizer.{name}"),
                fixes=(Fix(f"Forget {name}", (without,)), _one_device(cell)),
            )


def _one_device(cell: TrainingCell) -> Fix:
    return Fix("Train on one device", (_option(cell, "strategy", None),))


def _option(cell: TrainingCell, name: str, value: Any) -> SetField:
    return SetField(cell=cell.id, field="options", key=name, value=value)
