"""Evaluation of an Output that gives quantities: of a row, or of the steps to come in a series."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..data.preparation_plan import restore
from .examples import show_row
from .output import OutputResult, number, worst_first

# Points of the plot of predicted against actual.
_POINTS = 1000
_BINS = 40
_LISTED = 48


def evaluate_numbers(result: OutputResult) -> dict[str, Any]:
    """{kind, residuals, worst}, in the units of the source.

    `residuals`: {expected, predicted, histogram {counts, edges} of predicted - actual, mean_absolute_error,
    root_mean_squared_error, r2, unit, naive_error}; naive_error is what the last value seen gives, in a series.
    """
    plan, name = result.dataset.plan, result.target.name
    actual = restore(plan, name, result.expected)
    predicted = restore(plan, name, result.predicted.reshape(result.expected.shape))
    errors = predicted - actual
    flat = np.abs(errors.reshape(len(errors), -1)).mean(axis=1)
    losses = (
        ((result.predicted.reshape(result.expected.shape) - result.expected) ** 2).reshape(len(errors), -1).mean(axis=1)
    )
    worst = [
        {
            "row": int(result.rows[place]),
            "expected": _shown(actual[place]),
            "predicted": _shown(predicted[place]),
            "error": number(flat[place]),
            "loss": number(losses[place]),
            **show_row(result, place),
        }
        for place in worst_first(flat)
    ]
    return {"kind": "numbers", "residuals": _residuals(result, actual, predicted, errors), "worst": worst}


def _residuals(result: OutputResult, actual: np.ndarray, predicted: np.ndarray, errors: np.ndarray) -> dict[str, Any]:
    finite = np.isfinite(errors)
    a, p, e = actual[finite], predicted[finite], errors[finite]
    # Evenly over the rows: the first ones alone would be the oldest ones of a series.
    chosen = np.linspace(0, len(a) - 1, min(len(a), _POINTS)).astype(int) if len(a) else np.zeros(0, dtype=int)
    counts, edges = np.histogram(e, bins=_BINS) if len(e) else (np.zeros(0), np.zeros(0))
    spread = float(((a - a.mean()) ** 2).sum()) if len(a) else 0.0
    found: dict[str, Any] = {
        "expected": [number(value) for value in a[chosen]],
        "predicted": [number(value) for value in p[chosen]],
        "histogram": {"counts": counts.tolist(), "edges": edges.tolist()},
        "mean_absolute_error": number(np.abs(e).mean()) if len(e) else None,
        "root_mean_squared_error": number(np.sqrt((e**2).mean())) if len(e) else None,
        "r2": 1 - float((e**2).sum()) / spread if spread else None,
        "unit": result.dataset.description.summary.get("unit", ""),
    }
    naive = _naive_error(result, actual)
    return found if naive is None else {**found, "naive_error": naive}


def _naive_error(result: OutputResult, actual: np.ndarray) -> float | None:
    """The mean absolute error of saying that everything stays as it is."""
    window = result.raw.get("window")
    if window is None or result.target.content != "series":
        return None
    seen, followed = (result.dataset.plan[name].pieces[0].columns for name in ("window", result.target.name))
    last = window[:, -1, [seen.index(column) for column in followed]]
    return number(np.abs(actual.reshape(len(actual), -1, len(followed)) - last[:, np.newaxis]).mean())


def _shown(values: np.ndarray) -> Any:
    if values.size == 1:
        return number(values.reshape(-1)[0])
    return [number(value) for value in values.reshape(-1)[:_LISTED]]
