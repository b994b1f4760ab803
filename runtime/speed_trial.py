"""A short measured trial: how long a step takes in each precision, with XLA and without.

Each is tried on a model of its own and on the run's own first batches. The run's model is built afterwards from its
seed, so that a trial changes nothing but the choice that comes of it.
"""

from __future__ import annotations

import gc
import time
from dataclasses import asdict, dataclass
from itertools import product
from statistics import median
from typing import Any

import keras
import tensorflow as tf

from ..compiler.to_keras import build_model
from ..compiler.training_options import FASTEST, PLAIN
from .batches import training_batches
from .compile_model import build_all, compile_model
from .failure import one_line
from .number_type import number_type
from .train_steps import TrainSteps
from .training_task import TrainingTask

# Of steps after the first, for each way: enough to tell them apart, short enough to wait for.
_MEASURE_S = 0.5
_CALLS = 5
# What is not tried by then is left out. XLA takes minutes for large networks.
_PATIENCE_S = 60.0
# A way must beat the plain one by more than what measuring itself may be off.
_CLEARLY = 0.95


@dataclass(frozen=True, slots=True)
class Way:
    """One way of computing: `step_s` is the time of a step, `build_s` that of the first one, which traces and compiles.

    `failed` says why it cannot be used; times are 0 then."""

    precision: str
    xla: bool
    step_s: float = 0.0
    build_s: float = 0.0
    failed: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def ways(precision: str, xla: bool | str, device: str) -> list[tuple[str, bool]]:
    """What there is to choose from, the plain way first. Half precision of 16 bits is for GPUs alone: a CPU computes in
    it by detours."""
    precisions = [PLAIN, "mixed_bfloat16"] if precision == FASTEST else [precision]
    if precision == FASTEST and device != "CPU":
        precisions.append("mixed_float16")
    return list(product(precisions, [False, True] if xla == FASTEST else [bool(xla)]))


def measure(task: TrainingTask, candidates: list[tuple[str, bool]]) -> list[Way]:
    """Tries each; the first is always tried, others while there is patience."""
    ends = time.monotonic() + _PATIENCE_S
    measured: list[Way] = []
    for precision, xla in candidates:
        if measured and time.monotonic() > ends:
            measured.append(Way(precision, xla, failed="The trial ended before its turn."))
            continue
        try:
            measured.append(_try(task, precision, xla))
        except Exception as error:
            # Whatever TensorFlow refuses to compile is no way for this network, and says why.
            measured.append(Way(precision, xla, failed=one_line(error)))
        gc.collect()
    return measured


def choose(measured: list[Way], steps: int) -> Way:
    """The way that trains `steps` steps soonest, building included; the first unless it is clearly beaten."""
    usable = [way for way in measured if not way.failed]
    if not usable:
        return measured[0]
    best = min(usable, key=lambda way: _seconds(way, steps))
    first = usable[0]
    return best if _seconds(best, steps) < _CLEARLY * _seconds(first, steps) else first


def _seconds(way: Way, steps: int) -> float:
    return way.build_s + way.step_s * steps


def _try(task: TrainingTask, precision: str, xla: bool) -> Way:
    keras.utils.set_random_seed(task.plan.seed)
    with number_type(precision):
        model = build_model(task.program)
    compile_model(model, task.plan, task.program, xla=xla)
    if xla and not model.jit_compile:
        return Way(precision, xla, failed="A layer of this network cannot be compiled by XLA.")
    build_all(model, task.arrays.x, task.arrays.y)
    graph = TrainSteps(model, model.optimizer)
    batches = iter(_endless(task))
    began = time.monotonic()
    graph.run(batches, 1).numpy()
    build_s = time.monotonic() - began
    began = time.monotonic()
    graph.run(batches, 1).numpy()
    # As many steps a call as make a call worth measuring.
    steps = max(1, min(64, int(_MEASURE_S / _CALLS / max(time.monotonic() - began, 1e-5))))
    times = []
    for _ in range(_CALLS):
        began = time.monotonic()
        graph.run(batches, steps).numpy()
        times.append((time.monotonic() - began) / steps)
    return Way(precision, xla, step_s=median(times), build_s=build_s)


def _endless(task: TrainingTask) -> tf.data.Dataset:
    plan = task.plan
    return training_batches(task.arrays, plan.batch_size, plan.seed, epoch=0, step=0, epochs=1).repeat()
