"""Where a run computes, told in its run.json and made before its network is built."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ...compiler.device_options import STRATEGIES, read_placement
from ..failure import RunFailed
from ..run_record import RunRecord
from .strategies import make_strategy, scope_of

if TYPE_CHECKING:
    from ..training_task import TrainingTask


@contextmanager
def placed(record: RunRecord, task: TrainingTask) -> Iterator[None]:
    """In it network, optimizer and metrics are made and trained by the run's strategy. Raises RunFailed."""
    placement = read_placement(record.info.get("placement") or {})
    strategy = make_strategy(placement)
    if strategy is not None:
        replicas = strategy.num_replicas_in_sync
        _refuse_empty_replicas(task, replicas)
        words = f"{STRATEGIES[placement.strategy]}: {replicas} replicas train together."
        record.update(replicas=replicas, placement_words=words)
        record.event("placement", message=words)
    with scope_of(strategy):
        yield


def _refuse_empty_replicas(task: TrainingTask, replicas: int) -> None:
    """TensorFlow cannot take the gradient of batch normalization in a replica that got no row of a batch."""
    left = task.arrays.rows % task.plan.batch_size
    if 0 < left < replicas and any(layer.kind == "BatchNormalization" for layer in task.program.layers.values()):
        rows = "a single row" if left == 1 else f"{left} rows"
        message = (
            f"The last batch of an epoch has {rows} for {replicas} devices, and batch normalization needs one on each. "
            "Choose another batch size."
        )
        raise RunFailed(message, {"cell": task.cell, "parameter": "batch_size"})
