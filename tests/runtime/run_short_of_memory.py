"""A run whose batches do not fit into memory, as a program of its own: the system refuses this process more of it.

    python -m tests.runtime.run_short_of_memory FOLDER ROWS BATCH [BATCH …]

Prints a JSON line for each batch size: state, message and what run.json says of what fits. "fits" stands for the batch
size that the run before found.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from types import SimpleNamespace

from weftwork.runtime.quiet_tensorflow import quiet_tensorflow

quiet_tensorflow()

import keras  # noqa: E402
import numpy as np  # noqa: E402

from weftwork.compiler.document import Notebook, TrainingCell  # noqa: E402
from weftwork.runtime.batches import Arrays  # noqa: E402
from weftwork.runtime.failure import RunFailed  # noqa: E402
from weftwork.runtime.fit_run import fit_run  # noqa: E402
from weftwork.runtime.run_directory import create_run  # noqa: E402
from weftwork.runtime.run_record import RunRecord  # noqa: E402

# What is made of each row; by an operation that tells when there is no memory for its output. Products of matrices
# of TensorFlow's CPU library end the process instead.
VALUES = 20_000
# Beyond what the process has once it has trained a little: less than one batch of the test needs.
MORE_BYTES = 1_000_000_000


def train(folder: Path, rows: int, batch_size: int) -> dict:
    keras.utils.clear_session()
    inputs = keras.Input((8,))
    x = keras.layers.RepeatVector(VALUES // 8)(keras.layers.Dense(8)(inputs))
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.GlobalMaxPooling1D()(x)))
    model.compile("sgd", "mse", jit_compile=False)
    notebook = Notebook(cells=(TrainingCell(id="training_1", name="train"),))
    run = create_run(folder, notebook, "train", notebook_name="test.weft")
    record = RunRecord(run)
    record.begin(on_stop=lambda: None)
    arrays = Arrays(np.ones((rows, 8), "float32"), np.ones((rows, 1), "float32"))
    try:
        fit_run(model, arrays, SimpleNamespace(epochs=1, batch_size=batch_size, seed=0, callbacks=()), record)
    except RunFailed as error:
        record.end("failed", str(error), at=error.at)
    return {"state": run.state(), "message": run.message(), "fits": run.info().get("fits")}


def limit() -> None:
    with open("/proc/self/statm") as file:
        present = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (present + MORE_BYTES, present + MORE_BYTES))


def main(folder: Path, rows: int, *batch_sizes: str) -> None:
    train(folder, 64, 16)
    limit()
    found: dict = {}
    for batch_size in batch_sizes:
        found = train(folder, rows, found["fits"]["batch_size"] if batch_size == "fits" else int(batch_size))
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
