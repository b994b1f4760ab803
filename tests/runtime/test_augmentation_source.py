"""Augmentation in exports: the script trains with it, by Keras' own layers; what is exported is without it."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from weftwork.compiler.document import NetworkCell, Notebook, TrainingCell
from weftwork.compiler.pipeline import check
from weftwork.compiler.shapes import KerasShapes
from weftwork.runtime.data.load import load
from weftwork.runtime.exporters.serving_model import serving_model
from weftwork.runtime.exporters.subject import find_subject
from weftwork.runtime.exporters.write_python import script_source

from .data_cells import data_cell, step, write_pictures
from .small_notebooks import chain, node

pytestmark = pytest.mark.keras

STEPS = (step("rescale"), step("augment", flip="horizontal"))


def subject(folder: Path, *steps: Any, **training: Any) -> Any:
    write_pictures(folder, {"a": 20, "b": 20}, size=(6, 5), mode="RGB")
    data = data_cell("images", "pictures", preparation=steps)
    network = chain(
        node("Input", shape=[6, 5, 3]), node("Flatten"), node("Dense", units=2, activation="softmax"), node("Output")
    )
    fit = TrainingCell(id="t", name="fit", network="net", data="Data", epochs=2, batch_size=8, **training)
    book = Notebook(cells=(data, network, fit))
    checked = check(book, oracle=KerasShapes(), data={"Data": load(data, folder).description})
    assert isinstance(network, NetworkCell)
    return find_subject(book, network, checked, folder / "a.weft", None)


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> dict[str, Any]:
    (folder / "script.py").write_text(source)
    monkeypatch.chdir(folder)
    keras.utils.clear_session()
    return runpy.run_path("script.py", run_name="__main__")


@pytest.mark.parametrize("training", [{}, {"options": {"class_weight": "balanced"}}], ids=["plain", "weighted"])
def test_script_trains_on_pictures_changed_anew_in_each_epoch(tmp_path, monkeypatch, capsys, training):
    said = run(tmp_path, monkeypatch, script_source(subject(tmp_path, *STEPS, **training), pipeline=True))
    assert "loss" in capsys.readouterr().out
    plain = {picture.tobytes(): row for row, picture in enumerate(said["x_train"])}
    mirrored = {picture[:, ::-1].tobytes(): row for row, picture in enumerate(said["x_train"])}
    turned = []
    for _ in range(2):
        rows, marks, answers = [], [], []
        for x, y in said["batches"]:
            for picture in x.numpy():
                rows.append({**mirrored, **plain}[picture.tobytes()])
                marks.append(picture.tobytes() not in plain)
            answers += y.numpy().tolist()
        # Every row once, with its own label; some of them mirrored, as RandomFlip does it, and nothing else.
        assert sorted(rows) == list(range(len(said["x_train"])))
        assert answers == said["y_train"][rows].tolist()
        turned.append([mark for _, mark in sorted(zip(rows, marks, strict=True))])
    assert turned[0] != turned[1]
    assert 3 < sum(turned[0]) < len(turned[0]) - 3


def test_script_without_augmentation_has_no_word_of_it(tmp_path):
    source = script_source(subject(tmp_path, step("rescale")), pipeline=True)
    assert "augment" not in source
    assert "tf.data" not in source


def test_exported_model_leaves_augmentation_out(tmp_path, monkeypatch):
    drawn = subject(tmp_path, step("rescale"), step("augment", flip="vertical", rotate=0.2, shift=0.1, zoom=0.3))
    model, samples = serving_model(drawn, preparation=True)
    inner = [layer for each in model.layers for layer in (each, *getattr(each, "layers", []))]
    assert not [layer for layer in inner if type(layer).__name__.startswith("Random")]
    # Pictures as they are in the source, prepared and never changed: the same answer each time, and the network's own.
    x = samples[""] if "" in samples else samples["image"]
    first, second = model.predict(x, verbose=0), model.predict(x, verbose=0)
    np.testing.assert_array_equal(first, second)
    np.testing.assert_allclose(first, drawn.model.predict(x.astype("float32") / 255, verbose=0), atol=1e-6)
    source = script_source(drawn, pipeline=True)
    for layer in ("RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom"):
        assert f"layers.{layer}(" in source
    # The preparation, which a model may stand behind, has none of them either.
    names = runpy.run_path(_written(tmp_path, source))
    assert not [layer for layer in names["build_preparation"]().layers if type(layer).__name__.startswith("Random")]


def _written(folder: Path, source: str) -> str:
    (folder / "script.py").write_text(source)
    return str(folder / "script.py")
