"""Dates taken apart: against pandas, in memory and in files, in the exported code, and as the fix of the warning."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from weftwork.compiler.apply_change import apply_all
from weftwork.compiler.document import Notebook
from weftwork.runtime.data.date_parts import PARTS, part_of_seconds
from weftwork.runtime.data.load import describe, load

from .data_cells import data_cell, run_loading, split, step

THEIRS = {"weekday": "day_of_week"}


@pytest.fixture
def frame(tmp_path) -> pd.DataFrame:
    random = np.random.default_rng(0)
    moments = pd.Timestamp("1965-03-01") + pd.to_timedelta(random.integers(0, 80 * 365 * 24, 60), unit="h")
    frame = pd.DataFrame({"size": random.normal(size=60), "when": moments, "price": random.normal(size=60)})
    frame["when"] = frame["when"].dt.strftime("%Y-%m-%d %H:%M")
    frame.to_csv(tmp_path / "table.csv", index=False)
    return frame


def expected(frame: pd.DataFrame) -> np.ndarray:
    moments = pd.to_datetime(frame["when"]).dt
    return np.stack([getattr(moments, THEIRS.get(part, part)) for part in PARTS], axis=1)


@pytest.mark.parametrize("part", PARTS)
def test_part_of_any_second_is_that_of_pandas(part):
    times = np.random.default_rng(0).integers(-5_000_000_000, 5_000_000_000, 2000)
    theirs = getattr(pd.to_datetime(pd.Series(times), unit="s").dt, THEIRS.get(part, part))
    np.testing.assert_array_equal(part_of_seconds(times, part), theirs)
    assert np.isnan(part_of_seconds(np.array([np.nan]), part)).all()


@pytest.mark.parametrize("stream", [False, True])
def test_parts_are_features_beside_the_others(tmp_path, frame, stream):
    cell = data_cell("csv", "table.csv", preparation=(step("date_parts", "when"),), options={"stream": stream})
    dataset = load(cell, tmp_path)
    assert dataset.plan["features"].pieces[0].columns == ("size", *(f"when {part}" for part in PARTS))
    for part, rows in ((dataset.train, dataset.train_rows), (dataset.validation, dataset.validation_rows)):
        np.testing.assert_array_equal(np.asarray(part["features"])[:, 1:], expected(frame)[rows])


def test_parts_that_are_not_wanted_are_left_out_and_others_can_be_corrected(tmp_path, frame):
    steps = (step("date_parts", hour=False, year=False),)
    cell = data_cell("csv", "table.csv", preparation=steps, types={"when weekday": "category"})
    dataset = load(cell, tmp_path)
    assert [piece.columns or piece.raw for piece in dataset.plan["features"].pieces] == [
        ("size", "when month"),
        "when weekday",
    ]
    ignored = cell.model_copy(update={"roles": {"when month": "ignore"}})
    assert describe(ignored, tmp_path)[0].fields["features"].shape == (8,)


@pytest.mark.parametrize("stream", [False, True])
def test_dates_with_the_day_first_are_read_so(tmp_path, stream):
    days = pd.date_range("2024-01-01", periods=60, freq="D")
    frame = pd.DataFrame({"when": days.strftime("%d.%m.%Y"), "size": np.arange(60.0) % 7, "y": np.arange(60) / 3})
    frame.to_csv(tmp_path / "table.csv", index=False)
    steps = (step("date_parts", year=False, hour=False),)
    cell = data_cell("csv", "table.csv", preparation=steps, options={"stream": stream}, split=split(by="time"))
    dataset = load(cell, tmp_path)
    names = dataset.plan["features"].pieces[0].columns
    np.testing.assert_array_equal(
        np.asarray(dataset.train["features"])[:, names.index("when month")], days.month[dataset.train_rows]
    )
    np.testing.assert_array_equal(dataset.validation_rows, np.arange(45, 60))


def test_exported_code_takes_the_same_parts(tmp_path, frame):
    cell = data_cell("csv", str(tmp_path / "table.csv"), preparation=(step("date_parts", "when", year=False),))
    dataset = load(cell.model_copy(update={"location": "table.csv"}), tmp_path)
    rows, training, _ = run_loading(cell, dataset, ["features"])
    np.testing.assert_array_equal(training, dataset.train_rows)
    np.testing.assert_array_equal(rows["features"][training], dataset.raw_train["features"])


def test_date_to_learn_from_is_warned_of_and_its_fix_takes_the_parts(tmp_path, frame):
    cell = data_cell("csv", "table.csv", roles={"when": "feature"})
    problem = next(found for found in describe(cell, tmp_path)[1] if found.code == "D537")
    assert problem.severity == "warning"
    titles = [fix.title for fix in problem.fixes]
    assert titles[0] == "Learn from its year, month, weekday and hour"
    for fix in problem.fixes:
        mended = apply_all(Notebook(cells=(cell,)), fix.changes).cells[0]
        description, problems = describe(mended, tmp_path)
        assert problems == []
        assert description.fields["features"].shape == ((5,) if fix is problem.fixes[0] else (1,))


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        (step("date_parts", "size"), "D524", "‘size’, which holds no dates"),
        (step("date_parts", "whne"), "D509", "‘whne’"),
        (step("date_parts", "when", minute=True), "D526", "minute=True"),
    ],
)
def test_wrong_step_is_a_problem_whose_fix_removes_it(tmp_path, frame, given, code, words):
    cell = data_cell("csv", "table.csv", preparation=(given,))
    problem = describe(cell, tmp_path)[1][0]
    assert (problem.code, problem.at.parameter, words in problem.message) == (code, "preparation.0", True)
    mended = apply_all(Notebook(cells=(cell,)), problem.fixes[-1].changes).cells[0]
    assert describe(mended, tmp_path)[1] == []


def test_date_that_cannot_be_read_is_a_gap_of_its_parts(tmp_path, frame):
    lines = (tmp_path / "table.csv").read_text().splitlines()
    lines[4] = lines[4].split(",")[0] + ",," + lines[4].split(",")[2]
    (tmp_path / "table.csv").write_text("\n".join(lines))
    cell = data_cell("csv", "table.csv", preparation=(step("date_parts", hour=False, month=False, year=False),))
    problem = describe(cell, tmp_path)[1][0]
    assert (problem.code, problem.at.parameter) == ("D510", "columns.when weekday")
    assert "row: 4" in problem.message
