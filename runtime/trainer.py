"""The process of one run: from the notebook's snapshot to an end state. Whatever happens, run.json says so."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import keras

from ..compiler.build_object import BuildError
from .compile_model import compile_model
from .control import STOP, ControlByte
from .distribution.placed import end_with_its_workers, placed
from .failure import RunFailed, full_traceback, one_line
from .fit_run import fit_run, keep_as_it_is
from .machine import settle
from .number_type import number_type
from .rest import IN_LINE
from .run_directory import RunDirectory
from .run_lock import RunLocked, lock_run
from .run_record import RunRecord
from .settle_speed import settle_speed
from .training_task import TrainingTask, read_task
from .turns import Turn

# How often a run that waits looks whether its turn has come.
_LOOK_S = 0.05

Listener = Callable[[dict[str, Any]], None]


def run_trainer(path: str, *, at_once: bool = False) -> int:
    """Trains the run in the directory `path`, as the only thing that this process does; gives its exit code. It waits
    for its turn unless `at_once`, or the run itself, says otherwise."""
    run = RunDirectory(path)
    control = ControlByte(run.path / "control")
    # A polite kill is a stop: it keeps the weights.
    signal.signal(signal.SIGTERM, lambda *_: control.write(STOP))
    record = RunRecord(run)

    def stop_at_once() -> None:
        record.end("stopped", "Stopped before the first step.")
        os._exit(0)

    try:
        alone = not (at_once or (record.info.get("options") or {}).get("at_once"))
        turn = Turn(run.path.parents[1], run.id) if alone else None
        return 0 if train(record, on_stop=stop_at_once, turn=turn) in ("finished", "stopped") else 1
    except RunLocked as error:
        print(error, file=sys.stderr, flush=True)
        return 1


def train(record: RunRecord, *, on_stop: Callable[[], None], turn: Turn | None = None) -> str:
    """Trains a new run, or one that was interrupted, and gives the state it ended in; with a `turn`, once that has
    come.

    Raises RunLocked where another process has the run, KeyboardInterrupt after having noted it.
    """
    with lock_run(record.path):
        try:
            if turn is None or turn.take():
                record.begin(on_stop=on_stop)
            else:
                record.begin(on_stop=on_stop, state="queued", message=IN_LINE)
                while not turn.take():
                    time.sleep(_LOOK_S)
                record.set_state("building")
            return _train(record, turn)
        except KeyboardInterrupt:
            record.end("stopped", "Interrupted; resume goes on from the last checkpoint.")
            raise
        except Exception as error:
            print(full_traceback(error), file=sys.stderr, flush=True)
            _fail(record, error)
            return "failed"


def _train(record: RunRecord, turn: Turn | None) -> str:
    end_with_its_workers(record)
    info = record.info
    record.update(**settle(info, info.get("options") or {}))
    task = read_task(record)
    seed = task.plan.seed
    record.update(seed=seed, **task.facts)
    precision, xla = settle_speed(record, task)
    # Before the model is built: equal seeds give equal first weights.
    keras.utils.set_random_seed(seed)
    with placed(record, task):
        model = _build(task, precision, xla)
        _begin_with_weights(model, task, record)
        if task.plan.epochs == 0:
            return keep_as_it_is(model, record)
        return fit_run(model, task.arrays, task.plan, record, turn=turn, source=task.source_rows)


def _build(task: TrainingTask, precision: str, xla: bool) -> keras.Model:
    from ..compiler.to_keras import build_model

    try:
        with number_type(precision):
            model = build_model(task.program)
    except BuildError as error:
        raise RunFailed(str(error), {"cell": task.network, "node": error.node}) from error
    try:
        compile_model(model, task.plan, task.program, xla=xla)
    except BuildError as error:
        raise RunFailed(str(error), {"cell": task.cell, "parameter": error.parameter}) from error
    if xla and not model.jit_compile:
        # Keras would go on without; a choice is not left out silently.
        message = "XLA cannot compile a layer of this network. Switch XLA off."
        raise RunFailed(message, {"cell": task.cell, "parameter": "options.xla"})
    if not model.trainable_weights:
        raise RunFailed(f"{task.network} has no weights to train.", {"cell": task.network})
    return model


def _begin_with_weights(model: keras.Model, task: TrainingTask, record: RunRecord) -> None:
    """Puts the weights in that the network brings along; a run that goes on has its own."""
    if any((record.path / "checkpoints").glob("*")):
        return
    from .start_weights import WeightsMissing, start_with

    try:
        began = start_with(model, task.program, task.drawn, record.path.parents[2])
    except WeightsMissing as error:
        raise RunFailed(str(error), {"cell": task.network}) from error
    if began.taken:
        record.update(start_weights={"layers": len(began.taken), "fresh": began.fresh[:100]})


def _fail(record: RunRecord, error: Exception) -> None:
    message = one_line(error)
    at = error.at if isinstance(error, RunFailed) else {}
    with suppress(OSError):
        record.event("problem", message=message, at=at)
    try:
        record.end("failed", message, at=at)
    except OSError as full:
        # Not even run.json can be written; readers will find the run lost, and the log may have room.
        print(f"{message} The end of the run could not be written: {full}", file=sys.stderr, flush=True)


__all__ = ["Listener", "RunLocked", "run_trainer", "train"]


if __name__ == "__main__":
    sys.exit(run_trainer(str(Path(sys.argv[1]))))
