"""The code inside a Lambda's config as text: its source where that can be told, else what its bytes do. Pure.

Nothing runs. A source is only believed when compiling it gives the very same bytes.
"""

from __future__ import annotations

import base64
import binascii
import sys
from collections.abc import Mapping
from typing import Any

from .instructions import SKIPPED, UnknownInstruction, instructions
from .lambda_source import lambda_source
from .marshalled import CodeParts, Unreadable, code_parts

_LONGEST = 20_000


def code_in(config: Mapping[str, Any]) -> str:
    """What the functions in a layer's config say, as Python or as words; "" where there is none."""
    found = []
    for key, value in config.items():
        held = _held(key, value, config)
        if held is None:
            continue
        content, defaults = held
        said = code_text(content, defaults)
        found.append(said if key == "function" else f"{key}: {said}")
    return "\n\n".join(found)[:_LONGEST]


def exact_source(config: Mapping[str, Any]) -> str:
    """The source of the function of a Lambda, "" where it cannot be told for sure."""
    held = _held("function", config.get("function"), config)
    try:
        return lambda_source(code_parts(held[0]), held[1]) if held is not None else ""
    except Unreadable:
        return ""


def code_text(content: bytes, defaults: list[Any]) -> str:
    """A marshalled function as text."""
    try:
        parts = code_parts(content)
    except Unreadable as why:
        return f"# It cannot be shown: {why}."
    return lambda_source(parts, defaults) or _described(parts)


def _held(key: str, value: Any, config: Mapping[str, Any]) -> tuple[bytes, list[Any]] | None:
    """The bytes of a function in a config, as Keras 3 and as older ones write it, and its defaults."""
    match value:
        case {"class_name": "__lambda__", "config": {"code": str() as text, **rest}}:
            defaults = rest.get("defaults")
        case [str() as text, defaults, _] if config.get(f"{key}_type") == "lambda":
            pass
        case _:
            return None
    try:
        content = base64.b64decode(text)
    except (binascii.Error, ValueError):
        content = b""
    return content, list(defaults) if isinstance(defaults, list) else []


def _described(parts: CodeParts) -> str:
    lines = [
        f"# A function of {', '.join(parts.variables[: parts.arguments]) or 'nothing'}. Its source is not in the file."
    ]
    if parts.names or parts.free:
        lines.append(f"# It names {', '.join((*parts.names, *parts.free))}.")
    constants = [repr(value) for value in parts.constants if value is not None and not isinstance(value, CodeParts)]
    if constants:
        lines.append(f"# Constants: {', '.join(constants)[:1000]}.")
    listed = _disassembled(parts) if parts.era == "3.11" else ""
    if listed:
        version = ".".join(map(str, sys.version_info[:2]))
        lines += [f"# Its instructions, as Python {version} reads them:", listed]
    return "\n".join(lines)


def _disassembled(parts: CodeParts) -> str:
    try:
        listed = instructions(parts)
    except UnknownInstruction:
        return ""
    return "\n".join(f"  {one.name:24} {one.value}".rstrip() for one in listed if one.name not in SKIPPED)
