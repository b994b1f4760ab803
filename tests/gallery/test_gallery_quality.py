"""Each notebook of the gallery learns what its prose promises."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from weftwork.compiler.document import DataCell, TextCell
from weftwork.compiler.document_file import read_notebook_file, write_notebook
from weftwork.gallery.cards import cards, copy_card

pytestmark = pytest.mark.keras


def trained(name: str, folder: Path, seed: int = 0) -> tuple[dict, dict]:
    """The result of training a copy of the notebook, and the evaluation of that run."""
    from weftwork.runtime.evaluate import evaluate_run
    from weftwork.runtime.headless import train

    path = copy_card(name, folder)
    notebook, _ = read_notebook_file(path)
    training = notebook.cell("Training").model_copy(update={"seed": seed})
    path.write_text(write_notebook(notebook.with_cell(training)), encoding="utf-8")
    result = train(path)
    assert result["state"] == "finished", result
    return result["metrics"], evaluate_run(result["directory"], str(folder))


def promise(name: str, pattern: str) -> float:
    """The number that the prose promises."""
    notebook, _ = read_notebook_file(next(card.path for card in cards() if card.name == name))
    text = " ".join(cell.text for cell in notebook.cells if isinstance(cell, TextCell)).replace("\n", " ")
    found = re.search(pattern, text)
    assert found, f"the prose of {name} promises nothing like {pattern}"
    return float(found[1])


def assert_reads_digits(folder: Path, seed: int) -> None:
    metrics, found = trained("digits", folder, seed)
    assert metrics["val_accuracy"] >= promise("digits", r"at least (\d+) of 100") / 100
    assert metrics["val_accuracy"] >= 0.97
    assert found["accuracy"] == pytest.approx(metrics["val_accuracy"], abs=1e-6)


@pytest.mark.long
@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_digits_are_read_as_promised_whatever_the_seed(tmp_path, seed):
    assert_reads_digits(tmp_path, seed)


def test_digits_are_read_by_blocks_as_promised(tmp_path):
    metrics, found = trained("residual", tmp_path)
    assert metrics["val_accuracy"] >= promise("residual", r"at least (\d+) of 100") / 100
    assert found["accuracy"] == pytest.approx(metrics["val_accuracy"], abs=1e-6)


def test_tumours_are_told_apart_as_promised(tmp_path):
    metrics, found = trained("tumours", tmp_path)
    assert metrics["val_accuracy"] >= promise("tumours", r"at least (\d+) of 100") / 100
    assert found["classes"][0]["name"] == "malignant"
    assert found["classes"][0]["recall"] > 0.9


def test_carbon_dioxide_is_foretold_better_than_by_rules_of_thumb(tmp_path):
    from weftwork.runtime.data.load import load

    _, found = trained("carbon_dioxide", tmp_path)
    error = found["residuals"]["mean_absolute_error"]
    assert error < promise("carbon_dioxide", r"less than ([\d.]+) ppm")
    notebook, _ = read_notebook_file(next(card.path for card in cards() if card.name == "carbon_dioxide"))
    cell = notebook.cell("Air")
    assert isinstance(cell, DataCell)
    raw = load(cell, tmp_path).raw_validation
    seen, coming = raw["window"][..., 0].astype(float), raw["next"]
    growth = (seen[:, 12:].mean(axis=1) - seen[:, :12].mean(axis=1))[:, np.newaxis]
    rules = (
        (r"\*everything stays as it is today\* errs by ([\d.]+) ppm", seen[:, -1:]),
        (r"\*as in the same month last year\* by ([\d.]+)[;,]", seen[:, 12:]),
        (r"as much more as last year brought\* by ([\d.]+)\.\s", seen[:, 12:] + growth),
    )
    for pattern, foretold in rules:
        theirs = np.abs(coming - foretold).mean()
        assert theirs == pytest.approx(promise("carbon_dioxide", pattern), abs=0.06)
        assert error < theirs
    assert found["residuals"]["naive_error"] == pytest.approx(np.abs(coming - seen[:, -1:]).mean(), rel=1e-4)


def test_digits_are_compressed_better_than_by_principal_components(tmp_path):
    from sklearn.decomposition import PCA

    from weftwork.runtime.data.load import load

    metrics, found = trained("autoencoder", tmp_path)
    assert metrics["val_loss"] < promise("autoencoder", r"\*\*below ([\d.]+)\*\*")
    assert found["error"] == pytest.approx(metrics["val_loss"], rel=1e-4)
    notebook, _ = read_notebook_file(next(card.path for card in cards() if card.name == "autoencoder"))
    cell = notebook.cell("Digits")
    assert isinstance(cell, DataCell)
    dataset = load(cell, tmp_path)
    known, new = (part["image"].reshape(-1, 784) for part in (dataset.train, dataset.validation))
    components = PCA(16, random_state=0).fit(known)
    copies = np.clip(components.inverse_transform(components.transform(new)), 0, 1)
    theirs = ((copies - new) ** 2).mean()
    assert theirs == pytest.approx(promise("autoencoder", r"error of about ([\d.]+) on unseen"), abs=0.001)
    assert metrics["val_loss"] < theirs


@pytest.mark.long
@pytest.mark.parametrize("name", [card.name for card in cards()])
def test_notebook_can_be_trained_and_exported_in_every_format(name, tmp_path):
    from weftwork.runtime.headless import export, train

    path = copy_card(name, tmp_path)
    assert train(path, epochs=1)["state"] == "finished"
    for to, output in (("python", "script.py"), ("keras", "model.keras"), ("savedmodel", "saved")):
        assert export(path, to=to, output=tmp_path / output)["difference"] <= 1e-4
        assert (tmp_path / output).exists()
