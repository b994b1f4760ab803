"""How much each row counts in the loss: by a column of the data, or by its class, as `fit` takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..compiler.program import Program
from ..compiler.training_choices import TrainingPlan
from ..compiler.training_options import BALANCED
from .data.load import Dataset


def row_weights(program: Program, plan: TrainingPlan, dataset: Dataset) -> tuple[Any, Any]:
    """float32 weights of the training and of the validation rows; None where all rows count alike.

    As in Keras, weights by class are for training alone, while a column of weights counts in validation too."""
    if plan.sample_weight:
        return _numbers(dataset.train[plan.sample_weight]), _numbers(dataset.validation[plan.sample_weight])
    if plan.class_weight is None:
        return None, None
    target = plan.targets[program.outputs[0].node]
    field = plan.inputs.get(target, target)
    codes = class_codes(dataset.train[field])
    weights = class_weights(plan.class_weight, codes, dataset.description.fields[field].classes)
    return np.array([weights.get(int(code), 1.0) for code in codes], dtype=np.float32), None


def class_codes(target: np.ndarray) -> np.ndarray:
    """The number of each row's class, from numbers or from one-hot rows."""
    target = np.asarray(target)
    if target.ndim > 1 and target.shape[-1] != 1:
        return np.argmax(target, axis=-1)
    return np.round(target.reshape(len(target))).astype("int32")


def class_weights(given: Mapping[str, float] | str, codes: np.ndarray, classes: tuple[str, ...]) -> dict[int, float]:
    """Weights by class number, as `fit(class_weight=...)` takes them; a class that is left out counts 1.

    Balanced: rows / (classes × rows of the class), so that every class counts alike in all."""
    if given == BALANCED:
        present, counts = np.unique(codes[codes >= 0], return_counts=True)
        total = int(counts.sum())
        return {int(code): total / (len(present) * int(count)) for code, count in zip(present, counts, strict=True)}
    assert isinstance(given, Mapping)
    return {classes.index(name): float(weight) for name, weight in given.items() if name in classes}


def _numbers(column: np.ndarray) -> np.ndarray:
    return np.asarray(column, dtype=np.float32).reshape(len(column))
