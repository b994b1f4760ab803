"""Widgets, ranges and choices of arguments, by name, and for one owner where the name alone misleads."""

from __future__ import annotations

import re
from typing import Any

COUNT = {"type": "int", "minimum": 1}
SHARE = {"type": "float", "minimum": 0.0, "maximum": 1.0}
POSITIVE = {"type": "float", "minimum": 0.0}
LAYOUT = {"type": "choice", "choices": ("channels_last", "channels_first"), "nullable": True}
SIZES = {"type": "sizes", "minimum": 1}

_BY_NAME: dict[str, dict[str, Any]] = {
    "units": COUNT | {"suggested": 32},
    "filters": COUNT | {"suggested": 32},
    "kernel_size": SIZES | {"suggested": 3},
    "strides": SIZES,
    "pool_size": SIZES | {"suggested": 2},
    "dilation_rate": SIZES,
    "data_format": LAYOUT,
    "padding": {"type": "choice", "choices": ("valid", "same")},
    "activation": {"type": "activation"},
    "recurrent_activation": {"type": "activation"},
    "dtype": {"type": "dtype", "nullable": True},
    "axis": {"type": "axis"},
    "seed": {"type": "int", "nullable": True},
    "rate": SHARE | {"suggested": 0.5},
    "name": {"type": "text", "nullable": True},
}

_BY_OWNER: dict[str, dict[str, dict[str, Any]]] = {}

_BY_ENDING = (
    (re.compile(r"_?initializer$"), {"type": "initializer"}),
    (re.compile(r"_?regularizer$"), {"type": "regularizer", "nullable": True}),
    (re.compile(r"_?constraint$"), {"type": "constraint", "nullable": True}),
)


def for_argument(owner: str, name: str, default: Any) -> dict[str, Any]:
    """The fields of a Parameter that the overlay sets for this argument."""
    for ending, fields in _BY_ENDING:
        if ending.search(name):
            return fields
    return {**_BY_NAME.get(name, {}), **_BY_OWNER.get(owner, {}).get(name, {})}
