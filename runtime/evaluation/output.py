"""One Output of a network beside what it should have given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...compiler.specs import DataField
from ..data.load import Dataset

# Enough to learn from, few enough to be looked at.
WORST = 12


@dataclass(frozen=True, eq=False)
class OutputResult:
    """`expected` and `predicted` are arrays with a row for each of `rows`, which number the source's rows.

    `is_input` says that the network is to give back what it got. `logits` says that class scores are to be put through
    softmax or sigmoid first.
    """

    name: str
    target: DataField
    expected: np.ndarray
    predicted: np.ndarray
    rows: np.ndarray
    dataset: Dataset
    raw: Mapping[str, Any]
    is_input: bool = False
    logits: bool = False


def worst_first(losses: np.ndarray) -> np.ndarray:
    """Places of the highest losses, in falling order; what is no number is the worst of all."""
    return np.argsort(-np.nan_to_num(losses, nan=np.inf, posinf=np.inf), kind="stable")[:WORST]


def number(value: Any) -> float | None:
    """A number as JSON knows it, to float32's seven digits: None for what is not finite."""
    return float(f"{value:.7g}") if np.isfinite(value) else None
