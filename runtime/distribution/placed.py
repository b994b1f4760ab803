"""Where a run computes, told in its run.json and made before its network is built."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import tensorflow as tf

from ...compiler.device_options import JAX, MULTI_WORKER, STRATEGIES, Placement, read_placement
from ..checkpoints import Checkpoints, Position
from ..failure import RunFailed
from ..run_record import RunRecord
from .gather import Lead
from .strategies import make_strategy, scope_of
from .team import Team, present, wait_until_noticed

if TYPE_CHECKING:
    from ..training_task import TrainingTask


@contextmanager
def placed(record: RunRecord, task: TrainingTask) -> Iterator[None]:
    """In it network, optimizer and metrics are made and trained by the run's strategy. Raises RunFailed."""
    placement = read_placement(record.info.get("placement") or {})
    if placement.backend == JAX:
        with _by_jax(record, placement):
            yield
        return
    team = _team(placement)
    strategy = team.strategy if team is not None else make_strategy(placement)
    if strategy is not None:
        replicas = strategy.num_replicas_in_sync
        _refuse_empty_replicas(task, replicas)
        words = f"{STRATEGIES[placement.strategy]}: {replicas} replicas train together."
        if _has_batch_normalization(task):
            words += " Batch normalization is synchronized."
        record.update(replicas=replicas, placement_words=words)
        record.event("placement", message=words)
    if team is not None and team.lead is not None:
        _begin_together(record, task, team.lead)
    try:
        with scope_of(strategy):
            yield
    except tf.errors.OpError:
        if team is not None and team.lead is not None:
            wait_until_noticed()
        raise
    finally:
        if team is not None and team.lead is not None:
            team.lead.end()


@contextmanager
def _by_jax(record: RunRecord, placement: Placement) -> Iterator[None]:
    from .jax_placed import jax_placed

    with jax_placed(placement) as spread:
        words = " ".join(filter(None, ("Trains by JAX.", spread, "Its layers are not looked at.")))
        record.update(placement_words=words)
        record.event("placement", message=words)
        yield


def _team(placement: Placement) -> Team | None:
    if placement.strategy != MULTI_WORKER:
        return None
    if present() is None:
        message = (
            "Several machines train by the command line, each with the same notebook: "
            "weftwork train FILE --workers host:port,host:port --index 0"
        )
        raise RunFailed(message, {"parameter": "options.strategy"})
    return present()


def end_with_its_workers(record: RunRecord) -> None:
    """From now on a worker that is lost ends this process, where it leads some: nothing could wake a step that waits
    for its part."""
    team = present()
    if team is None or team.lead is None:
        return

    def lost(sentence: str) -> None:
        latest = Checkpoints(record.path / "checkpoints").latest()
        step = latest.position.step if latest else 0
        advice = f"Start all workers again, the chief with --resume {record.run.id}: it goes on from step {step}."
        record.end("failed", f"{sentence}. {advice}")
        print(record.run.message(), file=sys.stderr, flush=True)
        os._exit(1)

    team.lead.lost = lost


def _begin_together(record: RunRecord, task: TrainingTask, lead: Lead) -> None:
    """Gives the other machines what the chief goes by, the latest checkpoint included."""
    checkpoints = Checkpoints(record.path / "checkpoints")
    latest = checkpoints.latest()
    position = latest.position if latest else Position()
    body = (checkpoints.folder / latest.name / "variables.npz").read_bytes() if latest else b""
    lead.tell(
        "begin",
        body,
        run=record.run.id,
        options=record.info.get("options") or {},
        seed=task.plan.seed,
        precision=record.info.get("precision"),
        epoch=position.epoch,
        step_in_epoch=position.step_in_epoch,
    )


def _refuse_empty_replicas(task: TrainingTask, replicas: int) -> None:
    """TensorFlow cannot take the gradient of batch normalization in a replica that got no row of a batch."""
    left = task.arrays.rows % task.plan.batch_size
    if 0 < left < replicas and _has_batch_normalization(task):
        rows = "a single row" if left == 1 else f"{left} rows"
        message = (
            f"The last batch of an epoch has {rows} for {replicas} devices, and batch normalization needs one on each. "
            "Choose another batch size."
        )
        raise RunFailed(message, {"cell": task.cell, "parameter": "batch_size"})


def _has_batch_normalization(task: TrainingTask) -> bool:
    return any(layer.kind == "BatchNormalization" for layer in task.program.layers.values())
