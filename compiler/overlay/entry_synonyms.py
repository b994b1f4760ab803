"""Short names of losses and metrics, Keras' own and people's, and how Keras names the function of a class."""

from __future__ import annotations

import re

_SHORT = {
    "losses.MeanSquaredError": "mse",
    "losses.MeanAbsoluteError": "mae",
    "losses.MeanAbsolutePercentageError": "mape",
    "losses.MeanSquaredLogarithmicError": "msle",
    "losses.KLDivergence": "kld",
    "losses.BinaryCrossentropy": "bce",
    "losses.LogCosh": "logcosh",
    "metrics.MeanSquaredError": "mse",
    "metrics.MeanAbsoluteError": "mae",
    "metrics.MeanAbsolutePercentageError": "mape",
    "metrics.MeanSquaredLogarithmicError": "msle",
    "metrics.KLDivergence": "kld",
    "metrics.LogCoshError": "log_cosh",
    "metrics.Accuracy": "acc",
    "metrics.RootMeanSquaredError": "rmse",
}


def of_entry(owner: str) -> tuple[str, ...]:
    """The short name of `losses.MeanSquaredError` and its like."""
    return (_SHORT[owner],) if owner in _SHORT else ()


def snake_case(name: str) -> str:
    """`KLDivergence` as `kl_divergence`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
