"""Evaluations against Keras and scikit-learn. The networks are untrained: answers need not be right to be counted."""

from __future__ import annotations

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from tests.compiler.network_text import network
from weftwork.compiler.document import Choice, Notebook, TrainingCell
from weftwork.runtime.data.load import load
from weftwork.runtime.data.preparation_plan import restore
from weftwork.runtime.run_directory import create_run

from .data_cells import data_cell, step

pytestmark = pytest.mark.keras


def evaluated(folder, data, drawing, **settings):
    """The evaluation of a run whose network has only its first weights, that network, and its data."""
    import keras

    from weftwork.compiler.pipeline import check
    from weftwork.compiler.shapes import KerasShapes
    from weftwork.compiler.to_keras import build_model
    from weftwork.runtime.evaluate import evaluate_run

    cells = (data, network(drawing), TrainingCell(id="t", name="train", network="net", data="Data", **settings))
    dataset = load(data, folder)
    checked = check(Notebook(cells=cells), oracle=KerasShapes(), data={"Data": dataset.description})
    keras.utils.set_random_seed(3)
    model = build_model(checked.programs["net"])
    run = create_run(folder, Notebook(cells=cells), "train", notebook_name="test.weft")
    model.save(run.model_path)
    found = evaluate_run(str(run.path), str(folder))
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    return found, model, dataset


def answers(model, x):
    return np.asarray(model(x))


WINE = "x: Input(shape=[13])\nd: Dense(units=3{}) <- x\ny: Output <- d"


@pytest.fixture(scope="module")
def wine(tmp_path_factory):
    cell = data_cell(location="wine", preparation=(step("standardise"),))
    return evaluated(tmp_path_factory.mktemp("wine"), cell, WINE.format(", activation='softmax'"))


def assert_counted_right(found, scores, expected):
    """Confusions and shares are those of scikit-learn."""
    from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

    predicted = scores.argmax(axis=1)
    assert found["confusion"]["matrix"] == confusion_matrix(expected, predicted).tolist()
    assert found["confusion"]["classes"] == ["cultivar 1", "cultivar 2", "cultivar 3"]
    precision, recall, f1, rows = precision_recall_fscore_support(expected, predicted, zero_division=0)
    for name, values in (("precision", precision), ("recall", recall), ("f1", f1), ("rows", rows)):
        np.testing.assert_allclose([row[name] for row in found["classes"]], values)
    assert (found["part"], found["rows"], found["kind"]) == ("validation", 36, "classes")


def test_classes_are_counted_as_scikit_learn_does(wine):
    found, model, dataset = wine
    assert_counted_right(found, answers(model, dataset.validation["features"]), dataset.validation["cultivar"])


@pytest.mark.parametrize("target", ["one_hot", "logits"])
def test_one_hot_targets_and_logits_are_counted_too(tmp_path, target):
    steps = (step("standardise"), *((step("one_hot", "cultivar"),) if target == "one_hot" else ()))
    activation = "" if target == "logits" else ", activation='softmax'"
    loss = "CategoricalCrossentropy" if target == "one_hot" else "SparseCategoricalCrossentropy"
    losses = {"y": Choice(kind=loss, params={"from_logits": target == "logits"})}
    cell = data_cell(location="wine", preparation=steps)
    found, model, dataset = evaluated(tmp_path, cell, WINE.format(activation), losses=losses)
    expected = dataset.validation["cultivar"]
    codes = expected.argmax(axis=1) if target == "one_hot" else expected
    scores = answers(model, dataset.validation["features"])
    assert_counted_right(found, scores, codes)
    powers = np.exp(scores) if target == "logits" else scores
    right = (powers / powers.sum(axis=1, keepdims=True))[np.arange(36), codes]
    assert found["worst"][0]["loss"] == pytest.approx(-np.log(right.min()), rel=1e-4)


def test_metrics_are_those_of_evaluate(wine):
    found, model, dataset = wine
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = dataset.validation["features"], dataset.validation["cultivar"]
    theirs = model.evaluate(x, y, verbose=0, return_dict=True)
    assert found["metrics"] == pytest.approx(theirs, abs=1e-6)


def test_worst_rows_have_the_highest_loss_and_their_values(wine):
    found, model, dataset = wine
    scores = answers(model, dataset.validation["features"])
    right = scores[np.arange(36), dataset.validation["cultivar"]]
    order = np.argsort(right)[:12]
    assert [row["row"] for row in found["worst"]] == dataset.validation_rows[order].tolist()
    np.testing.assert_allclose([row["loss"] for row in found["worst"]], -np.log(right[order]), rtol=1e-5)
    first = found["worst"][0]
    assert first["predicted"] == f"cultivar {scores[order[0]].argmax() + 1}"
    assert first["confidence"] == pytest.approx(scores[order[0]].max(), abs=1e-6)
    assert first["values"]["alcohol"] == pytest.approx(dataset.raw_validation["features"][order[0], 0])


def test_one_sigmoid_tells_two_classes_apart(tmp_path):
    from sklearn.metrics import confusion_matrix

    cell = data_cell(location="breast_cancer", preparation=(step("standardise"),))
    drawing = "x: Input(shape=[30])\nd: Dense(units=1, activation='sigmoid') <- x\ny: Output <- d"
    found, model, dataset = evaluated(tmp_path, cell, drawing)
    scores = answers(model, dataset.validation["features"])[:, 0]
    expected = confusion_matrix(dataset.validation["diagnosis"], scores > 0.5)
    assert found["confusion"] == {"classes": ["malignant", "benign"], "matrix": expected.tolist()}
    assert found["accuracy"] == pytest.approx(found["metrics"]["accuracy"])


@pytest.mark.parametrize("steps", [(), (step("standardise", "progression"),)], ids=["plain", "standardised"])
def test_residuals_are_in_the_units_of_the_source(tmp_path, steps):
    from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

    drawing = "x: Input(shape=[10])\nd: Dense(units=1) <- x\ny: Output <- d"
    found, model, dataset = evaluated(tmp_path, data_cell(location="diabetes", preparation=steps), drawing)
    output = answers(model, dataset.validation["features"])[:, 0]
    predicted = restore(dataset.plan, "progression", output)
    actual = dataset.raw_validation["progression"]
    residuals = found["residuals"]
    assert residuals["mean_absolute_error"] == pytest.approx(mean_absolute_error(actual, predicted), rel=1e-5)
    assert residuals["root_mean_squared_error"] == pytest.approx(root_mean_squared_error(actual, predicted), rel=1e-5)
    assert residuals["r2"] == pytest.approx(r2_score(actual, predicted), rel=1e-5)
    np.testing.assert_allclose(residuals["expected"], actual, rtol=1e-5)
    np.testing.assert_allclose(residuals["predicted"], predicted, rtol=1e-4)
    assert sum(residuals["histogram"]["counts"]) == 88
    worst = np.argmax(np.abs(actual - predicted))
    assert found["worst"][0]["row"] == dataset.validation_rows[worst]
    assert found["worst"][0]["expected"] == pytest.approx(actual[worst], rel=1e-5)


def test_forecast_is_compared_with_saying_that_nothing_changes(tmp_path):
    cell = data_cell(location="co2", options={"window": 6, "horizon": 3}, preparation=(step("standardise"),))
    drawing = "x: Input(shape=[6, 1])\nf: Flatten <- x\nd: Dense(units=3) <- f\ny: Output <- d"
    found, _, dataset = evaluated(tmp_path, cell, drawing)
    last = dataset.raw_validation["window"][:, -1]
    naive = np.abs(dataset.raw_validation["next"] - last).mean()
    assert found["residuals"]["naive_error"] == pytest.approx(naive, rel=1e-5)
    assert found["residuals"]["unit"] == "ppm"
    assert len(found["worst"][0]["expected"]) == len(found["worst"][0]["predicted"]) == 3
    assert len(found["worst"][0]["values"]["window"]) == 6


def test_autoencoder_shows_what_went_in_and_what_came_out(tmp_path):
    drawing = """
        image: Input(shape=[8, 8, 1])
        conv: Conv2D(filters=1, kernel_size=3, padding='same', activation='sigmoid') <- image
        copy: Output <- conv
    """
    cell = data_cell(location="digits", preparation=(step("rescale"),))
    losses = {"copy": Choice(kind="MeanSquaredError")}
    found, model, dataset = evaluated(tmp_path, cell, drawing, targets={"copy": "image"}, losses=losses)
    pictures = dataset.validation["image"]
    copies = answers(model, pictures)
    errors = ((copies - pictures) ** 2).mean(axis=(1, 2, 3))
    assert found["kind"] == "copies"
    assert found["error"] == pytest.approx(errors.mean(), rel=1e-5)
    worst = int(errors.argmax())
    assert found["worst"][0]["row"] == dataset.validation_rows[worst]
    for key, expected in (("image", pictures), ("output_image", copies)):
        pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(found["worst"][0][key]))))
        np.testing.assert_allclose(pixels, expected[worst, ..., 0] * 255, atol=0.51)
    assert len(found["pairs"]) == 12


def test_two_outputs_are_evaluated_each(tmp_path):
    drawing = """
        x: Input(shape=[3])
        a: Dense(units=3, activation='softmax') <- x
        b: Dense(units=1) <- x
        species: Output [label=species] <- a
        width: Output [label=width] <- b
    """
    cell = data_cell(location="iris", roles={"species": "target", "petal width": "target"})
    found, _, _ = evaluated(tmp_path, cell, drawing, targets={"species": "species", "width": "petal width"})
    assert [(o["name"], o["field"], o["kind"]) for o in found["outputs"]] == [
        ("species", "species", "classes"),
        ("width", "petal width", "numbers"),
    ]
    assert {"loss", "species_loss", "width_loss"} <= found["metrics"].keys()


def test_run_without_a_network_is_told_in_one_line(tmp_path):
    from weftwork.runtime.evaluate import CannotEvaluate, evaluate_run

    run = create_run(
        tmp_path, Notebook(cells=(TrainingCell(id="t", name="train"),)), "train", notebook_name="test.weft"
    )
    with pytest.raises(CannotEvaluate, match="has no trained network to evaluate"):
        evaluate_run(str(run.path), str(tmp_path))


def test_many_classes_are_pooled_in_the_matrix():
    from weftwork.runtime.evaluation.classes import _bounded

    matrix = np.random.default_rng(0).integers(0, 5, (200, 200))
    bounded = _bounded(tuple(str(i) for i in range(200)), matrix)
    assert np.sum(bounded["matrix"]) == matrix.sum()
    assert len(bounded["classes"]) == len(bounded["matrix"]) == 60
    assert bounded["classes"][-1] == "141 others"
