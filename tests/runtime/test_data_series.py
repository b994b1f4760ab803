from __future__ import annotations

import numpy as np
import pytest

from weftwork.runtime.data.load import load
from weftwork.runtime.data.preparation_plan import restore

from .data_cells import data_cell, split, step


@pytest.mark.parametrize(("window", "horizon"), [(1, 1), (24, 1), (24, 12), (5, 7)])
def test_windows_are_slices_of_the_series_and_what_follows(tmp_path, window, horizon):
    whole = load(data_cell(location="sunspots", options={"window": 300, "horizon": 8}, split=split(0.5)), tmp_path)
    series = np.concatenate([whole.raw_train["window"][0, :, 0], whole.raw_train["next"][0]])
    dataset = load(data_cell(location="sunspots", options={"window": window, "horizon": horizon}), tmp_path)
    for part, rows in ((dataset.train, dataset.train_rows), (dataset.validation, dataset.validation_rows)):
        for place in (0, len(rows) // 2):
            start = rows[place]
            if start + window + horizon > len(series):
                continue
            np.testing.assert_array_equal(part["window"][place, :, 0], series[start : start + window])
            np.testing.assert_array_equal(part["next"][place], series[start + window : start + window + horizon])


@pytest.mark.parametrize("horizon", [1, 6])
def test_no_training_target_is_a_validation_target(tmp_path, horizon):
    dataset = load(data_cell(location="co2", options={"window": 24, "horizon": horizon}), tmp_path)
    last_learnt = dataset.train_rows[-1] + 24 + horizon
    first_asked = dataset.validation_rows[0] + 24
    assert last_learnt <= first_asked


def test_what_comes_next_is_measured_in_the_units_of_the_window(tmp_path):
    plain = load(data_cell(location="co2", options={"horizon": 3}), tmp_path)
    dataset = load(data_cell(location="co2", options={"horizon": 3}, preparation=(step("standardise"),)), tmp_path)
    mean, deviation = plain.train["window"].mean(dtype=float), plain.train["window"].std(dtype=float)
    np.testing.assert_allclose(dataset.train["next"], (plain.train["next"] - mean) / deviation, atol=1e-5)
    np.testing.assert_allclose(restore(dataset.plan, "next", dataset.train["next"]), plain.train["next"], atol=1e-3)
