"""Evaluation of an Output that tells classes apart."""

from __future__ import annotations

from typing import Any

import numpy as np

from .examples import show_row
from .output import OutputResult, number, worst_first

# A matrix of more classes cannot be read; the rarer ones are put together.
_CLASSES = 60
# The least probability that a loss is computed from, as in Keras.
_LEAST = 1e-7


def evaluate_classes(result: OutputResult) -> dict[str, Any]:
    """{kind, accuracy, confusion {classes, matrix}, classes [{name, rows, precision, recall, f1}], worst}.

    Rows of the matrix are the truth, columns the network's answers.
    """
    names = result.target.classes
    expected = _codes(result.expected, len(names))
    probabilities = class_probabilities(result.predicted, len(names), logits=result.logits)
    predicted = probabilities.argmax(axis=1)
    matrix = np.zeros((len(names), len(names)), dtype=np.int64)
    np.add.at(matrix, (expected, predicted), 1)
    right = np.clip(probabilities[np.arange(len(expected)), expected], _LEAST, 1.0)
    losses = -np.log(right)
    worst = []
    for place in worst_first(losses):
        worst.append(
            {
                "row": int(result.rows[place]),
                "expected": names[expected[place]],
                "predicted": names[predicted[place]],
                "confidence": number(probabilities[place, predicted[place]]),
                "loss": number(losses[place]),
                **show_row(result, place),
            }
        )
    return {
        "kind": "classes",
        "accuracy": number((expected == predicted).mean()),
        "confusion": _bounded(names, matrix),
        "classes": _per_class(names, matrix)[:_CLASSES],
        "worst": worst,
    }


def class_probabilities(predicted: np.ndarray, classes: int, *, logits: bool = False) -> np.ndarray:
    """(rows, classes) from what the network gives: one score a class, or one for the second of two classes."""
    scores = predicted.reshape(len(predicted), -1).astype(np.float64)
    if scores.shape[1] == 1:
        second = 1 / (1 + np.exp(-np.clip(scores, -500, 500))) if logits else scores
        return np.concatenate([1 - second, second], axis=1)
    if logits:
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        scores = powers / powers.sum(axis=1, keepdims=True)
    return np.nan_to_num(scores[:, :classes])


def _codes(expected: np.ndarray, classes: int) -> np.ndarray:
    if expected.ndim == 2 and expected.shape[1] == classes and classes > 1:
        return expected.argmax(axis=1)
    return expected.reshape(-1).astype(np.int64)


def _per_class(names: tuple[str, ...], matrix: np.ndarray) -> list[dict[str, Any]]:
    found = []
    for code, name in enumerate(names):
        hits, rows, answers = int(matrix[code, code]), int(matrix[code].sum()), int(matrix[:, code].sum())
        precision = hits / answers if answers else 0.0
        recall = hits / rows if rows else 0.0
        both = precision + recall
        f1 = 2 * precision * recall / both if both else 0.0
        found.append({"name": name, "rows": rows, "precision": precision, "recall": recall, "f1": f1})
    return found


def _bounded(names: tuple[str, ...], matrix: np.ndarray) -> dict[str, Any]:
    if len(names) <= _CLASSES:
        return {"classes": list(names), "matrix": matrix.tolist()}
    kept = np.sort(np.argsort(-matrix.sum(axis=1), kind="stable")[: _CLASSES - 1])
    rest = np.setdiff1d(np.arange(len(names)), kept)
    order = [*kept, -1]
    pooled = np.zeros((len(order), len(order)), dtype=np.int64)
    groups = [np.array([code]) if code >= 0 else rest for code in order]
    for row, truth in enumerate(groups):
        for column, answer in enumerate(groups):
            pooled[row, column] = matrix[np.ix_(truth, answer)].sum()
    return {"classes": [*(names[code] for code in kept), f"{len(rest)} others"], "matrix": pooled.tolist()}
