"""Trains models by our loop and by Keras' own fit on JAX, on the same batches, as a program of its own.

    KERAS_BACKEND=jax [XLA_FLAGS=…] python -m tests.runtime.train_by_jax FOLDER STRATEGY MODEL…

Prints a JSON line for each: what our loop and `fit` on one device differ in, how the weights lie on devices, logs and
evaluation; and writes FOLDER/<number>.npz (weights, rows, predictions) of our loop.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

from weftwork.runtime.quiet_tensorflow import quiet_tensorflow

quiet_tensorflow()

import keras  # noqa: E402
import numpy as np  # noqa: E402

from weftwork.compiler.device_options import JAX, Placement  # noqa: E402
from weftwork.compiler.document import Notebook, TrainingCell  # noqa: E402
from weftwork.runtime.batches import training_batches  # noqa: E402
from weftwork.runtime.distribution.jax_placed import jax_placed  # noqa: E402
from weftwork.runtime.fit_run import fit_run  # noqa: E402
from weftwork.runtime.run_directory import create_run  # noqa: E402
from weftwork.runtime.run_record import RunRecord  # noqa: E402

from .strategy_models import BATCH, MODELS, dropout  # noqa: E402

EPOCHS, SEED = 3, 3


def made(name: str) -> tuple:
    keras.utils.set_random_seed(11)
    model, arrays = {**MODELS, "dropout": dropout}[name.partition("@")[0]]()
    model.jit_compile = True
    return model, arrays


def by_fit(name: str) -> list[np.ndarray]:
    keras.utils.clear_session()
    model, arrays = made(name)
    model.fit(training_batches(arrays, BATCH, SEED, epoch=0, step=0, epochs=EPOCHS), epochs=1, verbose=0)
    return model.get_weights()


def by_our_loop(name: str, folder: Path, strategy: str) -> dict:
    notebook = Notebook(cells=(TrainingCell(id="training_1", name="train"),))
    run = create_run(folder, notebook, "train", notebook_name="test.weft")
    record = RunRecord(run)
    record.begin(on_stop=lambda: None)
    # Not in the scope: it forgets the distribution too.
    keras.utils.clear_session()
    with jax_placed(Placement(strategy, backend=JAX)):
        model, arrays = made(name)
        plan = SimpleNamespace(epochs=EPOCHS, batch_size=BATCH, seed=SEED, callbacks=())
        state = fit_run(model, arrays, plan, record)
        kernel = max(model.trainable_variables, key=lambda variable: np.prod(variable.shape))
        parts = [list(part.data.shape) for part in kernel.value.addressable_shards]
    plain = keras.saving.load_model(run.model_path)
    x, y, *_ = arrays.validation
    predicted = plain.predict(x, batch_size=BATCH, verbose=0)
    return {
        "state": state,
        "weights": plain.get_weights(),
        "kernel": list(kernel.shape),
        "parts": parts,
        "rows": run.metrics(),
        "logs": [event["metrics"] for event in run.epochs()],
        "evaluate": plain.evaluate(x, y, batch_size=BATCH, verbose=0, return_dict=True),
        "predicted": np.concatenate([np.ravel(part) for part in keras.tree.flatten(predicted)]),
    }


def main(folder: Path, strategy: str, *names: str) -> None:
    for number, name in enumerate(names):
        ours, theirs = by_our_loop(name, folder, strategy), by_fit(name)
        weights = ours.pop("weights")
        difference = max(float(np.abs(mine - other).max()) for mine, other in zip(weights, theirs, strict=True))
        arrays = {f"weight_{place}": weight for place, weight in enumerate(weights)}
        arrays |= {"rows": np.delete(ours.pop("rows"), 2, axis=1), "predicted": ours.pop("predicted")}
        path = folder / f"{number}.npz"
        np.savez(path, **arrays)
        print(json.dumps({**ours, "arrays": str(path), "difference": difference}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
