"""What people call metrics, and what plots and tables show."""

from __future__ import annotations

from .document import Choice

# Keras itself names a metric so when it is chosen as "accuracy".
_SHORT_NAMES = {
    "Accuracy": "accuracy",
    "BinaryAccuracy": "accuracy",
    "CategoricalAccuracy": "accuracy",
    "SparseCategoricalAccuracy": "accuracy",
    "MeanAbsoluteError": "mae",
    "MeanSquaredError": "mse",
    "RootMeanSquaredError": "rmse",
}


def named(metric: Choice) -> Choice:
    """The metric with its short name, unless the user gave it one."""
    short = _SHORT_NAMES.get(metric.kind)
    if short is None or "name" in metric.params:
        return metric
    return metric.model_copy(update={"params": {**metric.params, "name": short}})
