"""Sentences about arguments that many kinds share, written once for all of them."""

from __future__ import annotations

_BY_NAME: dict[str, str] = {
    "trainable": "Whether training changes this layer's weights.",
    "dtype": "Number type or precision policy in which the layer computes.",
    "autocast": "Whether inputs are cast to the layer's own number type.",
    "activity_regularizer": "Penalty on this layer's output, added to the loss.",
}

_BY_OWNER: dict[str, dict[str, str]] = {}


def for_argument(owner: str, name: str) -> str:
    """The sentence for this argument, or "" when the docstring has to speak."""
    return _BY_OWNER.get(owner, {}).get(name) or _BY_NAME.get(name, "")
