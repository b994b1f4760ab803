"""Layers of somebody's own come back out of an export as they came in; Keras itself, which knows them, says so."""

from __future__ import annotations

import json
import runpy
import zipfile

import keras
import numpy as np
import pytest
from keras import layers

from weftwork.runtime import export
from weftwork.runtime.inspect_notebook import NotebookProblems

from .imported_models import imported


@keras.saving.register_keras_serializable("ours")
class Scaled(layers.Layer):
    """Weights of its own, those of a layer inside, a tensor by its name, and arguments."""

    def __init__(self, by=2, **kwargs):
        super().__init__(**kwargs)
        self.by, self.dense = by, layers.Dense(3)

    def build(self, x_shape, other_shape=None):
        self.scale = self.add_weight(shape=(x_shape[-1],), name="scale", initializer="random_normal")
        self.dense.build(x_shape)

    def call(self, x, other=None):
        y = self.dense(x) * self.by * self.scale
        return y if other is None else y + other

    def compute_output_shape(self, x_shape, other_shape=None):
        return x_shape

    def get_config(self):
        return {**super().get_config(), "by": self.by}


ROWS = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")


def _model() -> keras.Model:
    keras.utils.set_random_seed(5)
    x = keras.Input((3,), name="x")
    scaled = Scaled(by=5, name="scaled")
    y = scaled(layers.Dense(3, name="first")(x), other=x)
    y = layers.Lambda(lambda t: t * 2 + 1, name="code")(y)
    y = scaled(y, other=x)
    y = keras.ops.concatenate([y, keras.ops.ones_like(y)], -1)
    return keras.Model(x, layers.Dense(2, name="last")(y))


@pytest.fixture(scope="module")
def came(tmp_path_factory):
    folder = tmp_path_factory.mktemp("foreign")
    model = _model()
    model.save(folder / "model.keras")
    return model, imported(folder / "model.keras"), folder


def test_a_keras_file_gives_back_layers_whose_code_is_not_here(came):
    model, notebook, folder = came

    result = export(notebook, to="keras", output=folder / "back.keras")

    assert result["difference"] is None
    assert "scaled (Scaled)" in result["note"]
    again = keras.models.load_model(folder / "back.keras", safe_mode=False)
    np.testing.assert_array_equal(again.predict(ROWS, verbose=0), model.predict(ROWS, verbose=0))
    given, ours = _entries(folder / "model.keras"), _entries(folder / "back.keras")
    for name in ("scaled", "code"):
        for key in ("module", "class_name", "registered_name", "config"):
            assert ours[name][key] == given[name][key]
        assert len(ours[name]["inbound_nodes"]) == len(given[name]["inbound_nodes"])


def test_a_script_names_the_class_and_its_config(came):
    model, notebook, folder = came

    export(notebook, to="python", output=folder / "back.py", carry=False)

    text = (folder / "back.py").read_text(encoding="utf-8")
    assert "ours>Scaled is no layer of Keras" in text
    assert "lambda t: t * 2 + 1" in text
    again = runpy.run_path(str(folder / "back.py"))["build_model"]()
    for layer in model.layers:
        if layer.weights:
            again.get_layer(layer.name).set_weights(layer.get_weights())
    np.testing.assert_allclose(again.predict(ROWS, verbose=0), model.predict(ROWS, verbose=0), atol=1e-6)


def test_a_format_that_would_need_the_code_names_the_node(came):
    _, notebook, folder = came

    with pytest.raises(NotebookProblems) as refused:
        export(notebook, to="onnx", output=folder / "back.onnx")

    assert any("scaled" in problem.message for problem in refused.value.problems)


def _entries(path):
    with zipfile.ZipFile(path) as archive:
        config = json.loads(archive.read("config.json"))
    return {entry["name"]: entry for entry in config["config"]["layers"]}
