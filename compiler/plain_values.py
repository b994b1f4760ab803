"""How the plain values of a notebook become Python values. Pure; both back ends agree by it."""

from __future__ import annotations

from typing import Any


def is_numeric(value: Any) -> bool:
    """Whether a list holds only numbers and None, at any depth: those become tuples, others stay lists."""
    if isinstance(value, list | tuple):
        return all(is_numeric(item) for item in value)
    return value is None or isinstance(value, int | float)


def same(value: Any, default: Any) -> bool:
    """Whether two plain values are the same, numbers of different type apart: 1 is not True and not 1.0."""
    if isinstance(value, list | tuple) and isinstance(default, list | tuple):
        return len(value) == len(default) and all(map(same, value, default))
    return type(value) is type(default) and value == default
