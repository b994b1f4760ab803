"""Tables read in pieces give what the same tables give in memory, and take no more memory when they grow."""

from __future__ import annotations

import numpy as np
import pytest

from weftwork.runtime.data.load import describe, load

from .data_cells import data_cell, split, step, write_pictures, write_table

STEPS = (
    step("impute", strategy="mean"),
    step("impute", "colour", strategy="own_class"),
    step("standardise", "a"),
    step("min_max", "b"),
    step("bucketise", "c", bins=4),
)


def rows(count: int) -> str:
    random = np.random.default_rng(0)
    lines = ["id,a,b,c,colour,when,group,y"]
    for i in range(count):
        a = "" if i % 7 == 3 else f"{random.normal() * 40 + 7:.9g}"
        colour = ("red", "green", "NA", "blue")[i % 4]
        when = f"2024-{1 + i % 12:02}-{1 + i % 28:02}"
        lines.append(f"{i},{a},{(i * 37) % 101},{random.normal():.7f},{colour},{when},g{i % 23},{'xyz'[i % 3]}")
    return "\n".join(lines)


@pytest.fixture
def small_pieces(monkeypatch):
    monkeypatch.setattr("weftwork.runtime.data.large_csv._PIECE_BYTES", 4_000)
    monkeypatch.setattr("weftwork.runtime.data.prepare_in_files._PIECE_BYTES", 4_000)


@pytest.mark.parametrize(
    ("by", "roles"),
    [
        ("auto", {}),
        ("random", {}),
        ("group", {"group": "group"}),
        ("time", {"when": "time"}),
    ],
)
@pytest.mark.parametrize("drop", [(), (step("drop_missing", "a"),)], ids=["all", "dropped"])
def test_table_in_pieces_gives_what_it_gives_in_memory(tmp_path, small_pieces, by, roles, drop):
    write_table(tmp_path, rows(900))
    fields = {"roles": {"id": "ignore", **roles}, "preparation": (*drop, *STEPS), "split": split(by=by)}
    whole = load(data_cell("csv", "table.csv", **fields), tmp_path)
    pieces = load(data_cell("csv", "table.csv", options={"stream": True}, **fields), tmp_path)
    assert pieces.description.fields == whole.description.fields
    assert pieces.description.fingerprint == whole.description.fingerprint
    assert pieces.plan == whole.plan
    for part in ("train", "validation", "raw_train", "raw_validation"):
        for name, values in getattr(whole, part).items():
            np.testing.assert_array_equal(np.asarray(getattr(pieces, part)[name][:]), values)
    np.testing.assert_array_equal(pieces.train_rows, whole.train_rows)
    np.testing.assert_array_equal(pieces.validation_rows, whole.validation_rows)


def test_table_in_pieces_has_the_problems_that_it_has_in_memory(tmp_path, small_pieces):
    text = rows(400).splitlines()
    text[300] = text[300].replace(text[300].split(",")[2], "many", 1)
    write_table(tmp_path, "\n".join(text))
    for types in ({}, {"b": "number"}, {"b": "category"}):
        told = [
            [(p.code, p.message) for p in describe(data_cell("csv", "table.csv", types=types, options=o), tmp_path)[1]]
            for o in ({}, {"stream": True})
        ]
        assert told[0] == told[1]


def test_pictures_in_a_file_give_and_tell_what_they_do_in_memory(tmp_path):
    folder = write_pictures(tmp_path, {"ash": 40, "oak": 40}, size=(9, 7), mode="RGB")
    for number in range(30):
        (folder / "ash" / f"again{number:02}.png").write_bytes((folder / "ash" / f"{number:02}.png").read_bytes())
    cells = [data_cell("images", "pictures", options={"stream": stream}) for stream in (False, True)]
    whole, pieces = (load(cell, tmp_path) for cell in cells)
    for part in ("train", "validation", "raw_train", "raw_validation"):
        for name, values in getattr(whole, part).items():
            np.testing.assert_array_equal(np.asarray(getattr(pieces, part)[name][:]), values)
    told = [[(found.code, found.message) for found in describe(cell, tmp_path)[1]] for cell in cells]
    assert told[0] == told[1]
    assert "D534" in {code for code, _ in told[0]}
