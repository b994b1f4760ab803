"""The functions in a Lambda layer's config as Python that makes them again. Pure: compiled code is copied, not run."""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Mapping
from typing import Any

COMPILED = "compiled"
_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_.]{2,}")
_WORDS = 12


class Unreadable(Exception):
    """The config holds no code, only the name of a function, or something that is no plain value."""


def arguments_of(params: Mapping[str, Any]) -> str:
    """What `Lambda.__init__` is given, as Python. Raises Unreadable."""
    found = [_function(params.get("function"), params.get("function_type"))]
    shape = params.get("output_shape")
    if _is_function(shape, params.get("output_shape_type")):
        found.append(f"output_shape={_function(shape, 'lambda')}")
    elif shape is not None:
        found.append(f"output_shape={_value(tuple(shape) if isinstance(shape, list) else shape)}")
    if params.get("mask") is not None:
        found.append(f"mask={_function(params['mask'], None)}")
    if params.get("arguments"):
        found.append(f"arguments={_value(params['arguments'])}")
    return ", ".join(found)


def _is_function(value: Any, type: Any) -> bool:
    return type == "lambda" or (isinstance(value, dict) and value.get("class_name") == "__lambda__")


def _function(value: Any, type: Any) -> str:
    """The call that makes a function of what Keras writes for it: a dict since Keras 3, a list before."""
    if not _is_function(value, type):
        raise Unreadable
    parts = value.get("config") if isinstance(value, dict) else value
    if isinstance(parts, dict):
        parts = [parts.get("code"), parts.get("defaults"), parts.get("closure")]
    if not isinstance(parts, list) or len(parts) != 3 or not all(isinstance(part or [], list) for part in parts[1:]):
        raise Unreadable
    code, defaults, closure = parts
    arguments = [repr(base64.b64encode(_bytes(code)).decode())]
    if defaults:
        arguments.append(f"defaults={_value(tuple(defaults))}")
    if closure:
        arguments.append(f"closure={_value(tuple(closure))}")
    return f"{COMPILED}({', '.join(arguments)})"


def _bytes(code: Any) -> bytes:
    try:
        return base64.b64decode("".join(str(code).split()), validate=True)
    except binascii.Error as error:
        raise Unreadable from error


def _value(value: Any) -> str:
    """A plain value as Python; objects of Keras cannot be written so."""
    if isinstance(value, dict) and ({"class_name", "config"} <= value.keys()):
        raise Unreadable
    if isinstance(value, dict):
        return "{" + ", ".join(f"{str(key)!r}: {_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(_value, value))}{',' * (len(value) == 1)})"
    if isinstance(value, str | int | float | bool | None) and (not isinstance(value, float) or math.isfinite(value)):
        return repr(value)
    raise Unreadable


def dtype_of(params: Mapping[str, Any]) -> str:
    """The layer's number type as Python, `None` for that of the network."""
    dtype = params.get("dtype")
    if isinstance(dtype, dict):
        dtype = dtype.get("config", {}).get("name") if isinstance(dtype.get("config"), dict) else None
    return repr(dtype) if isinstance(dtype, str) and dtype != "float32" else "None"


def words_in(arguments: str) -> list[str]:
    """What may be read in compiled Python without running it: names that it uses, and its texts."""
    raw = b" ".join(base64.b64decode(code) for code in re.findall(rf"{COMPILED}\('([^']*)'", arguments))
    found = dict.fromkeys(word.decode() for word in _WORD.findall(raw) if b"lambda" not in word)
    return [*list(found)[:_WORDS], *(["…"] if len(found) > _WORDS else [])]
