"""The source of a lambda from its bytes, for expressions without conditions; checked by compiling it again. Pure.

Instructions are those of Python 3.11 to 3.13. What is not among them, or does not come out the same, has no source.
"""

from __future__ import annotations

import ast
import sys
from typing import Any

from .instructions import SKIPPED, instructions
from .marshalled import CodeParts

_UNARY = {"UNARY_NEGATIVE": "-", "UNARY_NOT": "not ", "UNARY_INVERT": "~"}
# Of functions that take `*args` or `**kwargs`.
_SPREADS = 0x04 | 0x08
_NULL = None
# Since 3.12 an attribute that is called says so itself.
METHODS_ARE_ATTRIBUTES = sys.version_info >= (3, 12)


def lambda_source(parts: CodeParts, defaults: list[Any]) -> str:
    """`lambda x: …`, or "" where it cannot be told for sure."""
    if parts.era != "3.11" or parts.flags & _SPREADS or len(defaults) > parts.arguments:
        return ""
    arguments = list(parts.variables[: parts.arguments])
    for place, value in enumerate(reversed(defaults), start=1):
        arguments[-place] += f"={value!r}"
    try:
        text = f"lambda {', '.join(arguments)}: {_expression(parts)}"
        text = ast.unparse(ast.parse(text, mode="eval"))
        return text if _is_same(text, parts) else ""
    except Exception:  # Bytes of another Python, or of no sense, raise what they like.
        return ""


def _is_same(text: str, parts: CodeParts) -> bool:
    """Whether compiling the text gives these bytes, names and constants. Compiling runs nothing."""
    if parts.free:
        # A variable of the function around it: there has to be one to compile it.
        given = ", ".join(parts.free)
        text = f"(lambda {given}: ({text}))"
    made = next(value for value in compile(text, "<file>", "eval").co_consts if hasattr(value, "co_code"))
    if parts.free:
        made = next(value for value in made.co_consts if hasattr(value, "co_code"))
    return (
        made.co_code == parts.code
        and made.co_names == parts.names
        and made.co_varnames == parts.variables
        and made.co_freevars == parts.free
        and list(map(repr, made.co_consts)) == list(map(repr, parts.constants))
    )


def _expression(parts: CodeParts) -> str:
    stack: list[Any] = []
    names: tuple[str, ...] = ()

    def taken(count: int) -> list[str]:
        found = stack[len(stack) - count :]
        if len(found) != count or any(item is _NULL for item in found):
            raise ValueError("not an expression")
        del stack[len(stack) - count :]
        return found

    for one in instructions(parts):
        name, arg = one.name, one.argument
        if name in SKIPPED:
            continue
        if name in _UNARY:
            stack.append(f"({_UNARY[name]}{taken(1)[0]})")
            continue
        match name:
            case "LOAD_FAST" | "LOAD_DEREF":
                stack.append(one.value)
            case "LOAD_FAST_LOAD_FAST":
                stack += one.value.split()
            case "LOAD_CONST":
                stack.append(one.value)
            case "LOAD_GLOBAL":
                stack += [_NULL, one.value] if arg & 1 else [one.value]
            case "PUSH_NULL":
                stack.append(_NULL)
            case "LOAD_METHOD":
                stack += [_NULL, f"{taken(1)[0]}.{one.value}"]
            case "LOAD_ATTR":
                text = f"{taken(1)[0]}.{one.value}"
                stack += [_NULL, text] if arg & 1 and METHODS_ARE_ATTRIBUTES else [text]
            case "KW_NAMES":
                names = parts.constants[arg]
            case "CALL" | "CALL_KW":
                if name == "CALL_KW":
                    names = ast.literal_eval(taken(1)[0])
                given = taken(arg)
                by_place = len(given) - len(names)
                given = given[:by_place] + [
                    f"{key}={value}" for key, value in zip(names, given[by_place:], strict=True)
                ]
                callee = [item for item in (stack.pop(), stack.pop()) if item is not _NULL]
                if len(callee) != 1:
                    raise ValueError("not an expression")
                stack.append(f"{callee[0]}({', '.join(given)})")
                names = ()
            case "BINARY_OP":
                left, right = taken(2)
                stack.append(f"({left} {one.value} {right})")
            case "COMPARE_OP":
                left, right = taken(2)
                stack.append(f"({left} {one.value} {right})")
            case "IS_OP" | "CONTAINS_OP":
                left, right = taken(2)
                word = "is" if name == "IS_OP" else "in"
                negated = {"is": "is not", "in": "not in"}[word] if arg else word
                stack.append(f"({left} {negated} {right})")
            case "BINARY_SUBSCR":
                left, right = taken(2)
                stack.append(f"{left}[{right}]")
            case "BINARY_SLICE":
                left, start, stop = taken(3)
                stack.append(f"{left}[{_slice([start, stop])}]")
            case "BUILD_SLICE":
                stack.append(_Slice(_slice(taken(arg))))
            case "BUILD_TUPLE":
                items = taken(arg)
                text = ", ".join(items)
                slices = any(isinstance(item, _Slice) for item in items)
                stack.append(_Slice(text) if slices else f"({text}{',' * (arg == 1)})")
            case "BUILD_LIST":
                stack.append(f"[{', '.join(taken(arg))}]")
            case "RETURN_VALUE":
                (found,) = taken(1)
                return found
            case "RETURN_CONST":
                return one.value
            case _:
                raise ValueError(name)
    raise ValueError("it does not return")


class _Slice(str):
    """Text that stands between the brackets of an index only."""


def _slice(parts: list[str]) -> str:
    shown = ["" if part == "None" else part for part in parts]
    return ":".join(shown)
