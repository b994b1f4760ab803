"""Files that the real tf_keras wrote: equal parameters and, with the weights in them, the answers that it gave."""

from __future__ import annotations

import shutil
from pathlib import Path

import keras
import numpy as np
import pytest

from weftwork.compiler.to_python import model_source
from weftwork.runtime.start_weights import start_with

from .imported_models import drawn, imported, with_its_weights

FILES = Path(__file__).parents[1] / "corpus_keras" / "tf_keras"
MODELS = sorted(path.stem for path in FILES.glob("*.npz"))
# Whose layers are laid out flat there as here: no operations, which tf_keras counts as layers, and no models inside.
FLAT = {"picture_classifier", "residual", "reads_both_ways", "translates"}


@pytest.fixture(autouse=True)
def fresh_names():
    keras.backend.clear_session()


def _answers_as_there(model: keras.Model, name: str) -> None:
    with np.load(FILES / f"{name}.npz") as kept:
        given = {key: kept[key] for key in kept.files if key not in ("answer", "count")}
        layers, parameters = kept["count"]
        answer = model(given if len(given) > 1 else next(iter(given.values())), training=False)
        np.testing.assert_allclose(np.asarray(answer), kept["answer"], atol=1e-6)
    assert model.count_params() == parameters
    if name in FLAT:
        inputs = sum(isinstance(layer, keras.layers.InputLayer) for layer in model.layers)
        # A Sequential does not count its Input.
        assert len(model.layers) - (inputs if name == "picture_classifier" else 0) == layers


@pytest.mark.parametrize("form", ["keras", "h5"])
@pytest.mark.parametrize("name", MODELS)
def test_a_file_of_tf_keras_gives_the_model_with_its_weights(tmp_path, name, form):
    shutil.copy(FILES / f"{name}.{form}", tmp_path)

    model, fresh = with_its_weights(imported(tmp_path / f"{name}.{form}"))

    assert fresh == []
    _answers_as_there(model, name)


@pytest.mark.long
@pytest.mark.parametrize("name", MODELS)
def test_a_file_of_tf_keras_exported_as_python_is_the_same_model(tmp_path, name):
    shutil.copy(FILES / f"{name}.h5", tmp_path)
    cell, program = drawn(imported(tmp_path / f"{name}.h5"))

    space: dict = {}
    exec(model_source(program), space)

    model = space["build_model"]()
    assert start_with(model, program, cell, tmp_path).fresh == []
    _answers_as_there(model, name)


@pytest.mark.long
def test_a_saved_model_of_tf_keras_brings_its_weights_along(tmp_path):
    shutil.copytree(FILES / "residual_saved", tmp_path / "residual_saved")

    model, fresh = with_its_weights(imported(tmp_path / "residual_saved"))

    assert fresh == []
    _answers_as_there(model, "residual")
