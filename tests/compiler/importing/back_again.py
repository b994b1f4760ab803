"""An imported model built again, with the weights of the first one; Keras itself says whether they are the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from weftwork.compiler.document import Notebook
from weftwork.compiler.importing.report import Imported
from weftwork.compiler.pipeline import check
from weftwork.compiler.program import Program
from weftwork.compiler.shapes import KerasShapes
from weftwork.compiler.to_keras import build_model


def program_of(imported: Imported) -> Program:
    """The Program of the whole model; fails with the problems where there are any."""
    notebook = Notebook(cells=imported.cells)
    checked = check(notebook, oracle=KerasShapes())
    program = checked.programs.get(imported.cells[-1].name)
    assert program is not None, [problem.message for problem in checked.problems]
    return program


def leaf_layers(model: keras.Model, prefix: str = "") -> Iterator[tuple[str, keras.Layer]]:
    """The layers of a model and of those inside it, without their Inputs, by their names joined with `_`."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from leaf_layers(layer, f"{prefix}{layer.name}_")
        elif not isinstance(layer, keras.layers.InputLayer):
            yield prefix + layer.name, layer


def built_again(model: keras.Model, imported: Imported) -> keras.Model:
    """Our model with the weights of the given one, layer by layer of the same name and class."""
    again = build_model(program_of(imported))
    given, ours = dict(leaf_layers(model)), dict(leaf_layers(again))
    assert sorted(given) == sorted(ours)
    for name, layer in given.items():
        if type(layer).__module__.startswith("keras.src.layers"):
            assert type(ours[name]) is type(layer), name
        ours[name].set_weights(layer.get_weights())
    return again


def largest_difference(model: keras.Model, again: keras.Model) -> float:
    """Of the outputs for equal random inputs."""
    random = np.random.default_rng(0)
    batch: dict[str, Any] = {}
    for tensor in model.inputs:
        shape = (3, *(size or 5 for size in tensor.shape[1:]))
        if tensor.dtype == "float32":
            batch[tensor.name] = random.normal(size=shape).astype("float32")
        else:
            batch[tensor.name] = random.integers(0, 2, size=shape).astype(tensor.dtype)
    ours = again(batch if len(batch) > 1 else next(iter(batch.values())), training=False)
    given = model.inputs[0] if isinstance(model, keras.Sequential) else model.input
    structure = keras.tree.map_structure(lambda tensor: batch[tensor.name], given)
    given = keras.tree.flatten(model(structure, training=False))
    mine = [ours[name] for name in names_of(again)] if isinstance(ours, dict) else [ours]
    assert len(given) == len(mine)
    return max(
        float(np.abs(np.asarray(one, "float64") - np.asarray(other, "float64")).max())
        for one, other in zip(given, mine, strict=True)
    )


def names_of(model: keras.Model) -> list[str]:
    """The names of the outputs, in the order in which the network has them."""
    return list(model._outputs_struct)
