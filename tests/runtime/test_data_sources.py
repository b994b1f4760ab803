"""Sources beyond CSV, NPZ and folders by class: each against what pandas and NumPy wrote."""

from __future__ import annotations

import hashlib
import http.server
import io
import json
import threading
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest

from weftwork.runtime.data import keras_sets
from weftwork.runtime.data.code_source import set_code_runner
from weftwork.runtime.data.keras_set_list import Download
from weftwork.runtime.data.load import describe, load

from .data_cells import data_cell, split, step, write_pictures


@pytest.fixture
def frame() -> pd.DataFrame:
    random = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "size": random.normal(size=60),
            "count": random.integers(0, 40, 60),
            "colour": np.array(["red", "green", "blue"])[random.integers(0, 3, 60)],
            "sold": random.integers(0, 2, 60).astype(bool),
            "price": random.normal(size=60) * 10,
        }
    )


def codes(of: pd.DataFrame) -> np.ndarray:
    return np.concatenate([of[["size", "count"]], pd.get_dummies(of["colour"]), pd.get_dummies(of["sold"])], axis=1)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("source", ["parquet", "jsonl"])
def test_table_of_pandas_comes_back(tmp_path, frame, source, stream):
    if source == "parquet":
        frame.to_parquet(tmp_path / "table")
    else:
        frame.to_json(tmp_path / "table", orient="records", lines=True, double_precision=15)
    dataset = load(data_cell(source, "table", options={"stream": stream}), tmp_path)
    for part, rows in ((dataset.train, dataset.train_rows), (dataset.validation, dataset.validation_rows)):
        np.testing.assert_allclose(np.asarray(part["features"]), codes(frame.iloc[rows]), rtol=1e-6)
        np.testing.assert_allclose(np.asarray(part["price"]), frame["price"].iloc[rows], rtol=1e-6)


def test_parquet_without_its_package_is_a_problem_that_says_what_to_install(tmp_path, frame, monkeypatch):
    frame.to_parquet(tmp_path / "table.parquet")
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    problem = describe(data_cell("parquet", "table.parquet"), tmp_path)[1][0]
    assert problem.code == "D538"
    assert "weftwork[parquet]" in problem.help


@pytest.mark.parametrize("source", ["parquet", "jsonl", "npy"])
def test_file_of_another_kind_is_a_problem(tmp_path, source):
    (tmp_path / "file").write_bytes(b"nothing of the kind")
    assert describe(data_cell(source, "file"), tmp_path)[1][0].code in ("D504", "D506")


def test_broken_json_line_is_named(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"a": 1, "y": 2}\n{"a": 1,\n')
    assert "line 2" in describe(data_cell("jsonl", "a.jsonl"), tmp_path)[1][0].message


def test_lists_of_json_lines_are_an_array(tmp_path):
    rows = [{"x": [i, i * 2.0, 1], "y": i * 1.5} for i in range(20)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    dataset = load(data_cell("jsonl", "a.jsonl", roles={"y": "target"}), tmp_path)
    np.testing.assert_array_equal(dataset.train["x"], [rows[row]["x"] for row in dataset.train_rows])


@pytest.mark.parametrize("shape", [(40,), (40, 5), (40, 4, 3)])
def test_npy_array_comes_back(tmp_path, shape):
    array = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    np.save(tmp_path / "a.npy", array)
    dataset = load(data_cell("npy", "a.npy"), tmp_path)
    found = [dataset.train[name].reshape(len(dataset.train_rows), -1) for name in dataset.description.fields]
    np.testing.assert_allclose(np.concatenate(found, axis=1), array[dataset.train_rows].reshape(len(found[0]), -1))


def test_pickled_npy_is_not_opened(tmp_path):
    np.save(tmp_path / "a.npy", np.array([{}, []], dtype=object), allow_pickle=True)
    assert describe(data_cell("npy", "a.npy"), tmp_path)[1][0].code == "D517"


def test_folder_with_its_own_parts_is_split_by_them(tmp_path):
    for part in ("train", "val", "test"):
        write_pictures(tmp_path, {"cat": 4 if part == "train" else 2, "dog": 3}).rename(tmp_path / part)
    (tmp_path / "set").mkdir()
    for part in ("train", "val", "test"):
        (tmp_path / part).rename(tmp_path / "set" / part)
    dataset = load(data_cell("images", "set"), tmp_path)
    assert (dataset.description.rows, dataset.description.validation_rows) == (7, 5)
    assert dataset.description.fields["label"].classes == ("cat", "dog")
    assert dataset.validation["label"].tolist() == [0, 0, 1, 1, 1]


@pytest.mark.parametrize("stream", [False, True])
def test_folder_with_a_table_of_labels_gives_its_columns(tmp_path, stream):
    folder = write_pictures(tmp_path, {"all": 12}) / "all"
    (folder / "labels.csv").write_text("file,weight,kind\n" + "\n".join(f"{i:02},{i * 2},k{i % 2}" for i in range(12)))
    cell = data_cell("images", "pictures/all", options={"stream": stream}, preparation=(step("rescale", "image"),))
    dataset = load(cell, tmp_path)
    fields = dataset.description.fields
    assert {name: field.role for name, field in fields.items()} == {
        "image": "feature",
        "weight": "feature",
        "kind": "target",
    }
    np.testing.assert_array_equal(np.asarray(dataset.train["weight"])[:, 0], dataset.train_rows * 2)
    from PIL import Image

    first = np.asarray(Image.open(folder / f"{dataset.train_rows[0]:02}.png"))
    np.testing.assert_allclose(np.asarray(dataset.train["image"])[0, ..., 0], first / 255, rtol=1e-6)


def test_pictures_in_a_file_are_prepared_as_in_memory(tmp_path):
    write_pictures(tmp_path, {"a": 9, "b": 8}, mode="RGB")
    steps = (step("resize", height=4, width=4), step("standardise"))
    whole, stored = (
        load(data_cell("images", "pictures", options={"stream": stream}, preparation=steps), tmp_path)
        for stream in (False, True)
    )
    np.testing.assert_allclose(np.asarray(stored.train["image"]), whole.train["image"], atol=1e-5)


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """A server on this machine in the place of the sets' own, with a small set."""
    random = np.random.default_rng(0)
    x, y = random.integers(0, 255, (50, 28, 28), dtype=np.uint8), random.integers(0, 10, 50, dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez(buffer, x_train=x[:40], y_train=y[:40], x_test=x[40:], y_test=y[40:])
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "mnist.npz").write_bytes(buffer.getvalue())

    class Quiet(http.server.SimpleHTTPRequestHandler):
        asked = 0

        def do_GET(self):
            Quiet.asked += 1
            super().do_GET()

        def log_message(self, *args): ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "served")))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    checksum = hashlib.sha256(buffer.getvalue()).hexdigest()
    address = f"http://127.0.0.1:{server.server_port}/mnist.npz"
    monkeypatch.setattr(keras_sets, "user_cache_path", lambda *args, **options: tmp_path / "cache")
    keras_sets._raw.cache_clear()

    def offer(checksum=checksum):
        keras_sets._raw.cache_clear()
        download = Download(address, f"sha256:{checksum}")
        chosen = replace(keras_sets.KERAS_SETS["mnist"], files=(download,))
        monkeypatch.setitem(keras_sets.KERAS_SETS, "mnist", chosen)
        return Quiet

    def close():
        server.shutdown()
        server.server_close()
        thread.join()

    yield offer, x, close
    if thread.is_alive():
        close()
    keras_sets._raw.cache_clear()


def test_keras_set_is_downloaded_once_and_kept(tmp_path, stand_in):
    offer, x, close = stand_in
    asked = offer()
    dataset = load(data_cell("keras", "mnist"), tmp_path)
    np.testing.assert_array_equal(dataset.raw_train["image"][..., 0], x[:40])
    np.testing.assert_array_equal(dataset.raw_validation["image"][..., 0], x[40:])
    close()
    offer()
    assert load(data_cell("keras", "mnist", split=split(seed=9)), tmp_path).description.rows == 40
    assert asked.asked == 1


def test_keras_set_of_another_content_is_refused(tmp_path, stand_in):
    stand_in[0](checksum="0" * 64)
    problem = describe(data_cell("keras", "mnist"), tmp_path)[1][0]
    assert (problem.code, "another file" in problem.message) == ("D539", True)
    assert not list((tmp_path / "cache").rglob("*.npz"))


def test_keras_set_offline_is_a_problem(tmp_path, stand_in):
    offer, _, close = stand_in
    offer()
    close()
    problem = describe(data_cell("keras", "mnist"), tmp_path)[1][0]
    assert (problem.code, "cannot be downloaded" in problem.message) == ("D539", True)


def test_function_of_a_code_cell_gives_columns(tmp_path, frame):
    asked = []

    def run(folder, cell, function):
        asked.append((cell, function))
        return frame

    set_code_runner(run)
    try:
        dataset = load(data_cell("code", "my code.rows"), tmp_path)
    finally:
        set_code_runner(None)
    assert set(asked) == {("my code", "rows")}
    np.testing.assert_allclose(dataset.train["features"][:, 0], frame["size"].iloc[dataset.train_rows], rtol=1e-6)


def test_function_of_a_code_cell_is_refused_where_nobody_runs_code(tmp_path):
    problem = describe(data_cell("code", "my code.other"), tmp_path)[1][0]
    assert (problem.code, problem.message) == ("D540", "Function ‘other’ of ‘my code’ cannot be called here")
