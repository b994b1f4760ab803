"""Trains models by our loop and by Keras' own fit on JAX, on the same batches, as a program of its own.

    KERAS_BACKEND=jax [XLA_FLAGS=…] python -m tests.runtime.train_by_jax FOLDER STRATEGY MODEL…

Prints a JSON line for each: what our loop and `fit` on one device differ in, and how the weights lie on devices.
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
    model, arrays = {**MODELS, "dropout": dropout}[name]()
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
    return {
        "state": state,
        "weights": plain.get_weights(),
        "kernel": list(kernel.shape),
        "parts": parts,
    }


def main(folder: Path, strategy: str, *names: str) -> None:
    for name in names:
        ours, theirs = by_our_loop(name, folder, strategy), by_fit(name)
        pairs = zip(ours.pop("weights"), theirs, strict=True)
        difference = max(float(np.abs(mine - other).max()) for mine, other in pairs)
        print(json.dumps({**ours, "difference": difference}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
