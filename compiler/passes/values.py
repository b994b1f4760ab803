"""What a plain value of each parameter type looks like, and what a mistaken one was probably meant to be."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from typing import Any

# How a message names what a parameter takes.
WORDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "text": "text",
    "sizes": "a whole number or a list of them",
    "axis": "a whole number or a list of them",
    "shape": "a list of sizes",
    "ints": "a list of whole numbers",
    "dtype": "a number type such as float32",
    "schedule": "a number or a schedule",
}

DTYPES = (
    *("float32", "float16", "float64", "bfloat16", "bool", "string", "complex64", "complex128"),
    *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("mixed_float16", "mixed_bfloat16", "float8_e4m3fn", "float8_e5m2"),
)


def fits(type: str, value: Any) -> bool:
    """Whether a value is of a parameter type; True for types that say nothing of plain values."""
    match type:
        case "int":
            return _is_int(value)
        case "float":
            return _is_number(value)
        case "bool":
            return isinstance(value, bool)
        case "text":
            # Keras has arguments like use_cudnn="auto" that take a truth value or nothing as well.
            return value is None or isinstance(value, str | bool)
        case "sizes" | "axis":
            return _is_int(value) or _all(value, lambda item: fits("sizes", item))
        case "shape":
            return _all(value, lambda item: item is None or _is_int(item))
        case "ints":
            return _all(value, _is_int)
        case "schedule":
            return _is_number(value) or isinstance(value, dict)
        case _:
            return True


def meant(type: str, value: Any) -> Iterator[Any]:
    """Values of the type that a value of another type was plainly meant to be: "3" → 3, 3.0 → 3, 3 → [3]."""
    if isinstance(value, str):
        value = _read(value)
    candidates = [value]
    if isinstance(value, float) and value.is_integer():
        candidates.append(int(value))
    if isinstance(value, tuple | list):
        candidates.append([int(item) if isinstance(item, float) and item.is_integer() else item for item in value])
        if len(value) == 1:
            candidates.append(value[0])
    if type in ("shape", "ints"):
        candidates += [[item] for item in candidates if _is_int(item)]
    if type == "bool":
        candidates += [bool(item) for item in candidates if item in (0, 1)]
    if type == "text" and _is_number(value):
        candidates.append(str(value))
    for candidate in candidates:
        if not isinstance(candidate, str) and fits(type, candidate) and candidate is not None:
            yield candidate
            return
        if type == "text" and isinstance(candidate, str):
            yield candidate
            return


def numbers_in(value: Any) -> Iterator[float]:
    """The numbers of a value, those in lists too."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from numbers_in(item)
    elif _is_number(value):
        yield value


def clamped(value: Any, minimum: float | None, maximum: float | None) -> Any:
    """The value with each of its numbers moved into the range."""
    if isinstance(value, list | tuple):
        return [clamped(item, minimum, maximum) for item in value]
    if not _is_number(value):
        return value
    if minimum is not None and value < minimum:
        return type(value)(minimum)
    return type(value)(maximum) if maximum is not None and value > maximum else value


def shown(value: Any) -> str:
    """A value as it stands in a message."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value}"' if len(value) <= 40 else f'"{value[:37]}…"'
        case {"kind": kind}:
            return str(kind)
        case list() | tuple():
            return "(" + ", ".join("?" if item is None else shown(item) for item in value) + ")"
        case _:
            return str(value)


def _read(text: str) -> Any:
    words = {"true": True, "yes": True, "false": False, "no": False, "none": None, "null": None}
    plain = text.strip()
    if plain.lower() in words:
        return words[plain.lower()]
    try:
        read = ast.literal_eval(plain)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text
    return list(read) if isinstance(read, tuple) else read


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _all(value: Any, test: Any) -> bool:
    return isinstance(value, list | tuple) and all(test(item) for item in value)
