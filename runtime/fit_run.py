"""A compiled model trained under the pen of a run record, to an end that says what happened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from .bad_batch import BadRows, BatchFailed, Diverged, find_bad_rows, source_rows, told
from .batches import Arrays, steps_per_epoch
from .checkpoints import Position, set_value, variables_to_read
from .compile_model import build_all, make
from .failure import RunFailed, one_line
from .largest_batch import is_out_of_memory, largest_batch
from .rest import Stopped
from .run_record import RunRecord
from .training_loop import TrainingLoop
from .turns import Turn
from .weights_digest import weights_digest

_ADVICE = "A lower learning rate or clipped gradients (clipnorm) often help: resume the run with one, or fork it."


def fit_run(
    model: keras.Model,
    arrays: Arrays,
    plan: Any,
    record: RunRecord,
    *,
    turn: Turn | None = None,
    source: np.ndarray | None = None,
) -> str:
    """Trains `model` (compiled) by `plan` (epochs, batch_size, seed, callbacks) and gives the state it ended in.

    Goes on from the run's latest checkpoint where there is one. `source` numbers the training rows as their source
    does, for messages. Raises RunFailed, OSError, and what Keras raises.
    """
    if arrays.rows == 0:
        raise RunFailed("There are no rows to train on.", {"cell": record.info.get("data", "")})
    build_all(model, arrays.x, arrays.y)
    loop = TrainingLoop(
        model,
        arrays,
        record,
        epochs=plan.epochs,
        batch_size=plan.batch_size,
        seed=plan.seed,
        callbacks=[make(choice, "callback") for choice in plan.callbacks],
        options=getattr(plan, "options", None),
        turn=turn,
    )
    total = plan.epochs * steps_per_epoch(arrays.rows, plan.batch_size)

    def bad_rows(position: Position) -> BadRows:
        bad = find_bad_rows(model, arrays, position, plan.seed, plan.batch_size)
        at_fault, batch = (source_rows(rows, source) for rows in (bad.at_fault, bad.batch))
        record.update(write=False, bad_rows=at_fault, bad_batch=batch)
        return bad

    try:
        loop.run()
        state, message, step = "finished", _why_early(loop, total, plan.epochs), loop.position.step
    except Stopped:
        state, message, step = "stopped", f"Stopped after step {loop.position.step} of {total}.", loop.position.step
    except Diverged as error:
        step = _restore_the_last_good(loop)
        rows = told(bad_rows(error.position), source) if error.position is not None else ""
        _restore_the_last_good(loop)
        kept = f"The model is that of step {step}."
        state, message = "diverged", " ".join(part for part in (f"Diverged: {error}.", rows, kept, _ADVICE) if part)
    except BatchFailed as error:
        loop.drain()
        if is_out_of_memory(error.__cause__):
            raise _out_of_memory(model, arrays, record, plan.batch_size, error.__cause__) from error
        position, bad = _first_at_fault(error.positions, bad_rows)
        rows = told(bad, source) if bad.at_fault else ""
        reason = f"Step {position.step} failed: {one_line(error.__cause__ or error)}".rstrip(".")
        raise RunFailed(f"{reason}. {rows}".strip(), {"cell": record.info.get("data", "")}) from error
    save_model(model, record.run.model_path)
    end = {"step": loop.position.step, "weights_digest": weights_digest(model), "weights_step": step}
    _save_best(loop, record)
    record.end(state, message, **end)
    return state


def keep_as_it_is(model: keras.Model, record: RunRecord) -> str:
    """A run of no epochs: its model is the network with what it begins with, to be evaluated and exported."""
    save_model(model, record.run.model_path)
    message = "Nothing was trained: this is the network with the weights that it begins with."
    record.end("finished", message, step=0, epochs=0, weights_digest=weights_digest(model), weights_step=0)
    return "finished"


def _out_of_memory(
    model: keras.Model, arrays: Arrays, record: RunRecord, batch_size: int, error: BaseException | None
) -> RunFailed:
    """What to tell, with the most rows that fit, which run.json keeps for an offer."""
    at = {"cell": record.info.get("cell", ""), "parameter": "batch_size"}
    record.update(message="The memory did not suffice; smaller batches are being tried.")
    fits = largest_batch(model, arrays, batch_size)
    why = one_line(error or MemoryError()).partition(". ")[0]
    if not fits:
        return RunFailed(f"{why}. No smaller batch was found to fit: smaller layers need less.", at)
    record.update(write=False, fits={"batch_size": fits, "of": batch_size})
    return RunFailed(f"{why}, in batches of {batch_size}. {fits} rows fit: set the batch size to {fits}.", at)


def _first_at_fault(positions: list[Position], bad_rows: Callable[[Position], BadRows]) -> tuple[Position, BadRows]:
    """The first step of a call whose batch has rows at fault, or just the first."""
    for position in positions:
        bad = bad_rows(position)
        if bad.at_fault:
            return position, bad
    return positions[0], bad_rows(positions[0])


def _why_early(loop: TrainingLoop, total: int, epochs: int) -> str:
    if loop.position.step >= total:
        return ""
    if loop.ended_by:
        return f"Ended after step {loop.position.step} of {total}: {loop.ended_by} is used up."
    return f"Stopped early after epoch {loop.position.epoch} of {epochs}, as its callbacks asked."


def _restore_the_last_good(loop: TrainingLoop) -> int:
    """Gives the model its last finite weights, and their step. There is one: the first is made before any step."""
    good = loop.checkpoints.latest()
    if good is None:
        raise RunFailed("The run diverged, and its checkpoints cannot be read.")
    loop.checkpoints.restore(loop.model, good)
    return good.position.step


def _save_best(loop: TrainingLoop, record: RunRecord) -> None:
    """Writes the weights of the best epoch beside the last ones, where they are others."""
    best = loop.checkpoints.best()
    checkpoint = loop.checkpoints.named(best[0]) if best is not None else None
    if best is None or checkpoint is None:
        return
    record.update(write=False, best={"step": checkpoint.position.step, "value": best[1]})
    if checkpoint.position.step != loop.position.step:
        last = [(variable, variable.numpy()) for variable in variables_to_read(loop.model)]
        loop.checkpoints.restore(loop.model, checkpoint)
        save_model(loop.model, record.run.best_model_path)
        for variable, value in last:
            set_value(variable, value)


def save_model(model: keras.Model, path: Path) -> None:
    """Writes the model as .keras in one piece. Raises OSError."""
    path.parent.mkdir(exist_ok=True)
    temporary = path.with_name(f".{path.stem}.tmp.keras")
    try:
        model.save(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
