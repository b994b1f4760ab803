"""Replicas against throughput: one training step after another on 1, 2 and 4 logical devices of the CPU.

All share the same cores, so this shows what it costs to train together (pieces of a batch, sums of gradients), not what
more devices give; that wants accelerators, which no machine had that this was measured on.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable
from typing import Any

from weftwork.compiler.device_options import MIRRORED, Placement
from weftwork.runtime.batches import Arrays
from weftwork.runtime.compile_model import build_all
from weftwork.runtime.distribution.graph_steps import graph_steps
from weftwork.runtime.distribution.pieces import training_batches
from weftwork.runtime.distribution.strategies import make_devices, make_strategy, scope_of

from .figures import Figure, interleaved
from .report import report
from .training import CNN, MLP, Case

REPLICAS = (1, 2, 4)
_STEPS = 24


def main(rounds: int = 15) -> None:
    make_devices(Placement(MIRRORED, max(REPLICAS)))
    for case, batch_size in ((MLP, 512), (CNN, 256)):
        whole = {str(count): _steps_of(case, count, batch_size) for count in REPLICAS}
        _tell(f"{case.name}, the same batch of {batch_size} rows", whole, rounds, lambda count, rows=batch_size: rows)
        part = batch_size // max(REPLICAS)
        grown = {str(count): _steps_of(case, count, part * count) for count in REPLICAS}
        _tell(f"{case.name}, {part} rows on each", grown, rounds, lambda count, rows=part: rows * count)


def _steps_of(case: Case, count: int, batch_size: int) -> Callable[[], None]:
    """Trains some steps of global batches of `batch_size` rows on `count` devices."""
    strategy = make_strategy(Placement(MIRRORED, count))
    with scope_of(strategy):
        model = case.model()
        model.compile("adam", "sparse_categorical_crossentropy", jit_compile=False)
        arrays = Arrays(*case.data())
        build_all(model, arrays.x, arrays.y)
        graph = graph_steps(model)
        batches: Any = iter(training_batches(arrays, batch_size, 0, epoch=0, step=0, epochs=1_000_000))

    def run() -> None:
        with scope_of(strategy):
            graph.run(batches, _STEPS).numpy()

    return run


def _tell(what: str, variants: dict[str, Callable[[], None]], rounds: int, rows: Callable[[int], int]) -> None:
    seconds = interleaved(rounds, dict(variants))
    rates = {name: rows(int(name)) * _STEPS / statistics.median(each) for name, each in seconds.items()}
    told = " / ".join(f"{rate:,.0f}" for rate in rates.values())
    ratios = ", ".join(f"{name}: {rates[name] / rates['1']:.2f} ×" for name in list(variants)[1:])
    against = f"{ratios} of one, on {os.cpu_count()} cores shared by all"
    report(Figure(f"rows per second on {' / '.join(variants)} replicas, {what}", told, against, ""))
