"""Models as others build them: imported, printed as Python, run, and held against the first one."""

from __future__ import annotations

import json

import keras
import pytest

from weftwork.compiler.from_keras import from_config
from weftwork.compiler.to_python import model_source

from .architectures import attention, operations, sequences, tables, vision
from .back_again import largest_difference, leaf_layers, program_of

MODELS = {
    made.__name__: made for module in (attention, operations, sequences, tables, vision) for made in module.MODELS
}
# What an import can lose in the most ways, each in well under a second.
QUICK = ("slices", "masked_attention")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.long) for name in MODELS]
)
def test_a_documented_architecture_comes_back_as_the_python_that_builds_it(name):
    keras.backend.clear_session()
    keras.utils.set_random_seed(3)
    model = MODELS[name]()

    imported = from_config(json.loads(model.to_json()))

    assert (imported.report.placeholders, imported.report.notes) == ([], [])
    source = model_source(program_of(imported))
    keras.backend.clear_session()
    space: dict = {}
    exec(compile(source, f"{name}.py", "exec"), space)
    again = space["build_model"]()
    given, ours = dict(leaf_layers(model)), dict(leaf_layers(again))
    assert len(ours) == len(given)
    assert again.count_params() == model.count_params()
    for called, layer in given.items():
        if layer.weights:
            ours[called].set_weights(layer.get_weights())
    assert largest_difference(model, again) <= 1e-6


def test_there_are_more_than_sixty_architectures():
    assert len(MODELS) > 60
