from __future__ import annotations

import numpy as np
import pytest

from weftwork.compiler.document import Split
from weftwork.runtime.data.load import describe, load
from weftwork.runtime.data.split import split_rows

from .data_cells import data_cell, split, write_table


def parts(rows, problems=None, *, by="auto", seed=0, validation=0.25, **options):
    cell = data_cell(split=split(validation, seed, by))
    return split_rows(cell, rows, problems=[] if problems is None else problems, **options)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("validation", [0.01, 0.2, 0.5, 0.99])
@pytest.mark.parametrize("rows", [2, 3, 10, 101])
def test_two_parts_are_disjoint_and_complete(rows, validation, seed):
    training, held_out = parts(rows, seed=seed, validation=validation, by="random")
    assert sorted([*training, *held_out]) == list(range(rows))
    assert len(training) > 0
    assert len(held_out) > 0
    assert abs(len(held_out) - rows * validation) <= 1


def test_same_seed_gives_the_same_parts_and_another_does_not():
    first, again, other = (parts(200, seed=seed)[1] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_stratified_split_keeps_each_class_share():
    codes = np.repeat([0, 1, 2], [80, 40, 12])
    _, held_out = parts(132, codes=codes, classes=("a", "b", "c"))
    assert np.bincount(codes[held_out]).tolist() == [20, 10, 3]


def test_stratified_split_has_the_shares_of_scikit_learn():
    from sklearn.model_selection import train_test_split

    codes = np.random.default_rng(0).choice(4, 400, p=[0.5, 0.3, 0.15, 0.05])
    training, held_out = parts(400, codes=codes, classes=("a", "b", "c", "d"))
    theirs = train_test_split(np.arange(400), test_size=0.25, stratify=codes, random_state=0)
    for ours, other in zip((training, held_out), theirs, strict=True):
        assert np.abs(np.bincount(codes[ours]) - np.bincount(codes[other])).max() <= 1


def test_class_with_one_row_is_trained_on_and_warned_of():
    problems = []
    codes = np.array([0] * 9 + [1])
    training, _ = parts(10, problems, codes=codes, classes=("many", "one"))
    assert 9 in training
    assert [(p.code, p.severity) for p in problems] == [("D513", "warning")]
    assert "‘one’" in problems[0].message


def test_class_with_one_row_is_an_error_where_stratified_is_asked_for():
    problems = []
    parts(10, problems, by="stratified", codes=np.array([0] * 9 + [1]), classes=("many", "one"))
    assert [(p.code, p.severity, p.fixes[0].title) for p in problems] == [("D513", "error", "Split at random")]


def test_ordered_rows_are_parted_in_time_with_a_gap():
    training, held_out = parts(100, ordered=True, gap=5)
    assert held_out.tolist() == list(range(75, 100))
    assert training.tolist() == list(range(70))


@pytest.mark.parametrize("seed", range(5))
def test_groups_are_never_torn_apart(seed):
    groups = np.random.default_rng(seed).integers(0, 12, 200).astype(str)
    training, held_out = parts(200, seed=seed, groups=groups)
    assert not set(groups[training]) & set(groups[held_out])
    assert 0.1 < len(held_out) / 200 < 0.5


def test_group_role_parts_rows_of_a_table_by_group(tmp_path):
    rows = "\n".join(f"{patient},{visit},{patient % 2}" for patient in range(10) for visit in range(4))
    write_table(tmp_path, f"patient,visit,ill\n{rows}")
    cell = data_cell("csv", "table.csv", roles={"patient": "group", "ill": "target"})
    dataset = load(cell, tmp_path)
    assert not {row // 4 for row in dataset.train_rows} & {row // 4 for row in dataset.validation_rows}


def test_description_counts_the_parts(tmp_path):
    write_table(tmp_path, "a,label\n" + "\n".join(f"{i / 7},{'x' if i % 2 else 'y'}" for i in range(40)))
    description, problems = describe(data_cell("csv", "table.csv", split=split(0.25)), tmp_path)
    assert problems == []
    assert (description.rows, description.validation_rows) == (30, 10)
    assert description.summary["class_counts"] == {"label": {"x": 20, "y": 20}}


FRAME = "when,number,site,part,kind\n" + "\n".join(
    f"{2000 + (i * 7) % 23}-{1 + (i * 5) % 12:02}-{1 + (i * 11) % 28:02},{(i * 37) % 97},s{(i * i) % 13},"
    f"{('training', 'validation', 'test', 'extra')[(i * 3) % 4]},{'xy'[i % 2]}"
    for i in range(96)
)


def parted(folder, by: str, **fields):
    import pandas as pd

    write_table(folder, FRAME)
    cell = data_cell("csv", "table.csv", split=Split(by=by, validation=0.25, **fields.pop("split", {})), **fields)
    dataset = load(cell, folder)
    return pd.read_csv(folder / "table.csv"), dataset.train_rows, dataset.validation_rows


def test_split_in_time_holds_back_the_latest_rows_as_pandas_sorts_them(tmp_path):
    table, training, held_out = parted(tmp_path, "time", roles={"when": "time", "kind": "target"})
    # Written year first, so that the order of the words is that of the days.
    latest = table["when"].sort_values(kind="stable").index[-24:]
    assert set(held_out) == set(latest)
    assert set(training) == set(table.index) - set(latest)
    assert table["when"][training].max() <= table["when"][held_out].min()


def test_split_by_a_number_as_time_is_that_of_numpy(tmp_path):
    table, _, held_out = parted(tmp_path, "time", roles={"number": "time", "kind": "target"})
    order = np.argsort(table["number"].to_numpy(), kind="stable")
    assert set(held_out) == set(order[-24:])


@pytest.mark.parametrize(
    ("words", "expected"), [((), ["validation", "test"]), (("Test",), ["test"]), (("extra", "test"), ["extra", "test"])]
)
def test_split_by_a_column_holds_back_the_rows_that_it_names(tmp_path, words, expected):
    fields = {"split": {"column": "part", "held_out": words}, "roles": {"kind": "target", "when": "ignore"}}
    table, training, held_out = parted(tmp_path, "column", **fields)
    np.testing.assert_array_equal(held_out, table.index[table["part"].isin(expected)])
    np.testing.assert_array_equal(training, table.index[~table["part"].isin(expected)])


@pytest.mark.parametrize("seed", range(3))
def test_split_by_group_takes_whole_groups_until_the_share_is_reached(tmp_path, seed):
    """What scikit-learn's GroupShuffleSplit promises: no group in both parts; and never a group too many."""
    from sklearn.model_selection import GroupShuffleSplit

    fields = {"split": {"seed": seed}, "roles": {"site": "group", "kind": "target", "when": "ignore"}}
    table, training, held_out = parted(tmp_path, "group", **fields)
    by_site = table.groupby("site").size()
    held = set(table["site"][held_out])
    assert held.isdisjoint(table["site"][training])
    assert len(held_out) == by_site[list(held)].sum() >= 0.25 * len(table)
    assert len(held_out) - by_site.max() < 0.25 * len(table)
    theirs = next(GroupShuffleSplit(1, test_size=0.25, random_state=seed).split(table, groups=table["site"]))
    assert set(table["site"][theirs[0]]).isdisjoint(table["site"][theirs[1]])
