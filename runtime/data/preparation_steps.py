"""Preparation steps fitted on the values of the training rows, one function a step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...compiler.document import Preparation
from .fields import RawField

# What a step is for: the contents that it fits when no columns are named.
STEP_CONTENTS: dict[str, tuple[str, ...]] = {
    "drop_missing": ("numbers", "category", "series"),
    "drop_duplicates": ("numbers", "category"),
    "impute": ("numbers", "series", "category"),
    "standardise": ("numbers", "array", "series", "image"),
    "rescale": ("image", "array", "numbers", "series"),
    "min_max": ("numbers", "array", "series"),
    "log": ("numbers", "series"),
    "one_hot": ("category",),
    "bucketise": ("numbers",),
    "resize": ("image",),
    "augment": ("image",),
    "windows": ("series",),
    "date_parts": (),
}
# Steps that choose rows or shape the source; they have no constants to fit.
ROW_STEPS = frozenset({"drop_missing", "drop_duplicates", "windows", "date_parts"})
# Steps whose way back is no scale and offset: a target cannot be put through them.
ONE_WAY_STEPS = frozenset({"log", "bucketise", "resize", "augment"})
# How `impute` may fill: for numbers, and for categories.
NUMBER_STRATEGIES = ("mean", "median", "most_frequent", "constant")
CATEGORY_STRATEGIES = ("most_frequent", "constant", "own_class")


class LogOfNegative(Exception):
    """Training values whose logarithm does not exist; `column` and the `lowest` of its values."""

    def __init__(self, column: str, lowest: float) -> None:
        super().__init__(column, lowest)
        self.column, self.lowest = column, lowest


@dataclass(frozen=True)
class Operation:
    """One fitted step and its constants: impute (`fill`), standardise (`mean`, `variance`), rescale (`scale`,
    `offset`), log (`plus`), one_hot (`vocabulary`, and `missing`: the word that stands in for an absent one), bucketise
    (`boundaries`, `encode`), resize (`size`) or augment (what a picture may go through).

    Constants are lists over the last axis; those of impute, log and rescale leave a value as it is by NaN, and by 1
    and 0.
    """

    step: str
    constants: dict[str, tuple[Any, ...]]

    def array(self, name: str) -> np.ndarray:
        return np.array(self.constants[name], dtype=np.float32)


def fit_impute(field: RawField, values: np.ndarray, step: Preparation) -> Operation:
    strategy = step.params.get("strategy", "median")
    flat = _flat(values)
    fill = []
    for index in range(flat.shape[1]):
        present = flat[np.isfinite(flat[:, index]), index]
        if strategy == "constant":
            value = step.params.get("value", 0.0)
        elif not len(present):
            value = 0.0
        elif strategy == "most_frequent":
            found, counts = np.unique(present, return_counts=True)
            value = found[np.argmax(counts)]  # the least of several, as scikit-learn has it
        else:
            value = np.mean(present) if strategy == "mean" else np.median(present)
        fill.append(float(np.float32(value)))
    return Operation("impute", {"fill": _only(step, field, fill, neutral=float("nan"))})


def fit_standardise(field: RawField, values: np.ndarray, step: Preparation) -> Operation:
    flat = _flat(values)
    mean = np.nanmean(flat, axis=0, dtype=np.float64)
    variance = np.nanvar(flat, axis=0, dtype=np.float64)
    return standardising(field, step, mean, variance)


def standardising(field: RawField, step: Preparation, mean: Any, variance: Any) -> Operation:
    # A column that never changed says nothing of how far a new value is from it: left at its own size.
    variance = np.where(variance > 0, variance, 1.0)
    return Operation(
        "standardise",
        {
            "mean": _only(step, field, _singles(mean), neutral=0.0),
            "variance": _only(step, field, _singles(variance), neutral=1.0),
        },
    )


def fit_rescale(field: RawField, values: np.ndarray, step: Preparation) -> Operation:
    if "scale" in step.params or field.values.dtype == np.uint8:
        width = len(field.columns) if step.columns and field.name not in step.columns else 1
        scale = [float(np.float32(step.params.get("scale", 1 / 255)))] * width
        offset = [float(np.float32(step.params.get("offset", 0.0)))] * width
        constants = {"scale": _only(step, field, scale, neutral=1.0), "offset": _only(step, field, offset, neutral=0.0)}
        return Operation("rescale", constants)
    return fit_min_max(field, values, Preparation(step="min_max", columns=step.columns))


def fit_min_max(field: RawField, values: np.ndarray, step: Preparation) -> Operation:
    """The training part's least and greatest become `low` (0) and `high` (1)."""
    low, high = float(step.params.get("low", 0.0)), float(step.params.get("high", 1.0))
    flat = _flat(values)
    least, most = np.nanmin(flat, axis=0).astype(np.float64), np.nanmax(flat, axis=0).astype(np.float64)
    scale = (high - low) / np.where(most > least, most - least, 1.0)
    return Operation(
        "rescale",
        {
            "scale": _only(step, field, _singles(scale), neutral=1.0),
            "offset": _only(step, field, _singles(low - least * scale), neutral=0.0),
        },
    )


def fit_log(field: RawField, values: np.ndarray, step: Preparation) -> Operation:
    """log(value + `plus`), by default of 1 more, which takes zeros. Raises LogOfNegative."""
    flat = _flat(values)
    given = float(np.float32(step.params.get("plus", 1.0)))
    plus = _only(step, field, [given] * flat.shape[1], neutral=float("nan"))
    for index, each in enumerate(plus):
        column = flat[:, index]
        if np.isfinite(each) and np.any(column + each <= 0):
            raise LogOfNegative(field.columns[index] if field.columns else field.name, float(np.nanmin(column)))
    return Operation("log", {"plus": plus})


def fit_bucketise(field: RawField, values: np.ndarray, step: Preparation) -> Operation:
    """`bins` buckets with as many rows each (`quantile`) or as wide each (`uniform`); fewer where bounds coincide."""
    bins = step.params.get("bins", 5)
    present = values[np.isfinite(values)].astype(np.float64)
    if not len(present):
        edges = np.zeros(2)
    elif step.params.get("strategy", "quantile") == "uniform":
        edges = np.linspace(present.min(), present.max(), bins + 1)
    else:
        edges = np.percentile(present, np.linspace(0, 100, bins + 1))
    apart = np.concatenate([[True], np.diff(edges) > 1e-8])
    boundaries = _singles(edges[apart][1:-1])
    return Operation("bucketise", {"boundaries": tuple(boundaries), "encode": (step.params.get("encode", "one_hot"),)})


def fit_resize(field: RawField, values: np.ndarray, step: Preparation) -> Operation:
    return Operation("resize", {"size": (step.params.get("height", 64), step.params.get("width", 64))})


def fit_augment(field: RawField, values: np.ndarray, step: Preparation) -> Operation:
    shares = {name: (float(step.params[name]),) for name in ("rotate", "shift", "zoom") if step.params.get(name)}
    flip = step.params.get("flip", "horizontal")
    return Operation("augment", {**({"flip": (flip,)} if flip != "none" else {}), **shares})


def fit_one_hot(field: RawField, codes: np.ndarray, impute: Preparation | None) -> Operation:
    """The words that training showed, in the order of the classes; what `impute` puts in place of a missing one."""
    seen, counts = np.unique(codes, return_counts=True)
    words = tuple(field.classes[code] for code in seen if code >= 0)
    if impute is None:
        return Operation("one_hot", {"vocabulary": words})
    strategy = impute.params.get("strategy")
    if strategy == "own_class":
        return Operation("one_hot", {"vocabulary": (*words, ""), "missing": ("",)})
    if strategy == "constant":
        filling = str(impute.params["value"])
    else:
        present = [(count, -code) for code, count in zip(seen.tolist(), counts.tolist(), strict=True) if code >= 0]
        filling = field.classes[-max(present)[1]] if present else ""
    return Operation("one_hot", {"vocabulary": words if filling in words else (*words, filling), "missing": (filling,)})


FITS: dict[str, Callable[[RawField, np.ndarray, Preparation], Operation]] = {
    "impute": fit_impute,
    "standardise": fit_standardise,
    "rescale": fit_rescale,
    "min_max": fit_min_max,
    "log": fit_log,
    "bucketise": fit_bucketise,
    "resize": fit_resize,
    "augment": fit_augment,
}


def imputes(step: Preparation, content: str) -> bool:
    """Whether this step `impute` has a way to fill that content."""
    strategy, value = step.params.get("strategy", "median"), step.params.get("value", 0.0)
    if content == "category":
        return strategy in ("most_frequent", "own_class") or (strategy == "constant" and isinstance(value, str))
    return strategy in ("mean", "median", "most_frequent") or (strategy == "constant" and not isinstance(value, str))


def _flat(values: np.ndarray) -> np.ndarray:
    """(n, columns): every axis but the last in one."""
    return values.reshape(-1, values.shape[-1]) if values.ndim > 1 else values[:, np.newaxis]


def _singles(values: Any) -> list[float]:
    return [float(value) for value in np.asarray(values, dtype=np.float32)]


def _only(step: Preparation, field: RawField, values: list[float], *, neutral: float) -> tuple[float, ...]:
    """The constants, neutral for columns that the step does not name."""
    if not step.columns or field.name in step.columns or len(values) != len(field.columns):
        return tuple(values)
    return tuple(
        value if column in step.columns else neutral for column, value in zip(field.columns, values, strict=True)
    )
