"""Weights come along: an imported network gives what the file's model gives, exports it, and learns on from it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
from keras import layers

from tests.compiler.importing.back_again import largest_difference
from tests.compiler.importing.keras_models import MODELS
from weftwork.compiler.document import Choice
from weftwork.compiler.document_file import read_notebook
from weftwork.compiler.pipeline import check
from weftwork.compiler.shapes import KerasShapes
from weftwork.compiler.write_notebook import write_notebook
from weftwork.runtime.evaluate import evaluate_run
from weftwork.runtime.headless import export, train
from weftwork.runtime.importers.keras_task import read_keras_file
from weftwork.runtime.importers.weights_beside import waiting_place
from weftwork.runtime.run_directory import RunDirectory
from weftwork.runtime.start_weights import WeightsMissing

from .imported_models import imported, with_its_weights
from .small_notebooks import notebook as small_notebook

FORMS = [(name, form) for name in MODELS for form in ("keras", "h5")]
# Keras itself cannot write these to HDF5, or not read them back.
NOT_IN_HDF5 = {"attention", "dicts", "nested", "operators", "constants", "recurrent", "nested_lists"}


@pytest.fixture(autouse=True)
def fresh_names():
    keras.backend.clear_session()
    keras.utils.set_random_seed(5)


def trained(model: keras.Model) -> keras.Model:
    """The model with random numbers for every weight: zeros and ones would hide a mistake."""
    random = np.random.default_rng(1)
    for one in model.weights:
        one.assign(random.uniform(0.1, 0.5, one.shape))
    return model


@pytest.mark.parametrize(("name", "form"), [one for one in FORMS if one[1] == "keras" or one[0] not in NOT_IN_HDF5])
@pytest.mark.filterwarnings("ignore")
def test_an_imported_network_begins_with_the_weights_of_the_file(tmp_path, name, form):
    model = trained(MODELS[name]())
    path = tmp_path / f"{name}.{form}"
    model.save(path)

    notebook = imported(path)

    assert sorted(one.name for one in tmp_path.iterdir() if one.name != ".weftwork") == sorted(
        [path.name, f"{name}.weft", *([f"{name}.weights.h5"] if model.weights else [])]
    )
    again, fresh = with_its_weights(notebook)
    assert fresh == []
    assert largest_difference(model, again) <= 1e-6


@pytest.mark.filterwarnings("ignore")
def test_layers_that_were_frozen_in_a_model_inside_keep_their_weights_apart(tmp_path):
    inner = keras.Sequential(
        [keras.Input((4,)), layers.Dense(4), layers.BatchNormalization(), layers.Dense(4)], name="inner"
    )
    inner.layers[0].trainable = False
    x = keras.Input((4,), name="x")
    model = trained(keras.Model(x, layers.Dense(2)(inner(x)), name="frozen"))
    model.save(tmp_path / "frozen.h5")

    again, fresh = with_its_weights(imported(tmp_path / "frozen.h5"))

    assert fresh == []
    assert largest_difference(model, again) <= 1e-6


def _small(folder: Path) -> tuple[keras.Model, Path]:
    x = keras.Input((6,), name="x")
    model = trained(keras.Model(x, layers.Dense(2, name="last")(layers.Dense(4, name="first")(x)), name="small"))
    model.save(folder / "small.keras")
    return model, imported(folder / "small.keras")


@pytest.mark.long
def test_what_is_exported_has_the_weights_that_came_along(tmp_path):
    model, notebook = _small(tmp_path)

    export(notebook, to="keras", output=tmp_path / "again.keras")

    again = keras.saving.load_model(tmp_path / "again.keras")
    for ours, given in zip(again.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, given)


def test_a_layer_that_was_changed_begins_fresh_and_the_others_do_not(tmp_path):
    _, notebook = _small(tmp_path)
    text = notebook.read_text(encoding="utf-8").replace('"units": 2', '"units": 3')
    notebook.write_text(text, encoding="utf-8")

    _, fresh = with_its_weights(notebook)

    assert fresh == ["last"]


def test_weights_that_are_gone_or_changed_are_told(tmp_path):
    _, notebook = _small(tmp_path)
    weights = tmp_path / "small.weights.h5"
    content = weights.read_bytes()
    weights.write_bytes(content + b"\0")

    with pytest.raises(WeightsMissing, match="has changed since it was imported"):
        with_its_weights(notebook)
    weights.unlink()
    with pytest.raises(WeightsMissing, match="not beside the notebook"):
        with_its_weights(notebook)


def test_weights_outside_of_the_folder_are_not_reached(tmp_path):
    _, notebook = _small(tmp_path)
    for path in ("../small.weights.h5", str(tmp_path / "small.weights.h5")):
        text = notebook.read_text(encoding="utf-8").replace('"small.weights.h5"', json.dumps(path))
        other = tmp_path / "other.weft"
        other.write_text(text, encoding="utf-8")
        with pytest.raises(WeightsMissing, match="not beside the notebook"):
            with_its_weights(other)


@pytest.mark.filterwarnings("ignore")
def test_weights_that_lead_out_of_their_file_are_left_out(tmp_path):
    secret = tmp_path / "secret.h5"
    with h5py.File(secret, "w") as file:
        file["kernel"] = np.ones((6, 4))
    x = keras.Input((6,), name="x")
    keras.Model(x, layers.Dense(4, name="first")(x), name="small").save(tmp_path / "small.h5")
    with h5py.File(tmp_path / "small.h5", "r+") as file:
        group = file["model_weights/first"]
        name = str(group.attrs["weight_names"][0])
        del group[name]
        group[name] = h5py.ExternalLink(str(secret), "/kernel")

    answer = read_keras_file(str(tmp_path / "small.h5"), weights=str(waiting_place(tmp_path)))

    assert answer["weights"] == 0
    assert any("Its weights were left out" in line for line in answer["said"])
    assert list((tmp_path / ".weftwork" / "imports").iterdir()) == []


@pytest.mark.filterwarnings("ignore")
def test_weights_that_say_they_are_huge_are_left_out_before_they_are_read(tmp_path):
    x = keras.Input((6,), name="x")
    keras.Model(x, layers.Dense(4, name="first")(x), name="small").save(tmp_path / "small.h5")
    with h5py.File(tmp_path / "small.h5", "r+") as file:
        group = file["model_weights/first"]
        name = str(group.attrs["weight_names"][0])
        del group[name]
        group.create_dataset(name, shape=(10**10,), dtype="f4", chunks=(1000,), fillvalue=1.0)

    answer = read_keras_file(str(tmp_path / "small.h5"), weights=str(waiting_place(tmp_path)))

    assert (tmp_path / "small.h5").stat().st_size < 10**6
    assert answer["weights"] == 0
    assert "Its weights were left out: they are larger than 8 GB." in answer["said"]


def test_damaged_weights_leave_the_network(tmp_path):
    model, _ = _small(tmp_path)
    with zipfile.ZipFile(tmp_path / "bad.keras", "w") as archive:
        archive.writestr("config.json", model.to_json())
        archive.writestr("model.weights.h5", b"\x89HDF\r\n\x1a\n" + b"x" * 100)

    answer = read_keras_file(str(tmp_path / "bad.keras"), weights=str(waiting_place(tmp_path)))

    assert "Its weights were left out: they are damaged." in answer["said"]
    assert "first" in answer["text"]


def _with_training(notebook: Path, **training: Any) -> None:
    """Adds data and a training cell to an imported notebook."""
    read, _ = read_notebook(notebook.read_text(encoding="utf-8"))
    rows = small_notebook(notebook.parent, "dropout", **training)
    cell = read.networks()[0]
    data, _, fit = rows.cells
    fit = fit.model_copy(update={"network": cell.name})
    notebook.write_text(write_notebook(read.model_copy(update={"cells": (*read.cells, data, fit)})), encoding="utf-8")


@pytest.mark.long
def test_a_training_begins_with_the_weights_and_one_of_no_epoch_evaluates_them(tmp_path):
    x = keras.Input((8,), name="x")
    y = layers.Dense(3, activation="softmax", name="last")(layers.Dense(4, name="first")(x))
    model = trained(keras.Model(x, y, name="small"))
    model.save(tmp_path / "small.keras")
    notebook = imported(tmp_path / "small.keras")
    still = Choice(kind="SGD", params={"learning_rate": 1e-12})
    _with_training(notebook, optimizer=still, rows=80)

    as_it_is, on = train(notebook, epochs=0), train(notebook, epochs=1)

    for result in (as_it_is, on):
        assert result["state"] == "finished"
        learned = keras.saving.load_model(Path(result["directory"], "artefacts", "model.keras"), compile=False)
        for ours, given in zip(learned.get_weights(), model.get_weights(), strict=True):
            np.testing.assert_allclose(ours, given, atol=1e-6)
    evaluated = evaluate_run(as_it_is["directory"], str(tmp_path))
    rows = np.load(tmp_path / "rows.npz")
    validation = RunDirectory(Path(on["directory"])).epochs()[-1]["metrics"]
    assert evaluated["metrics"]["loss"] == pytest.approx(validation["val_loss"], rel=1e-4)
    assert len(rows["x"]) > evaluated["rows"] > 0


def test_a_training_of_no_epoch_is_a_problem_where_nothing_came_along(tmp_path):
    checked = check(small_notebook(tmp_path, "dropout", epochs=0), oracle=KerasShapes())

    assert "T419" in [problem.code for problem in checked.problems]
