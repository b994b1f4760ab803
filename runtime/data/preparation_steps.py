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
    "impute": ("numbers", "series"),
    "standardise": ("numbers", "array", "series", "image"),
    "rescale": ("image", "array", "numbers", "series"),
    "one_hot": ("category",),
}


@dataclass(frozen=True)
class Operation:
    """One fitted step and its constants: impute (`fill`), standardise (`mean`, `variance`), rescale (`scale`,
    `offset`) or one_hot (`vocabulary`).

    Constants are lists over the last axis; those of impute and rescale leave a value as it is by NaN, and by 1 and 0.
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
        middle = np.mean if strategy == "mean" else np.median
        value = step.params.get("value", 0.0) if strategy == "constant" else middle(present) if len(present) else 0.0
        fill.append(float(np.float32(value)))
    return Operation("impute", {"fill": _only(step, field, fill, neutral=float("nan"))})


def fit_standardise(field: RawField, values: np.ndarray, step: Preparation) -> Operation:
    flat = _flat(values)
    mean = np.nanmean(flat, axis=0, dtype=np.float64)
    variance = np.nanvar(flat, axis=0, dtype=np.float64)
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
        scale = [float(np.float32(step.params.get("scale", 1 / 255)))]
        offset = [float(np.float32(step.params.get("offset", 0.0)))]
        return Operation("rescale", {"scale": tuple(scale), "offset": tuple(offset)})
    flat = _flat(values)
    least, most = np.nanmin(flat, axis=0).astype(np.float64), np.nanmax(flat, axis=0).astype(np.float64)
    scale = 1 / np.where(most > least, most - least, 1.0)
    return Operation(
        "rescale",
        {
            "scale": _only(step, field, _singles(scale), neutral=1.0),
            "offset": _only(step, field, _singles(-least * scale), neutral=0.0),
        },
    )


def fit_one_hot(field: RawField, values: np.ndarray, step: Preparation) -> Operation:
    seen = set(values.tolist())
    return Operation("one_hot", {"vocabulary": tuple(name for name in field.classes if name in seen)})


FITS: dict[str, Callable[[RawField, np.ndarray, Preparation], Operation]] = {
    "impute": fit_impute,
    "standardise": fit_standardise,
    "rescale": fit_rescale,
    "one_hot": fit_one_hot,
}


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
