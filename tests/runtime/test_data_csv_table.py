from __future__ import annotations

import hashlib
import os

import numpy as np
import pandas as pd
import pytest

from weftwork.runtime.data.load import describe, load
from weftwork.runtime.data.read_source import read_raw

from .data_cells import data_cell, split, step, write_table

PEOPLE = """
    age,city,height,joined,smokes
    31,Rome,1.71,2024-01-02,yes
    45,Oslo,1.80,2024-02-02,no
    29,Rome,1.65,2024-03-02,no
    61,Lima,1.59,2024-04-02,yes
    38,Oslo,1.77,2024-05-02,no
    52,Lima,1.82,2024-06-02,yes
    47,Rome,1.69,2024-07-02,no
    33,Oslo,1.74,2024-08-02,yes
"""


def columns(folder, **fields):
    raw, _ = read_raw(data_cell("csv", fields.pop("location", "table.csv"), **fields), folder)
    return {name: column.type for name, column in raw.columns.items()}


def test_types_are_inferred(tmp_path):
    write_table(tmp_path, PEOPLE)
    expected = {"age": "number", "city": "category", "height": "number", "joined": "time", "smokes": "category"}
    assert columns(tmp_path) == expected


def test_types_are_corrected_by_the_cell(tmp_path):
    write_table(tmp_path, PEOPLE)
    assert columns(tmp_path, types={"age": "category", "joined": "text"})["age"] == "category"


def test_fields_are_numbers_then_categories_and_the_last_column_is_the_target(tmp_path):
    write_table(tmp_path, PEOPLE)
    dataset = load(data_cell("csv", "table.csv"), tmp_path)
    fields = dataset.description.fields
    assert (fields["features"].shape, fields["features"].content) == ((5,), "features")
    assert (fields["smokes"].shape, fields["smokes"].classes) == ((), ("no", "yes"))
    table = pd.read_csv(tmp_path / "table.csv").iloc[dataset.train_rows]
    towns = np.stack([table["city"] == town for town in ("Lima", "Oslo", "Rome")], axis=1)
    expected = np.concatenate([table[["age", "height"]].to_numpy(), towns], axis=1).astype(np.float32)
    np.testing.assert_array_equal(dataset.train["features"], expected)
    np.testing.assert_array_equal(dataset.train["smokes"], (table["smokes"] == "yes").astype(int))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(tmp_path, delimiter):
    write_table(tmp_path, PEOPLE.replace(",", delimiter))
    assert list(columns(tmp_path)) == ["age", "city", "height", "joined", "smokes"]


def test_decimal_commas_are_numbers_beside_semicolons(tmp_path):
    write_table(tmp_path, "x;y\n1,5;ja\n2,25;nein\n-3;ja")
    raw, _ = read_raw(data_cell("csv", "table.csv"), tmp_path)
    assert raw.columns["x"].values.tolist() == [1.5, 2.25, -3.0]


def test_quoted_values_hold_delimiters_and_line_breaks(tmp_path):
    (tmp_path / "table.csv").write_text('note,y\n"a, b",1\n"two\nlines",2\n')
    raw, _ = read_raw(data_cell("csv", "table.csv"), tmp_path)
    assert raw.columns["note"].classes == ("a, b", "two\nlines")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_with_and_without_a_mark(tmp_path, encoding):
    (tmp_path / "table.csv").write_bytes("größe,y\n1,ä\n2,ö\n".encode(encoding))
    raw, problems = read_raw(data_cell("csv", "table.csv"), tmp_path)
    assert list(raw.columns) == ["größe", "y"]
    assert raw.columns["y"].classes == ("ä", "ö")
    assert problems == ()


def test_whole_numbers_to_predict_are_classes_unless_declared_numbers(tmp_path):
    write_table(tmp_path, "x,stars\n" + "\n".join(f"{i * 0.3},{i % 3 + 1}" for i in range(30)))
    described, _ = describe(data_cell("csv", "table.csv"), tmp_path)
    assert described.fields["stars"].classes == ("1", "2", "3")
    described, _ = describe(data_cell("csv", "table.csv", types={"stars": "number"}), tmp_path)
    assert described.fields["stars"].content == "number"


def test_a_quantity_to_predict_is_a_number(tmp_path):
    write_table(tmp_path, "x,price\n" + "\n".join(f"{i * 0.3},{i * 1000 + 7}" for i in range(30)))
    described, _ = describe(data_cell("csv", "table.csv"), tmp_path)
    field = described.fields["price"]
    assert (field.shape, field.dtype, field.role, field.content) == ((), "float32", "target", "number")


def test_several_targets_are_several_fields(tmp_path):
    write_table(tmp_path, PEOPLE)
    roles = {"smokes": "target", "height": "target", "joined": "ignore"}
    described, _ = describe(data_cell("csv", "table.csv", roles=roles), tmp_path)
    assert {name: field.role for name, field in described.fields.items()} == {
        "features": "feature",
        "height": "target",
        "smokes": "target",
    }


def test_target_can_be_one_hot(tmp_path):
    write_table(tmp_path, PEOPLE)
    cell = data_cell("csv", "table.csv", roles={"city": "target"}, preparation=(step("one_hot", "city"),))
    dataset = load(cell, tmp_path)
    assert dataset.description.fields["city"].shape == (3,)
    assert dataset.train["city"].sum(axis=1).tolist() == [1.0] * len(dataset.train_rows)


def test_rows_with_gaps_are_dropped_on_request_and_numbered_as_before(tmp_path):
    write_table(tmp_path, "x,y\n1,a\n,b\n3,a\n4,b\n5,\n6,b\n7,a")
    dataset = load(data_cell("csv", "table.csv", preparation=(step("drop_missing"),), split=split(0.3)), tmp_path)
    assert sorted([*dataset.train_rows, *dataset.validation_rows]) == [0, 2, 3, 5, 6]


def test_window_makes_a_series_of_a_table(tmp_path):
    write_table(tmp_path, "day,a,b\n" + "\n".join(f"2024-01-{i + 1:02},{i},{i * 10}" for i in range(30)))
    options = {"window": 4, "horizon": 2}
    dataset = load(data_cell("csv", "table.csv", options=options, roles={"b": "target"}), tmp_path)
    assert dataset.train["window"][3].tolist() == [[3, 30], [4, 40], [5, 50], [6, 60]]
    assert dataset.train["next"][3].tolist() == [70, 80]


def test_fingerprint_is_that_of_the_file_and_follows_it(tmp_path):
    write_table(tmp_path, PEOPLE)
    before, _ = describe(data_cell("csv", "table.csv"), tmp_path)
    assert before.fingerprint == hashlib.sha256((tmp_path / "table.csv").read_bytes()).hexdigest()
    write_table(tmp_path, PEOPLE.replace("Rome", "Bonn"))
    os.utime(tmp_path / "table.csv", ns=(1, 1))
    after, _ = describe(data_cell("csv", "table.csv"), tmp_path)
    assert after.fingerprint == hashlib.sha256((tmp_path / "table.csv").read_bytes()).hexdigest()
    assert after.fingerprint != before.fingerprint
