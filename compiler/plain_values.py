"""How the plain values of a notebook become Python values. Pure; both back ends agree by it."""

from __future__ import annotations

from typing import Any


def is_numeric(value: Any) -> bool:
    """Whether a list holds only numbers and None, at any depth: those become tuples, others stay lists."""
    if isinstance(value, list | tuple):
        return all(is_numeric(item) for item in value)
    return value is None or isinstance(value, int | float)


def index_part(value: Any) -> Any:
    """The part of an index that a plain value stands for: `{"slice": [1, 3, null]}` a slice, `{"ellipsis": true}` the
    ellipsis; None for any other value."""
    match value:
        case {"slice": [start, stop, step], **rest} if not rest:
            return slice(start, stop, step)
        case {"ellipsis": True, **rest} if not rest:
            return ...
    return None


def is_index(value: Any) -> bool:
    """Whether a list is an index with slices in it, which becomes a tuple."""
    return isinstance(value, list | tuple) and any(index_part(item) is not None for item in value)


def same(value: Any, default: Any) -> bool:
    """Whether two plain values are the same, numbers of different type apart: 1 is not True and not 1.0."""
    if isinstance(value, list | tuple) and isinstance(default, list | tuple):
        return len(value) == len(default) and all(map(same, value, default))
    return type(value) is type(default) and value == default
