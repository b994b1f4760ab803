"""The exported code reads folders of pictures and NumPy arrays as the data cell does: executed, and compared."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from weftwork.compiler.document import DataCell, Split
from weftwork.runtime.data.load import load

from .data_cells import data_cell, run_loading, split, step, write_pictures


def assert_as_exported(cell: DataCell, folder: Path) -> None:
    dataset = load(cell, folder)
    moved = cell.model_copy(update={"location": str(folder / cell.location)})
    rows, training, validation = run_loading(moved, dataset, list(dataset.description.fields))
    for part, raw in ((training, dataset.raw_train), (validation, dataset.raw_validation)):
        assert len(part) > 0
        for name, values in raw.items():
            np.testing.assert_array_equal(rows[name][part].reshape(values.shape), values)


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("options", [{}, {"size": [5, 9]}, {"stream": True}], ids=["own size", "resized", "in files"])
def test_folder_by_class(tmp_path, mode, options):
    folder = write_pictures(tmp_path, {"cat": 7, "dog": 9, "Ant": 5}, mode=mode)
    (folder / "cat" / "notes.txt").write_text("no picture")
    (folder / "cat" / ".hidden.png").write_bytes(b"")
    assert_as_exported(data_cell("images", "pictures", options=options), tmp_path)


def test_folder_with_parts_of_its_own(tmp_path):
    for part in ("train", "val", "test"):
        write_pictures(tmp_path, {"cat": 6 if part == "train" else 2, "dog": 3})
        (tmp_path / "set").mkdir(exist_ok=True)
        (tmp_path / "pictures").rename(tmp_path / "set" / part)
    assert_as_exported(data_cell("images", "set"), tmp_path)


@pytest.mark.parametrize(
    ("by", "fields"),
    [
        (split(), {}),
        (split(by="group"), {"roles": {"site": "group"}}),
        (split(by="time"), {"roles": {"year": "time"}}),
        (Split(by="column", column="part", held_out=("b",)), {}),
        (split(), {"preparation": (step("drop_missing"),)}),
    ],
    ids=["class", "group", "time", "column", "dropped"],
)
@pytest.mark.parametrize("suffix", ["csv", "tsv"])
def test_folder_with_a_table_of_labels(tmp_path, by, fields, suffix):
    folder = write_pictures(tmp_path, {"all": 24})
    mark = "," if suffix == "csv" else "\t"
    lines = [mark.join(("file", "weight", "site", "year", "part", "kind"))]
    for i in range(24):
        site = "" if i == 5 and fields.get("preparation") else f"s{i * 7 % 5}"
        entries = (f"all/{i:02}.png", f"{i * 2.5}", site, f"{2000 + i * 5 % 24}", "ab"[i % 3 == 0], "xy"[i % 2])
        lines.append(mark.join(entries))
    (folder / f"labels.{suffix}").write_text("\n".join(lines))
    assert_as_exported(data_cell("images", "pictures", split=by, **fields), tmp_path)


def test_pictures_that_come_twice_are_read_once(tmp_path):
    folder = write_pictures(tmp_path, {"cat": 8, "dog": 8})
    for number in range(4):
        (folder / "cat" / f"copy {number}.png").write_bytes((folder / "cat" / f"{number:02}.png").read_bytes())
    cell = data_cell("images", "pictures", preparation=(step("drop_duplicates"),))
    assert sum(len(part) for part in (load(cell, tmp_path).train_rows, load(cell, tmp_path).validation_rows)) == 16
    assert_as_exported(cell, tmp_path)


@pytest.mark.parametrize(
    ("array", "fields"),
    [
        (np.arange(160.0).reshape(40, 4), {}),
        (np.stack([np.arange(40) / 3, np.arange(40) % 3], axis=1), {"types": {"column 2": "category"}}),
        (np.arange(480.0).reshape(40, 4, 3), {}),
        (np.array([(i / 2, i % 2) for i in range(40)], dtype=[("size", "f4"), ("kind", "i8")]), {}),
        (
            np.stack([np.arange(40) / 3, np.arange(40) % 7, np.arange(40)], axis=1),
            {"roles": {"column 2": "group"}, "split": split(by="group")},
        ),
        (
            np.stack([np.arange(40) / 3, np.arange(40) * 7 % 40, np.arange(40)], axis=1),
            {"roles": {"column 2": "time"}, "split": split(by="time")},
        ),
    ],
    ids=["table", "classes", "axes", "named", "group", "time"],
)
def test_numpy_array(tmp_path, array, fields):
    np.save(tmp_path / "a.npy", array)
    assert_as_exported(data_cell("npy", "a.npy", **fields), tmp_path)


@pytest.mark.parametrize("parts", [("train", "test"), ("train", "val", "test"), ()])
def test_archive_of_arrays(tmp_path, parts):
    random = np.random.default_rng(0)
    arrays = {}
    for part in parts or ("",):
        count = 30 if part in ("train", "") else 10
        end = f"_{part}" if part else ""
        arrays[f"y{end}"] = np.arange(count) % 3
        arrays[f"x{end}"] = random.normal(size=(count, 4))
        arrays[f"z{end}"] = random.integers(0, 255, (count, 5, 6), dtype=np.uint8)
    np.savez(tmp_path / "a.npz", **arrays)
    assert_as_exported(data_cell("npz", "a.npz"), tmp_path)
