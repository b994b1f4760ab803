"""Evaluation of an Output that is to give back an Input, or a picture, or any other array."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..data.picture import is_picture, png
from .examples import show_row
from .output import OutputResult, number, worst_first

_PAIRS = 12


def evaluate_copies(result: OutputResult) -> dict[str, Any]:
    """{kind, error, pairs [{row, image, output_image}], worst}; errors are mean squares of prepared differences."""
    expected, predicted = result.expected, result.predicted.reshape(result.expected.shape)
    losses = ((predicted.astype(np.float64) - expected) ** 2).reshape(len(expected), -1).mean(axis=1)
    pictures = is_picture(expected.shape[1:])

    def row(place: int) -> dict[str, Any]:
        found: dict[str, Any] = {"row": int(result.rows[place]), "loss": number(losses[place])}
        if pictures:
            return {**found, "image": png(expected[place]), "output_image": png(predicted[place])}
        return {**found, **show_row(result, place)}

    # Neither the best nor the worst, so that they show what to expect.
    evenly = np.linspace(0, len(expected) - 1, min(_PAIRS, len(expected))).astype(int)
    return {
        "kind": "copies",
        "error": number(losses.mean()),
        "pairs": [row(int(place)) for place in evenly] if pictures else [],
        "worst": [{**row(int(place)), "expected": "", "predicted": ""} for place in worst_first(losses)],
    }
