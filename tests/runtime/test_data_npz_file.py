from __future__ import annotations

import numpy as np

from weftwork.runtime.data.load import load

from .data_cells import data_cell, step


def saved(folder, **arrays):
    np.savez(folder / "set.npz", **arrays)
    return load(data_cell("npz", "set.npz"), folder)


def test_arrays_are_fields_by_name(tmp_path):
    x = np.random.default_rng(0).normal(size=(40, 5, 3)).astype(np.float32)
    dataset = saved(tmp_path, x=x, y=np.arange(40) % 4)
    field = dataset.description.fields["y"]
    assert (field.role, field.content, field.classes) == ("target", "category", ("0", "1", "2", "3"))
    np.testing.assert_array_equal(dataset.train["x"], x[dataset.train_rows])
    np.testing.assert_array_equal(dataset.train["y"], dataset.train_rows % 4)


def test_training_and_validation_parts_of_the_archive_are_kept(tmp_path):
    x = np.arange(30, dtype=np.float32).reshape(10, 3)
    dataset = saved(tmp_path, x_train=x[:7], y_train=np.arange(7.0), x_test=x[7:], y_test=np.arange(3.0))
    np.testing.assert_array_equal(dataset.train["x"], x[:7])
    np.testing.assert_array_equal(dataset.validation["x"], x[7:])
    assert dataset.validation["y"].tolist() == [0, 1, 2]


def test_bytes_with_channels_are_pictures_and_are_rescaled(tmp_path):
    x = np.random.default_rng(0).integers(0, 256, (20, 6, 6), dtype=np.uint8)
    np.savez(tmp_path / "set.npz", x=x, label=np.array(["cat", "dog"] * 10))
    dataset = load(data_cell("npz", "set.npz", preparation=(step("rescale"),)), tmp_path)
    assert dataset.description.fields["x"].content == "image"
    assert dataset.description.fields["label"].classes == ("cat", "dog")
    expected = x[dataset.train_rows][..., np.newaxis] * np.float32(1 / 255)
    np.testing.assert_array_equal(dataset.train["x"], expected)


def test_a_column_of_targets_loses_its_second_axis(tmp_path):
    dataset = saved(tmp_path, x=np.zeros((12, 2)) + np.arange(12)[:, None], y=np.arange(12.0)[:, np.newaxis])
    assert dataset.train["y"].shape == (len(dataset.train_rows),)


def test_two_inputs_and_no_target_are_allowed(tmp_path):
    dataset = saved(tmp_path, left=np.ones((8, 2, 2)), right=np.ones((8, 3)))
    assert {field.role for field in dataset.description.fields.values()} == {"feature"}
