"""Trains the models of the table of strategies, as a program of its own: devices are made before TensorFlow runs.

    python -m tests.runtime.train_by_strategy FOLDER REPLICAS [MODEL ...]

Writes for each model FOLDER/<number>.npz (weights, rows, predictions) and prints one JSON line: logs, evaluate, seeds.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

from weftwork.runtime.quiet_tensorflow import quiet_tensorflow

quiet_tensorflow()

import keras  # noqa: E402
import numpy as np  # noqa: E402

from weftwork.compiler.device_options import MIRRORED, Placement  # noqa: E402
from weftwork.compiler.document import Notebook, TrainingCell  # noqa: E402
from weftwork.runtime.distribution.strategies import make_devices, make_strategy, scope_of  # noqa: E402
from weftwork.runtime.fit_run import fit_run  # noqa: E402
from weftwork.runtime.run_directory import create_run  # noqa: E402
from weftwork.runtime.run_record import RunRecord  # noqa: E402

from .strategy_models import BATCH, MODELS, dropout  # noqa: E402


def train(name: str, replicas: int, folder: Path, *, until: int | None = None) -> dict:
    """One run of three epochs; with `until` it is stopped at that step, and then goes on in a model built anew."""
    strategy = make_strategy(Placement(MIRRORED, replicas)) if replicas > 1 else None
    notebook = Notebook(cells=(TrainingCell(id="training_1", name="train"),))
    run = create_run(folder, notebook, "train", notebook_name="test.weft", options={"until": until} if until else {})
    for last in [False, True] if until else [True]:
        keras.utils.clear_session()
        keras.utils.set_random_seed(11)
        record = RunRecord(run)
        if until and last:
            run.resume()
            record.info["options"] = {}
        record.begin(on_stop=lambda: None)
        with scope_of(strategy):
            model, arrays = {**MODELS, "dropout": dropout}[name]()
            plan = SimpleNamespace(epochs=3, batch_size=BATCH, seed=3, callbacks=())
            state = fit_run(model, arrays, plan, record)
    plain = keras.saving.load_model(run.model_path)
    x, y, *_ = arrays.validation
    predicted = plain.predict(x, batch_size=BATCH, verbose=0)
    return {
        "state": state,
        "weights": [np.asarray(weight) for weight in plain.get_weights()],
        "rows": run.metrics(),
        "logs": [event["metrics"] for event in run.epochs()],
        "evaluate": plain.evaluate(x, y, batch_size=BATCH, verbose=0, return_dict=True),
        "predicted": np.concatenate([np.ravel(part) for part in keras.tree.flatten(predicted)]),
        "synchronized": [layer.synchronized for layer in plain.layers if hasattr(layer, "synchronized")],
    }


def main(folder: Path, replicas: int, names: list[str]) -> None:
    if replicas > 1:
        make_devices(Placement(MIRRORED, replicas))
    for name in names:
        name, _, until = name.partition("@")
        with tempfile.TemporaryDirectory(dir=folder) as place:
            found = train(name, replicas, Path(place), until=int(until) if until else None)
        arrays = {f"weight_{number}": weight for number, weight in enumerate(found.pop("weights"))}
        arrays |= {"rows": found.pop("rows"), "predicted": found.pop("predicted")}
        path = folder / f"{len(list(folder.glob('*.npz')))}.npz"
        np.savez(path, **arrays)
        print(json.dumps({"arrays": str(path), **found}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
