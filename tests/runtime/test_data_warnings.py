"""Warnings on data that can be used and mislead: each is told where it belongs, and each of its fixes ends it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from weftwork.compiler.apply_change import apply_all
from weftwork.compiler.document import DataCell, NetworkCell, Notebook, TrainingCell
from weftwork.runtime.data.load import describe, load
from weftwork.runtime.data.preview import preview
from weftwork.runtime.inspect_notebook import describe_data

from .data_cells import data_cell, split, step

ROWS = 80


def frame(**columns) -> pd.DataFrame:
    random = np.random.default_rng(0)
    kind = np.array(["x", "y"])[random.permutation(np.arange(ROWS) % 2)]
    return pd.DataFrame({"a": random.normal(size=ROWS), **columns, "kind": kind})


def leaky() -> pd.DataFrame:
    """Of each of four clinics all patients are ill, or none."""
    table = frame()
    numbers = np.arange(ROWS) // 2 % 2
    table.insert(
        1,
        "clinic",
        [f"clinic {number + 2 * (kind == 'x')}" for number, kind in zip(numbers, table["kind"], strict=True)],
    )
    return table


def copied() -> pd.DataFrame:
    table = frame(site=[f"site {i % 20}" for i in range(ROWS)])
    return pd.concat([table, table], ignore_index=True)


def unequal() -> pd.DataFrame:
    return frame().assign(kind=["rare" if i % 20 == 7 else "often" for i in range(ROWS)])


TRUST = np.linspace(0, 1, ROWS)
DAYS = [f"2024-{1 + i % 12:02}-{1 + i % 28:02}" for i in range(ROWS)]

# name: the table, the cell's fields, code, severity, a part of the message, the parameter
CASES = {
    "weights of words": (
        frame(trust=["much", "little"] * (ROWS // 2)),
        {"roles": {"trust": "weight", "kind": "target"}},
        ("D532", "error", "‘trust’ cannot weigh rows: it holds no numbers", "roles.trust"),
    ),
    "weights below zero": (
        frame(trust=TRUST - 0.5),
        {"roles": {"trust": "weight", "kind": "target"}},
        ("D532", "error", "it holds numbers below zero", "roles.trust"),
    ),
    "times that are none": (
        frame(when=[*DAYS[:-1], "soon"]),
        {"types": {"when": "time"}, "roles": {"kind": "target"}, "split": split(by="time")},
        ("D533", "error", "‘when’ gives no time in 1 row: 80", "columns.when"),
    ),
    "copies in both parts": (copied(), {}, ("D534", "warning", "validation rows stand in the training", "split.by")),
    "copies of a group": (
        copied(),
        {"roles": {"site": "group"}, "split": split(by="random")},
        ("D534", "warning", "validation rows stand in the training", "split.by"),
    ),
    "one class in twenty": (unequal(), {}, ("D535", "warning", "‘often’ has 76 rows", "columns.kind")),
    "identifier of a class": (leaky(), {}, ("D536", "warning", "‘clinic’ gives the target away", "columns.clinic")),
    "constant column": (frame(b=7), {}, ("D520", "warning", "same value in every row", "columns.b")),
    "number of the row": (frame(id=range(ROWS)), {}, ("D521", "warning", "another value in every row", "columns.id")),
    "dates": (frame(when=DAYS), {"roles": {"when": "feature"}}, ("D537", "warning", "holds dates", "roles.when")),
    "prose": (
        frame(note=[f"note no {i}" for i in range(ROWS)]),
        {},
        ("D531", "warning", "text that hardly repeats", "roles.note"),
    ),
    "gaps of a category": (
        frame(colour=["red", "", "blue", "red"] * (ROWS // 4)),
        {},
        ("D510", "warning", "‘colour’ has no value in 20 rows", "columns.colour"),
    ),
}


def notebook(folder, table: pd.DataFrame, **fields) -> Notebook:
    table.to_csv(folder / "table.csv", index=False)
    cell = data_cell("csv", "table.csv", **fields)
    return Notebook(
        cells=(
            cell,
            NetworkCell(id="network_1", name="net"),
            TrainingCell(id="training_1", name="fit", network="net", data="Data"),
        )
    )


def found(book: Notebook, folder, code: str) -> list:
    return [problem for problem in describe_data(book, folder)[1] if problem.code == code]


@pytest.mark.parametrize("name", CASES)
def test_warning_stands_once_at_its_place_and_each_fix_ends_it(name, tmp_path):
    table, fields, (code, severity, words, parameter) = CASES[name]
    book = notebook(tmp_path, table, **fields)
    told = found(book, tmp_path, code)
    assert [(p.severity, p.at.cell, p.at.parameter) for p in told] == [(severity, "Data", parameter)]
    assert words in told[0].message
    assert told[0].fixes
    for fix in told[0].fixes:
        assert found(apply_all(book, fix.changes), tmp_path, code) == [], fix.title


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("name", ["copies in both parts", "one class in twenty", "identifier of a class"])
def test_large_table_is_warned_of_alike(name, stream, tmp_path):
    table, fields, (code, *_) = CASES[name]
    book = notebook(tmp_path, table, **fields, options={"stream": stream})
    assert len(found(book, tmp_path, code)) == 1


def test_clean_table_has_no_warnings(tmp_path):
    book = notebook(tmp_path, frame(b=np.arange(ROWS) % 7 * 1.5))
    assert describe_data(book, tmp_path)[1] == []


def test_copies_are_counted_as_pandas_counts_them(tmp_path):
    book = notebook(tmp_path, copied())
    cell = book.cells[0]
    assert isinstance(cell, DataCell)
    dataset = load(cell, tmp_path)
    table = pd.read_csv(tmp_path / "table.csv")
    both = table.iloc[dataset.validation_rows].merge(table.iloc[dataset.train_rows].drop_duplicates())
    message = found(book, tmp_path, "D534")[0].message
    assert message.startswith(f"{len(both):,} of {len(dataset.validation_rows):,} validation rows")


def test_unequal_classes_are_no_warning_where_training_weights_classes_or_rows(tmp_path):
    book = notebook(tmp_path, unequal().assign(trust=TRUST)[["a", "trust", "kind"]])
    problem = found(book, tmp_path, "D535")[0]
    assert [fix.title for fix in problem.fixes] == ["Let every class count alike in training"]
    mended = apply_all(book, problem.fixes[0].changes)
    assert mended.cell("fit").options == {"class_weight": "balanced"}  # pyright: ignore
    weighted = notebook(tmp_path, unequal().assign(trust=TRUST)[["a", "trust", "kind"]], roles={"trust": "weight"})
    assert found(weighted, tmp_path, "D535") == []
    # Where nothing trains on the data there is nothing to set.
    alone = Notebook(cells=book.cells[:1])
    assert [p.fixes for p in found(alone, tmp_path, "D535")] == [()]


def test_two_columns_of_weights_are_told_until_one_is_left(tmp_path):
    table = frame(trust=TRUST, size=TRUST)
    book = notebook(tmp_path, table, roles={"trust": "weight", "size": "weight", "kind": "target"})
    told = found(book, tmp_path, "D532")
    assert [problem.at.parameter for problem in told] == ["roles.trust", "roles.size"]
    assert found(apply_all(book, told[1].fixes[0].changes), tmp_path, "D532") == []


@pytest.mark.parametrize("seed", range(3))
def test_outliers_are_counted_by_the_rule_of_the_quartiles(tmp_path, seed):
    """Against pandas' own quantiles; a spike among even numbers is the outlier that a person sees."""
    random = np.random.default_rng(seed)
    values = pd.Series(np.where(random.random(ROWS) < 0.1, random.normal(size=ROWS) * 50, random.normal(size=ROWS)))
    frame(b=values, even=[*range(ROWS - 1), 5000]).to_csv(tmp_path / "table.csv", index=False)
    cell = data_cell("csv", "table.csv", preparation=(step("standardise"),))
    columns = {c["name"]: c for c in preview(cell.model_dump(mode="json"), str(tmp_path))["columns"]}
    low, high = values.quantile(0.25), values.quantile(0.75)
    far = (values < low - 1.5 * (high - low)) | (values > high + 1.5 * (high - low))
    assert columns["b"]["outliers"] == far.sum() > 0
    assert columns["even"]["outliers"] == 1


def test_description_of_the_mended_cell_is_one_to_train_on(tmp_path):
    """All the warnings of a table, mended one after another, leave data without any."""
    table = leaky().assign(id=range(ROWS), b=7, when=DAYS)
    table = table[["id", "b", "when", "a", "clinic", "kind"]]
    book = notebook(tmp_path, table, roles={"when": "feature", "kind": "target"})
    for _ in range(10):
        problems = describe_data(book, tmp_path)[1]
        if not problems:
            break
        book = apply_all(book, problems[0].fixes[0].changes)
    cell = book.cells[0]
    assert isinstance(cell, DataCell)
    assert describe(cell, tmp_path)[1] == []
    assert load(cell, tmp_path).plan["features"].pieces[0].columns == ("a", "when month", "when weekday")
