"""Every network of keras.applications against Keras' own: layers, wires, parameters; from equal weights, outputs."""

from __future__ import annotations

import gc
import json

import keras
import pytest

from weftwork.compiler.document import Notebook
from weftwork.compiler.from_keras import from_config
from weftwork.compiler.importing.report import Imported
from weftwork.compiler.pipeline import check
from weftwork.compiler.program import Program
from weftwork.compiler.shapes import KerasShapes
from weftwork.compiler.to_keras import build_model

from .back_again import built_again, largest_difference

# Each with a trick of its own: repeats, a model inside another one.
FEW = ("MobileNetV3Small", "ResNet50", "ConvNeXtTiny")
LARGE = ("ResNet50", "DenseNet201", "EfficientNetV2L", "NASNetLarge")
ALL = tuple(
    name for name in dir(keras.applications) if name[0].isupper() and callable(getattr(keras.applications, name))
)
# The smallest pictures that these take; the others take 32 x 32.
SMALLEST = {"InceptionV3": 75, "InceptionResNetV2": 75, "Xception": 71}


def _without_weights(name: str) -> keras.Model:
    keras.backend.clear_session()
    with keras.StatelessScope(initialize_variables=False):
        return getattr(keras.applications, name)(weights=None)


def _program(imported: Imported) -> Program:
    assert (imported.report.placeholders, imported.report.notes) == ([], [])
    checked = check(Notebook(cells=imported.cells), oracle=KerasShapes())
    program = checked.programs.get(imported.cells[-1].name)
    assert program is not None, [problem.message for problem in checked.problems]
    assert [problem.message for problem in checked.problems] == []
    return program


def _leaves(model: keras.Model, prefix: str = "") -> list[tuple[str, keras.Layer]]:
    """The layers of a model and of those inside it, without Inputs, by their names joined with `_`."""
    found = []
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            found += _leaves(layer, f"{prefix}{layer.name}_")
        elif not isinstance(layer, keras.layers.InputLayer):
            found.append((prefix + layer.name, layer))
    return found


def _imports_whole(name: str) -> None:
    model = _without_weights(name)

    imported = from_config(json.loads(model.to_json()))

    assert len(imported.cells[-1].nodes) < 60
    program = _program(imported)
    leaves = _leaves(model)
    assert sorted(layer.name for layer in program.layers.values()) == sorted(name for name, _ in leaves)
    assert sum(program.shapes[node].parameters for node in program.layers) == model.count_params()
    with keras.StatelessScope(initialize_variables=False):
        again = build_model(program)
    ours = {layer.name: layer for layer in again.layers}
    for called, layer in leaves:
        assert [tuple(one.shape) for one in ours[called].weights] == [tuple(one.shape) for one in layer.weights]
    if all(not isinstance(layer, keras.Model) for layer in model.layers):
        # What is laid out flat here as there stands in the same order.
        weighted = [layer.name for layer in model.layers if layer.weights]
        assert [layer.name for layer in again.layers if layer.weights] == weighted


@pytest.mark.parametrize("name", FEW)
def test_an_application_imports_with_equal_layers_parameters_and_order_of_weights(name):
    _imports_whole(name)


@pytest.mark.long
@pytest.mark.parametrize("name", ALL)
def test_every_application_imports_with_equal_layers_parameters_and_order_of_weights(name):
    _imports_whole(name)


def test_there_are_forty_applications():
    assert len(ALL) == 40


def test_large_applications_are_among_them():
    assert set(LARGE) < set(ALL)


@pytest.mark.long
@pytest.mark.parametrize("name", LARGE)
def test_a_large_application_folded_is_the_very_network_that_it_is_unfolded(name):
    from weftwork.compiler.nesting.references import definitions_of

    from ..folding.repeated import as_graph, isomorphic

    config = json.loads(_without_weights(name).to_json())
    whole, folded = (from_config(config, "whole", folded=folded) for folded in (False, True))
    (cell,) = whole.cells
    definitions = definitions_of(folded.cells[-1], {one.name: one for one in folded.cells})
    assert isomorphic(as_graph(cell, {}), as_graph(folded.cells[-1], definitions))


def _gives_equal_outputs(name: str) -> None:
    keras.backend.clear_session()
    gc.collect()
    keras.utils.set_random_seed(4)
    size = SMALLEST.get(name, 32)
    model = getattr(keras.applications, name)(weights=None, input_shape=(size, size, 3), classes=5)

    again = built_again(model, from_config(json.loads(model.to_json())))

    assert largest_difference(model, again) <= 1e-6


def test_a_small_application_gives_equal_outputs_from_equal_weights():
    _gives_equal_outputs("MobileNetV3Small")


@pytest.mark.long
@pytest.mark.parametrize("name", ALL)
def test_every_application_gives_equal_outputs_from_equal_weights(name):
    _gives_equal_outputs(name)
