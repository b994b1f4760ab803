"""The loss and the metrics that go with a target and with what the network ends in."""

from __future__ import annotations

from typing import Any

from ..document import Choice
from ..specs import DataField, Shape

_ACCURACIES = {
    "SparseCategoricalCrossentropy": "SparseCategoricalAccuracy",
    "CategoricalCrossentropy": "CategoricalAccuracy",
    "CategoricalFocalCrossentropy": "CategoricalAccuracy",
    "CategoricalHinge": "CategoricalAccuracy",
    "BinaryCrossentropy": "BinaryAccuracy",
    "BinaryFocalCrossentropy": "BinaryAccuracy",
}
_PROBABILITIES = frozenset({"softmax", "sigmoid", "hard_sigmoid", "sparse_sigmoid", "sparsemax"})


def choose_loss(target: DataField, shape: Shape | None, activation: str) -> Choice:
    """The usual loss for this target. `shape` is the output's, without batch axis; None: unknown."""
    if not has_classes(target):
        return Choice(kind="MeanSquaredError")
    params: dict[str, Any] = {} if gives_probabilities(activation) else {"from_logits": True}
    if is_one_hot(target):
        several = activation == "sigmoid"
        return Choice(kind="BinaryCrossentropy" if several else "CategoricalCrossentropy", params=params)
    one_unit = shape is not None and shape[-1:] in ((), (1,))
    return Choice(kind="BinaryCrossentropy" if one_unit else "SparseCategoricalCrossentropy", params=params)


def choose_metrics(target: DataField, loss: Choice) -> tuple[Choice, ...]:
    """Accuracy, under that name, for classes; the mean absolute error for quantities."""
    accuracy = _ACCURACIES.get(loss.kind)
    if not has_classes(target) or accuracy is None:
        return () if has_classes(target) else (Choice(kind="MeanAbsoluteError", params={"name": "mae"}),)
    params: dict[str, Any] = {"name": "accuracy"}
    if accuracy == "BinaryAccuracy" and loss.params.get("from_logits"):
        params["threshold"] = 0.0  # A logit of 0 is a probability of one half.
    return (Choice(kind=accuracy, params=params),)


def gives_probabilities(activation: str) -> bool:
    return activation in _PROBABILITIES


def has_classes(target: DataField) -> bool:
    return target.content == "category"


def is_one_hot(target: DataField) -> bool:
    """Whether classes come as rows of zeros with a one, not as codes."""
    return bool(target.classes) and target.shape[-1:] == (len(target.classes),) and len(target.classes) > 1
