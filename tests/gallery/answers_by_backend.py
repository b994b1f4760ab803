"""What one backend of Keras makes of the gallery, as a program of its own: a process has one backend.

    KERAS_BACKEND=jax python -m tests.gallery.answers_by_backend FOLDER WEIGHTS OUT

For each network that a gallery notebook trains it writes OUT/<notebook>.json (shapes and parameters of nodes and of
layers) and OUT/<notebook>.npz (predictions on rows of its data). Where WEIGHTS has <notebook>.npz it begins with
those weights, else it writes them there.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from weftwork.runtime.quiet_tensorflow import quiet_tensorflow

quiet_tensorflow()

import keras  # noqa: E402
import numpy as np  # noqa: E402

from weftwork.compiler.document import DataCell, TrainingCell  # noqa: E402
from weftwork.compiler.to_keras import build_model  # noqa: E402
from weftwork.compiler.training_choices import plan_training  # noqa: E402
from weftwork.gallery.cards import cards, copy_card  # noqa: E402
from weftwork.runtime.data.load import load  # noqa: E402
from weftwork.runtime.inspect_notebook import inspect  # noqa: E402
from weftwork.runtime.training_task import bind_arrays  # noqa: E402

ROWS = 32


def answer(name: str, folder: Path, weights: Path, out: Path) -> None:
    path = copy_card(name, folder)
    notebook, _, checked = inspect(path)
    (training,) = (cell for cell in notebook.cells if isinstance(cell, TrainingCell))
    data = notebook.cell(training.data)
    assert isinstance(data, DataCell)
    program = checked.programs[training.network]
    dataset = load(data, path.parent)
    plan, _ = plan_training(notebook, training, program, dataset.description)
    x = keras.tree.map_structure(lambda array: np.asarray(array[:ROWS]), bind_arrays(program, plan, dataset).x)
    model = build_model(program)
    _begin_with(model, weights / f"{name}.npz")
    predicted = keras.tree.flatten(model.predict(x, verbose=0))
    np.savez(out / f"{name}.npz", *predicted)
    facts = {
        "backend": keras.backend.backend(),
        "nodes": {id_: asdict(found) for id_, found in checked.shapes[training.network].items()},
        "layers": [[layer.name, _shapes_of(layer), layer.count_params()] for layer in model.layers],
        "parameters": model.count_params(),
    }
    (out / f"{name}.json").write_text(json.dumps(facts))


def _shapes_of(layer: keras.Layer) -> list[list[int | None]]:
    return [list(tensor.shape) for tensor in keras.tree.flatten(layer.output)]


def _begin_with(model: keras.Model, path: Path) -> None:
    if path.exists():
        with np.load(path) as stored:
            model.set_weights([stored[key] for key in stored.files])
        return
    random = np.random.default_rng(0)
    # Moved from what every backend begins with, such as statistics of 0 and 1; variances stay above 0.
    model.set_weights([weight + random.uniform(-0.05, 0.05, weight.shape) for weight in model.get_weights()])
    np.savez(path, *model.get_weights())


def main(folder: Path, weights: Path, out: Path) -> None:
    for each in (folder, weights, out):
        each.mkdir(parents=True, exist_ok=True)
    for card in cards():
        answer(card.name, folder, weights, out)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
