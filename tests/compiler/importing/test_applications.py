"""Every network of keras.applications against Keras' own: layers, parameters and, from equal weights, outputs."""

import json

import keras
import pytest

from weftwork.compiler.document import Notebook
from weftwork.compiler.from_keras import from_config
from weftwork.compiler.pipeline import check
from weftwork.compiler.shapes import KerasShapes

from .back_again import built_again, largest_difference

FEW = ("MobileNetV3Small", "EfficientNetV2B0", "ConvNeXtTiny")
ALL = tuple(
    name for name in dir(keras.applications) if name[0].isupper() and callable(getattr(keras.applications, name))
)


def _without_weights(name: str) -> keras.Model:
    keras.backend.clear_session()
    with keras.StatelessScope(initialize_variables=False):
        return getattr(keras.applications, name)(weights=None)


def _imports_whole(name: str) -> None:
    model = _without_weights(name)

    imported = from_config(json.loads(model.to_json()))

    assert (imported.report.placeholders, imported.report.notes) == ([], [])
    checked = check(Notebook(cells=imported.cells), oracle=KerasShapes())
    program = checked.programs.get(imported.cells[-1].name)
    assert program is not None, [problem.message for problem in checked.problems]
    leaves = [layer for layer in model._flatten_layers() if not isinstance(layer, keras.Model)]
    inner = {id(part) for layer in leaves for part in layer._flatten_layers(include_self=False)}
    layers = [one for one in leaves if id(one) not in inner and not isinstance(one, keras.layers.InputLayer)]
    assert len(program.layers) == len(layers)
    assert sum(program.shapes[node].parameters for node in program.layers) == model.count_params()


@pytest.mark.parametrize("name", FEW)
def test_an_application_imports_with_equal_layers_and_parameters(name):
    _imports_whole(name)


@pytest.mark.long
@pytest.mark.parametrize("name", ALL)
def test_every_application_imports_with_equal_layers_and_parameters(name):
    _imports_whole(name)


def test_there_are_forty_applications():
    assert len(ALL) == 40


def test_a_small_application_gives_equal_outputs_from_equal_weights():
    keras.utils.set_random_seed(4)
    model = keras.applications.MobileNetV3Small(weights=None, input_shape=(32, 32, 3), classes=5)

    again = built_again(model, from_config(json.loads(model.to_json())))

    assert largest_difference(model, again) <= 1e-6


@pytest.mark.long
@pytest.mark.parametrize("name", ALL)
def test_every_application_gives_equal_outputs_from_equal_weights(name):
    keras.backend.clear_session()
    keras.utils.set_random_seed(4)
    model = getattr(keras.applications, name)(weights=None)

    again = built_again(model, from_config(json.loads(model.to_json())))

    assert largest_difference(model, again) <= 1e-6
