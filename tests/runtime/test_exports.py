"""Exports of a small notebook in every format, read again as a stranger would: by the format's own runtime, with raw
values that are prepared here by hand."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from tests.editor.small_notebook import write_small_notebook
from weftwork.compiler.document_file import read_notebook
from weftwork.compiler.write_notebook import write_notebook
from weftwork.runtime import export, import_notebook, train
from weftwork.runtime.exporters.formats import FORMATS
from weftwork.runtime.exporters.refused import ExportRefused

from .imported_models import with_its_weights

pytestmark = pytest.mark.keras

ENDINGS = {"savedmodel": "leaves", "litert": "leaves.tflite", "litert-int8": "leaves.tflite"}
# Each is loaded in a fresh process, which takes seconds; what other tests show soon enough is long here.
LONG = {"python", "keras", "weights", "savedmodel", "litert"}
OF_NETWORK = [
    pytest.param(name, marks=pytest.mark.long if name in LONG else ())
    for name, form in FORMATS.items()
    if form.of_network
]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The notebook, trained, and what the network answers to every row of its table, in Keras."""
    import keras

    path = write_small_notebook(tmp_path_factory.mktemp("leaves"))
    run = train(path, epochs=2)
    model = keras.models.load_model(Path(run["directory"]) / "artefacts" / "model.keras")
    return path, run, model


def leaves(folder: Path) -> dict[str, np.ndarray]:
    with open(folder / "leaves.csv") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([[float(row[name])] for row in rows], "float32") for name in ("width", "length", "weight")}


def prepared(run: dict, folder: Path) -> np.ndarray:
    """Standardised by the training rows, in numpy."""
    from weftwork.compiler.document import DataCell
    from weftwork.runtime import open_notebook
    from weftwork.runtime.data.load import load

    (cell,) = [cell for cell in open_notebook(folder / "leaves.weft").cells if isinstance(cell, DataCell)]
    rows = load(cell, folder).train_rows
    values = np.concatenate(list(leaves(folder).values()), axis=1).astype("float64")
    return ((values - values[rows].mean(axis=0)) / values[rows].std(axis=0)).astype("float32")


def answers(form: str, path: Path, folder: Path) -> np.ndarray:
    """What the file gives for the raw rows, by its own runtime; columns go by their names."""
    raw = leaves(folder)
    if form == "savedmodel":
        import tensorflow as tf

        serve = tf.saved_model.load(str(path)).signatures["serving_default"]
        names = set(serve.structured_input_signature[1])
        given = {name: tf.constant(_of(raw, name)) for name in names}
        return next(iter(serve(**given).values())).numpy()
    if form == "onnx":
        import onnxruntime

        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        assert [entry.name for entry in session.get_outputs()] == ["tree"]
        return session.run(None, {entry.name: _of(raw, entry.name) for entry in session.get_inputs()})[0]
    if form == "keras":
        import keras

        model = keras.models.load_model(path)
        given = {tensor.name: _of(raw, tensor.name) for tensor in model.inputs}
        return model.predict(given if len(given) > 1 else next(iter(given.values())), verbose=0)
    import tensorflow as tf

    run = tf.lite.Interpreter(model_path=str(path)).get_signature_runner("serving_default")
    return next(iter(run(**{name: _of(raw, name) for name in run.get_input_details()}).values()))


def _of(raw: dict[str, np.ndarray], name: str) -> np.ndarray:
    return raw[name] if name in raw else np.concatenate(list(raw.values()), axis=1)


@pytest.mark.parametrize("form", OF_NETWORK)
def test_export_answers_raw_rows_as_the_trained_network_does(form, trained, tmp_path):
    path, run, model = trained
    output = tmp_path / ENDINGS.get(form, f"leaves{FORMATS[form].ending}")
    result = export(path, to=form, output=output)
    assert (result["run"], result["format"]) == (run["run"], form)
    limit = 0.1 if form == "litert-int8" else 1e-5
    assert result["difference"] <= limit
    inputs = prepared(run, path.parent)
    expected = model.predict(inputs, verbose=0)
    if form == "python":
        return  # what it builds is compared for the whole gallery
    if form == "weights":
        model.set_weights([np.zeros_like(value) for value in model.get_weights()])
        model.load_weights(output)
        np.testing.assert_array_equal(model.predict(inputs, verbose=0), expected)
        return
    assert np.abs(answers(form, output, path.parent) - expected).max() <= limit
    if form == "litert-int8":
        import tensorflow as tf

        interpreter = tf.lite.Interpreter(model_path=str(output))
        types = {detail["dtype"] for detail in interpreter.get_tensor_details()}
        assert np.int8 in types
    if FORMATS[form].carries:
        again = import_notebook(output, tmp_path / "again.weft")
        if form == "keras":
            back, fresh = with_its_weights(tmp_path / "again.weft")
            assert fresh == []
            for value, known in zip(back.get_weights(), model.get_weights(), strict=True):
                np.testing.assert_array_equal(value, known)
            (told,) = again["notices"]
            assert "came along" in told
            assert _without_weights(tmp_path / "again.weft") == path.read_text(encoding="utf-8")
            return
        assert (tmp_path / "again.weft").read_bytes() == path.read_bytes()
        assert again["notices"] == []


def _without_weights(path) -> str:
    notebook, _ = read_notebook(path.read_text(encoding="utf-8"))
    for cell in notebook.networks():
        notebook = notebook.with_cell(cell.model_copy(update={"weights": None}))
    return write_notebook(notebook)


def test_a_format_that_is_not_installed_says_how_to_get_it(trained, tmp_path, monkeypatch):
    monkeypatch.setattr("weftwork.runtime.exporters.formats.find_spec", lambda name: None)
    with pytest.raises(ExportRefused, match=r'ONNX needs tf2onnx and onnxruntime: pip install "weftwork\[onnx\]"'):
        export(trained[0], to="onnx", output=tmp_path / "leaves.onnx")


@pytest.mark.parametrize("form", ["onnx", pytest.param("litert", marks=pytest.mark.long)])
def test_what_cannot_be_converted_is_named_before_anything_is_written(form):
    import keras

    from weftwork.runtime.exporters.write_litert import litert_model
    from weftwork.runtime.exporters.write_onnx import onnx_model

    words = keras.Input((), dtype="string", name="words")
    reader = keras.layers.TextVectorization(max_tokens=9, output_sequence_length=4, name="reader")
    reader.adapt(["one two", "three"])
    x = keras.layers.Embedding(9, 3, name="places")(reader(words))
    x = keras.layers.Dropout(0.5, name="noise")(x)
    model = keras.Model(words, keras.layers.GlobalAveragePooling1D(name="mean")(x))
    with pytest.raises(ExportRefused) as refused:
        onnx_model(model, ["y"]) if form == "onnx" else litert_model(model)
    assert str(refused.value) == (
        f"{'ONNX' if form == 'onnx' else 'LiteRT'} cannot hold reader: what it does has no counterpart."
    )


@pytest.mark.long
def test_loops_go_through_litert_a_row_at_a_time():
    import keras
    import tensorflow as tf

    from weftwork.runtime.exporters.write_litert import litert_model

    keras.utils.set_random_seed(1)
    given = keras.Input((5, 2), name="series")
    model = keras.Model(given, keras.layers.Dense(1)(keras.layers.Bidirectional(keras.layers.LSTM(3))(given)))
    content, rows = litert_model(model)
    assert rows == 1
    series = np.random.default_rng(0).normal(size=(1, 5, 2)).astype("float32")
    got = tf.lite.Interpreter(model_content=content).get_signature_runner("serving_default")(series=series)
    np.testing.assert_allclose(next(iter(got.values())), model.predict(series, verbose=0), atol=1e-5)


def test_inputs_and_outputs_keep_their_names_in_onnx(tmp_path):
    import keras
    import onnxruntime

    from weftwork.runtime.exporters.write_onnx import onnx_model, write_onnx
    from weftwork.runtime.importers.onnx_metadata import entry_of

    left, right = keras.Input((2,), name="zeta"), keras.Input((3,), name="alpha")
    both = keras.layers.Concatenate()([left, right])
    outputs = {"wide": keras.layers.Dense(4)(both), "narrow": keras.layers.Dense(1)(both)}
    model = keras.Model({"zeta": left, "alpha": right}, outputs)
    write_onnx(onnx_model(model, ["wide", "narrow"]), tmp_path / "two.onnx", json.dumps("größe"), "weftwork notebook")
    session = onnxruntime.InferenceSession(str(tmp_path / "two.onnx"), providers=["CPUExecutionProvider"])
    assert {entry.name: entry.shape[1] for entry in session.get_inputs()} == {"zeta": 2, "alpha": 3}
    rows = {"zeta": np.ones((2, 2), "float32"), "alpha": np.full((2, 3), 0.5, "float32")}
    got = dict(zip([entry.name for entry in session.get_outputs()], session.run(None, rows), strict=True))
    for name, expected in model.predict(rows, verbose=0).items():
        np.testing.assert_allclose(got[name], expected, atol=1e-6)
    assert session.get_modelmeta().custom_metadata_map == {"weftwork notebook": json.dumps("größe")}
    assert entry_of((tmp_path / "two.onnx").read_bytes(), "weftwork notebook") == json.dumps("größe").encode()
    assert entry_of((tmp_path / "two.onnx").read_bytes()[:-4], "weftwork notebook") is None
    assert entry_of(b"\x00\xff" * 40, "weftwork notebook") is None
