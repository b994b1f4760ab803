"""Precision and XLA of a run: decided once, before the first step, written down, and the same again ever after."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from ..compiler.training_options import FASTEST, PLAIN
from .atomic_file import write_json_atomically
from .batches import steps_per_epoch
from .failure import RunFailed
from .run_record import RunRecord
from .speed_trial import Way, choose, measure, ways
from .training_task import TrainingTask

# What a trial's outcome depends on besides the network, as run.json says it.
_MACHINE = ("machine", "device", "intra_op_threads", "versions")


def settle_speed(record: RunRecord, task: TrainingTask) -> tuple[str, bool]:
    """(precision, xla) of this run, which run.json tells from now on, with a sentence that says how it came about.

    A run that is taken up, forked or repeated has its own from before. Where the training cell asks for the fastest,
    a trial decides; its outcome is kept beside the runs for the same network on the same machine."""
    info = record.info
    if "precision" in info and "xla" in info:
        return str(info["precision"]), bool(info["xla"])
    plan = task.plan
    if FASTEST not in (plan.precision, plan.xla):
        words = "" if (plan.precision, plan.xla) == (PLAIN, False) else f"{named(plan.precision, plan.xla)}, as set."
        return _write(record, Way(plan.precision, bool(plan.xla)), words, [])
    candidates = ways(plan.precision, plan.xla, str(info.get("device", "CPU")))
    path = _path(record, task, candidates)
    measured = _kept(path)
    remembered = bool(measured)
    if not measured:
        record.update(speed={"words": f"Measuring which of {len(candidates)} ways to compute is the fastest."})
        measured = measure(task, candidates)
        _keep(path, record, task, measured)
    way = choose(measured, plan.epochs * steps_per_epoch(task.arrays.rows, plan.batch_size))
    if way.failed:
        raise RunFailed(way.failed, {"cell": task.cell, "parameter": "options.precision"})
    return _write(record, way, words_of(way, measured, remembered=remembered), measured)


def named(precision: str, xla: bool | str) -> str:
    """`float32 with XLA`."""
    return f"{precision} {'with' if xla else 'without'} XLA"


def words_of(way: Way, measured: list[Way], *, remembered: bool) -> str:
    """What was measured and what came of it, in a sentence or two."""
    told = [
        f"{named(other.precision, other.xla)} " + ("is not possible" if other.failed else _duration(other.step_s))
        for other in measured
    ]
    when = "An earlier trial of this network on this machine" if remembered else "A short trial"
    return f"Chosen: {named(way.precision, way.xla)}. {when} took, for a step: {', '.join(told)}."


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def _write(record: RunRecord, way: Way, words: str, measured: list[Way]) -> tuple[str, bool]:
    speed = {"words": words, "measured": [other.to_json() for other in measured]}
    record.update(precision=way.precision, xla=way.xla, speed=speed)
    if words:
        record.event("speed", precision=way.precision, xla=way.xla, message=words)
    return way.precision, way.xla


def _path(record: RunRecord, task: TrainingTask, candidates: list[tuple[str, bool]]) -> Path:
    info = record.info
    content = [info.get("network_key"), task.plan.batch_size, candidates, *(info.get(name) for name in _MACHINE)]
    name = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
    return record.path.parents[1] / "trials" / f"{name}.json"


def _kept(path: Path) -> list[Way]:
    try:
        return [Way(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))["measured"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []  # Not there, or damaged: it is measured again.


def _keep(path: Path, record: RunRecord, task: TrainingTask, measured: list[Way]) -> None:
    info = record.info
    about: dict[str, Any] = {name: info.get(name) for name in ("notebook", "network_key", *_MACHINE)}
    try:
        path.parent.mkdir(exist_ok=True)
        write_json_atomically(
            path,
            {**about, "network": task.network, "run": record.run.id, "measured": [way.to_json() for way in measured]},
        )
    except OSError as error:
        record.event("problem", message=f"The trial's outcome could not be kept: {error}", at={}, code="")
