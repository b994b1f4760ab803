from __future__ import annotations

import numpy as np
from PIL import Image

from weftwork.runtime.data.load import describe, load

from .data_cells import data_cell, write_pictures


def test_folders_are_classes_and_pictures_their_pixels(tmp_path):
    root = write_pictures(tmp_path, {"cat": 8, "dog": 4})
    dataset = load(data_cell("images", "pictures"), tmp_path)
    field = dataset.description.fields
    assert (field["image"].shape, field["label"].classes) == ((6, 8, 1), ("cat", "dog"))
    first = np.asarray(Image.open(root / "cat" / "00.png"))
    place = dataset.train_rows.tolist().index(0) if 0 in dataset.train_rows else None
    part, at = ("raw_train", place) if place is not None else ("raw_validation", 0)
    np.testing.assert_array_equal(getattr(dataset, part)["image"][at, ..., 0], first)
    assert dataset.description.summary["class_counts"] == {"label": {"cat": 8, "dog": 4}}


def test_colour_pictures_have_three_channels_unless_told_otherwise(tmp_path):
    write_pictures(tmp_path, {"a": 3, "b": 3}, mode="RGB")
    assert describe(data_cell("images", "pictures"), tmp_path)[0].fields["image"].shape == (6, 8, 3)
    grey, _ = describe(data_cell("images", "pictures", options={"colour": False}), tmp_path)
    assert grey.fields["image"].shape == (6, 8, 1)


def test_size_resizes_all_to_height_and_width(tmp_path):
    write_pictures(tmp_path, {"a": 3})
    write_pictures(tmp_path, {"b": 3}, size=(9, 5))
    described, problems = describe(data_cell("images", "pictures", options={"size": [4, 7]}), tmp_path)
    assert described.fields["image"].shape == (4, 7, 1)
    assert problems == []


def test_hidden_files_and_other_files_are_left_alone(tmp_path):
    root = write_pictures(tmp_path, {"a": 3, "b": 3})
    (root / "a" / ".DS_Store").write_text("x")
    (root / "a" / "notes.txt").write_text("x")
    (root / ".cache").mkdir()
    described, problems = describe(data_cell("images", "pictures"), tmp_path)
    assert problems == []
    assert described.rows + described.validation_rows == 6


def test_new_picture_changes_the_fingerprint(tmp_path):
    root = write_pictures(tmp_path, {"a": 3, "b": 3})
    before, _ = describe(data_cell("images", "pictures"), tmp_path)
    Image.new("L", (8, 6)).save(root / "a" / "99.png")
    after, _ = describe(data_cell("images", "pictures"), tmp_path)
    assert after.fingerprint != before.fingerprint
    assert after.rows + after.validation_rows == 7
