"""The sets of `keras.datasets` against Keras' own `load_data`, both reading the same small files from this machine."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import importlib
import inspect
import io
import pickle
import tarfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from weftwork.runtime.data import keras_sets
from weftwork.runtime.data.keras_set_list import KERAS_SETS, Download
from weftwork.runtime.data.load import describe, load
from weftwork.runtime.data.plain_pickle import read_pickle

from .data_cells import data_cell, run_loading

pytestmark = pytest.mark.keras

RANDOM = np.random.default_rng(0)
ROWS = 60


def npz(**arrays: Any) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def texts(rows: int) -> np.ndarray:
    """Lists of word numbers, most common words first, some texts longer than what is kept of them."""
    lists = [RANDOM.geometric(0.001, RANDOM.integers(3, 300)).tolist() for _ in range(rows)]
    return np.array([*lists, []], dtype=object)[:-1]


def pictures(rows: int, *shape: int) -> np.ndarray:
    return RANDOM.integers(0, 256, (rows, *shape), dtype=np.uint8)


def labels(rows: int, classes: int) -> np.ndarray:
    return (RANDOM.permutation(rows) % classes).astype(np.int64)


def idx(array: np.ndarray, header: int) -> bytes:
    return gzip.compress(bytes(header) + array.astype(np.uint8).tobytes(), 1)


def archive(folder: str, members: dict[str, dict[bytes, Any]]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=1) as tar:
        for name, content in members.items():
            pickled = pickle.dumps(content, protocol=4)
            entry = tarfile.TarInfo(f"{folder}/{name}")
            entry.size = len(pickled)
            tar.addfile(entry, io.BytesIO(pickled))
    return buffer.getvalue()


def batch(rows: int, key: bytes, classes: int) -> dict[bytes, Any]:
    return {b"data": pictures(rows, 3072), key: labels(rows, classes).tolist()}


def parts(classes: int, *shape: int) -> dict[str, np.ndarray]:
    return {
        f"{name}_{part}": pictures(rows, *shape) if name == "x" else labels(rows, classes)
        for part, rows in (("train", ROWS), ("test", 20))
        for name in "xy"
    }


# The files of each set, made as the set's own are: by content, in the order in which they are listed.
FILES: dict[str, Callable[[], list[bytes]]] = {
    "mnist": lambda: [npz(**parts(10, 28, 28))],
    "fashion_mnist": lambda: [
        idx(labels(ROWS, 10), 8),
        idx(pictures(ROWS, 28, 28), 16),
        idx(labels(20, 10), 8),
        idx(pictures(20, 28, 28), 16),
    ],
    "cifar10": lambda: [
        archive(
            "cifar-10-batches-py",
            {
                **{f"data_batch_{number}": batch(10_000, b"labels", 10) for number in range(1, 6)},
                "test_batch": batch(10_000, b"labels", 10),
            },
        )
    ],
    "cifar100": lambda: [
        archive(
            "cifar-100-python",
            {"train": batch(200, b"fine_labels", 100), "test": batch(100, b"fine_labels", 100)},
        )
    ],
    "imdb": lambda: [npz(x_train=texts(ROWS), y_train=labels(ROWS, 2), x_test=texts(30), y_test=labels(30, 2))],
    "reuters": lambda: [npz(x=texts(100), y=labels(100, 46))],
    "boston_housing": lambda: [npz(x=RANDOM.normal(size=(50, 13)), y=RANDOM.normal(size=50))],
    "california_housing": lambda: [npz(x=RANDOM.normal(size=(50, 8)), y=RANDOM.normal(size=50))],
}
SLOW = [pytest.param(name, marks=pytest.mark.long) if name == "cifar10" else name for name in FILES]


@pytest.fixture
def stand_in(tmp_path, monkeypatch) -> Iterator[Callable[[str], None]]:
    """A server on this machine in the place of the sets' own, for this project and for Keras."""
    served = tmp_path / "served"
    served.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: Any) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(served)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setattr(keras_sets, "user_cache_path", lambda *args, **options: tmp_path / "cache")
    keras_sets._raw.cache_clear()

    def offer(name: str) -> None:
        chosen = KERAS_SETS[name]
        downloads = []
        for each, content in zip(chosen.files, FILES[name](), strict=True):
            (served / each.name).write_bytes(content)
            address = f"http://127.0.0.1:{server.server_port}/{each.name}"
            downloads.append(Download(address, f"sha256:{hashlib.sha256(content).hexdigest()}"))
        monkeypatch.setitem(KERAS_SETS, name, replace(chosen, files=tuple(downloads)))

        def get_file(fname: str = "", origin: str = "", extract: bool = False, **options: Any) -> str:
            path = served / origin.rsplit("/", 1)[-1]
            if extract:
                with tarfile.open(path) as tar:
                    tar.extractall(tmp_path / "extracted", filter="data")
                path = tmp_path / "extracted"
            return str(path)

        monkeypatch.setattr(f"keras.src.datasets.{name}.get_file", get_file)

    yield offer
    server.shutdown()
    server.server_close()
    thread.join()
    keras_sets._raw.cache_clear()


def theirs(name: str) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    import keras

    module = getattr(keras.datasets, name)
    return module.load_data(num_words=10_000) if KERAS_SETS[name].texts else module.load_data()


def as_rows(name: str, x: np.ndarray) -> np.ndarray:
    import keras

    return keras.utils.pad_sequences(x, maxlen=200) if KERAS_SETS[name].texts else x


@pytest.mark.parametrize("name", SLOW)
def test_set_is_that_of_keras_and_so_is_the_exported_script(name, tmp_path, stand_in):
    stand_in(name)
    cell = data_cell("keras", name)
    dataset = load(cell, tmp_path)
    target = KERAS_SETS[name].target
    feature = next(field for field in dataset.raw_train if field != target)
    for (x, y), raw in zip(theirs(name), (dataset.raw_train, dataset.raw_validation), strict=True):
        np.testing.assert_allclose(raw[feature].reshape(len(y), -1), as_rows(name, x).reshape(len(y), -1), rtol=1e-6)
        np.testing.assert_allclose(raw[target].reshape(-1), y.reshape(-1), rtol=1e-6)
    fields = list(dataset.description.fields)
    rows, training, validation = run_loading(cell, dataset, fields)
    for part, raw in ((training, dataset.raw_train), (validation, dataset.raw_validation)):
        for field, values in raw.items():
            np.testing.assert_array_equal(rows[field][part].reshape(values.shape), values)


@pytest.mark.parametrize("name", ["imdb", "reuters"])
def test_words_and_length_of_texts_are_options(name, tmp_path, stand_in):
    import keras

    stand_in(name)
    cell = data_cell("keras", name, options={"words": 500, "length": 12})
    dataset = load(cell, tmp_path)
    (x, _), _ = getattr(keras.datasets, name).load_data(num_words=500)
    np.testing.assert_array_equal(dataset.raw_train["words"], keras.utils.pad_sequences(x, maxlen=12))
    rows, training, _ = run_loading(cell, dataset, list(dataset.description.fields))
    np.testing.assert_array_equal(rows["words"][training], dataset.raw_train["words"])
    wrong = describe(data_cell("keras", name, options={"words": "all"}), tmp_path)[1]
    assert [(problem.code, problem.at.parameter) for problem in wrong] == [("D526", "options.words")]


def test_checksums_are_those_that_keras_states():
    stated = {}
    for name, chosen in KERAS_SETS.items():
        source = inspect.getsource(importlib.import_module(f"keras.src.datasets.{name}"))
        for each in chosen.files:
            assert each.name in source or name == "fashion_mnist"
            stated[each.name] = each.checksum.partition(":")[2] in source
    # Of Fashion-MNIST Keras states none; its authors do.
    assert {name for name, there in stated.items() if not there} == {
        each.name for each in KERAS_SETS["fashion_mnist"].files
    }


def test_every_set_of_keras_is_there_with_its_classes():
    import keras

    there = {name for name in dir(keras.datasets) if hasattr(getattr(keras.datasets, name), "load_data")}
    assert there == set(KERAS_SETS) == set(FILES)
    assert KERAS_SETS["reuters"].classes == keras.datasets.reuters.get_label_names()
    assert len(set(KERAS_SETS["cifar100"].classes)) == 100
    assert KERAS_SETS["cifar100"].classes == tuple(sorted(KERAS_SETS["cifar100"].classes))


class Harmful:
    def __reduce__(self):
        return Path.touch, (Path("harmed"),)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickle_of_more_than_lists_and_arrays_is_refused(protocol, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="which is no array"):
        read_pickle(pickle.dumps({"data": [Harmful()]}, protocol=protocol))
    assert not Path("harmed").exists()
    if protocol == 5:  # writes arrays in another way, and no set does
        return
    array = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(read_pickle(pickle.dumps([array], protocol=protocol))[0], array)
