"""A compiled model trained under the pen of a run record, to an end that says what happened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras

from .batches import Arrays, steps_per_epoch
from .compile_model import build_all, make
from .failure import RunFailed
from .run_record import RunRecord
from .training_loop import Diverged, Stopped, TrainingLoop


def fit_run(model: keras.Model, arrays: Arrays, plan: Any, record: RunRecord) -> str:
    """Trains `model` (compiled) by `plan` (epochs, batch_size, seed, callbacks) and gives the state it ended in.

    Goes on from the run's latest checkpoint where there is one. Raises RunFailed, OSError, and what Keras raises.
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
    )
    total = plan.epochs * steps_per_epoch(arrays.rows, plan.batch_size)
    try:
        loop.run()
        state, message = "finished", ""
        if loop.position.step < total:
            message = f"Stopped early after epoch {loop.position.epoch} of {plan.epochs}, as its callbacks asked."
    except Stopped:
        state, message = "stopped", f"Stopped after step {loop.position.step} of {total}."
    except Diverged as error:
        state, message = "diverged", _back_to_the_last_good(loop, str(error))
    save_model(model, record.run.model_path)
    record.end(state, message, step=loop.position.step)
    return state


def _back_to_the_last_good(loop: TrainingLoop, what: str) -> str:
    """Gives the model its last finite weights, and the message for the user."""
    good = loop.checkpoints.latest()
    if good is not None:
        loop.checkpoints.restore(loop.model, good)
    kept = f"The model is that of step {good.position.step}." if good is not None else ""
    advice = "A lower learning rate or clipped gradients (clipnorm) often help; look for missing values in the data."
    return f"Diverged: {what}. {kept} {advice}"


def save_model(model: keras.Model, path: Path) -> None:
    """Writes the model as .keras in one piece. Raises OSError."""
    path.parent.mkdir(exist_ok=True)
    temporary = path.with_name(f".{path.stem}.tmp.keras")
    try:
        model.save(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
