"""The exported script trains with every setting of the training cell: it ends with the weights of the run.

Each batch holds all rows, so that the order in which `fit` shuffles them does not matter."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from weftwork.compiler.document import NetworkCell
from weftwork.compiler.pipeline import check
from weftwork.compiler.shapes import KerasShapes
from weftwork.compiler.write_notebook import write_notebook
from weftwork.runtime.data.load import load
from weftwork.runtime.exporters.export import export_network
from weftwork.runtime.exporters.subject import find_subject
from weftwork.runtime.exporters.write_python import script_source

from .test_training_settings import ROWS, choice, notebook, schedule, trained

pytestmark = pytest.mark.keras

SETTINGS: dict[str, dict[str, Any]] = {
    "schedule, clipping, decay": {
        "optimizer": choice(
            "AdamW",
            learning_rate=schedule("CosineDecay", initial_learning_rate=0.05, decay_steps=4),
            clipnorm=0.5,
            use_ema=True,
        ),
        "callbacks": (choice("SwapEMAWeights"), choice("EarlyStopping", patience=9)),
    },
    "class weights and rates of layers": {
        "optimizer": choice("Adam", learning_rate=0.05, weight_decay=0.1),
        "options": {"class_weight": {"a": 4.0, "c": 0.5}, "rate_factors": {"first": 0.1}},
        "metrics": {"y": (choice("SparseCategoricalAccuracy"), choice("SparseTopKCategoricalAccuracy", k=2))},
    },
    "balanced classes, a frozen layer": {
        "options": {"class_weight": "balanced", "rate_factors": {"last": 0.0}},
    },
    "weights of rows": {
        "roles": {"trust": "weight"},
        "options": {"weighted_metrics": True, "loss_weights": {"y": 0.5}},
    },
    "half precision": {"options": {"precision": "mixed_bfloat16"}},
    "XLA": {"options": {"xla": True}},
}
_SAID = {
    "class weights and rates of layers": ["class_weight={0: 4.0, 2: 0.5}", 'learn_at_own_rates(model, {"dense": 0.1})'],
    "balanced classes, a frozen layer": ["class_weight=balanced", 'model.get_layer("dense_1").trainable = False'],
    "weights of rows": ["sample_weight=weights_train", "weighted_metrics=[", "loss_weights=0.5"],
    "half precision": ['keras.config.set_dtype_policy("mixed_bfloat16")'],
    "XLA": ["jit_compile=True"],
}


def exported(folder: Path, name: str) -> tuple[Any, Any, Any]:
    """The script's text, the notebook's file, and the run's model."""
    settings = SETTINGS[name]
    drawn = notebook(folder, **{"batch_size": ROWS, "epochs": 3, "rate": 0.0, **settings})
    model, run = trained(folder, drawn)
    path = folder / "a.weft"
    path.write_text(write_notebook(drawn))
    data = load(drawn.cell("rows"), folder).description  # pyright: ignore[reportArgumentType]
    checked = check(drawn, oracle=KerasShapes(), data={"rows": data})
    network = drawn.cell("net")
    assert isinstance(network, NetworkCell)
    return drawn, (network, checked, path, run), model


QUICK = ("schedule, clipping, decay", "class weights and rates of layers")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.long) for name in SETTINGS]
)
def test_script_trains_as_the_run_did(name, tmp_path, monkeypatch, capsys):
    drawn, (network, checked, path, run), model = exported(tmp_path, name)
    source = script_source(find_subject(drawn, network, checked, path, run.id), pipeline=True)
    for said in _SAID.get(name, ()):
        assert said in source
    (tmp_path / "script.py").write_text(source)
    monkeypatch.chdir(tmp_path)
    keras.utils.clear_session()  # A script starts in a process of its own, in which Keras counts names from nothing.
    try:
        theirs = runpy.run_path("script.py", run_name="__main__")["model"]
    finally:
        keras.config.set_dtype_policy("float32")
    tolerance = 2e-3 if name == "half precision" else 2e-6
    for our, their in zip(model.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(our, their, atol=tolerance)
    assert "loss" in capsys.readouterr().out


def test_network_that_was_trained_in_half_precision_is_exported_as_python(tmp_path):
    drawn, (network, checked, path, run), _ = exported(tmp_path, "half precision")
    result = export_network(drawn, network, checked, path, to="python", output=tmp_path / "out.py", run=run.id)
    assert result["difference"] < 1e-6
