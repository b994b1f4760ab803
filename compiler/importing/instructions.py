"""The instructions in a function's bytes, as the Python here reads them (3.11 and later). Pure.

No code object is made of the bytes: Python trusts those, and some bytes end the process that only looks at them.
"""

from __future__ import annotations

import dis
import sys
from dataclasses import dataclass

from .marshalled import CodeParts

SKIPPED = ("RESUME", "NOP", "PRECALL", "CACHE", "COPY_FREE_VARS", "EXTENDED_ARG")

_VERSION = sys.version_info[:2]
# A comparison stands above bits that say how it is used.
_COMPARED = 5 if _VERSION >= (3, 13) else 4 if _VERSION >= (3, 12) else 0


class UnknownInstruction(Exception):
    """Bytes that this Python could not have written."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """`value` is what the argument names: a variable, an operator, a constant as text; "" for what names nothing."""

    name: str
    argument: int
    value: str = ""


def instructions(parts: CodeParts) -> list[Instruction]:
    """Raises UnknownInstruction."""
    found, extended = [], 0
    for at in range(0, len(parts.code) - 1, 2):
        code, argument = parts.code[at], parts.code[at + 1] | extended
        name = dis.opname[code]
        if name.startswith("<") or argument > 0xFFFF:
            raise UnknownInstruction
        extended = argument << 8 if name == "EXTENDED_ARG" else 0
        try:
            found.append(Instruction(name, argument, _value(name, argument, parts)))
        except (IndexError, TypeError, ValueError) as error:
            raise UnknownInstruction from error
    begins, ends = {one.name for one in found[:2]}, found[-1].name if found else ""
    if "RESUME" not in begins or not ends.startswith("RETURN"):
        raise UnknownInstruction
    return found


def _value(name: str, argument: int, parts: CodeParts) -> str:
    match name:
        case "LOAD_FAST" | "LOAD_DEREF" | "STORE_FAST":
            return parts.places[argument]
        case "LOAD_FAST_LOAD_FAST":
            return f"{parts.places[argument >> 4]} {parts.places[argument & 15]}"
        case "LOAD_CONST" | "RETURN_CONST":
            return constant_text(parts.constants[argument])
        case "LOAD_GLOBAL":
            return parts.names[argument >> 1]
        case "LOAD_ATTR":
            return parts.names[argument >> 1 if _VERSION >= (3, 12) else argument]
        case "LOAD_METHOD":
            return parts.names[argument]
        case "BINARY_OP":
            return dis._nb_ops[argument][1]  # pyright: ignore[reportAttributeAccessIssue]
        case "COMPARE_OP":
            return dis.cmp_op[argument >> _COMPARED]
    return ""


def constant_text(value: object) -> str:
    """A constant as Python. Raises ValueError for what is no plain value."""
    if isinstance(value, tuple):
        return f"({', '.join(map(constant_text, value))}{',' * (len(value) == 1)})"
    if value is not None and not isinstance(value, bool | int | float | complex | str | bytes | type(...)):
        raise ValueError("no plain value")
    if value is ...:
        return "..."
    return f"({value!r})" if isinstance(value, int | float) and value < 0 else repr(value)
