"""Python code as `marshal` writes it, taken apart as data: nothing of it is made a function, nothing runs. Pure.

`marshal.loads` is not for bytes of unknown origin, and reads only those of its own Python; files have them of any.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_REF = 0x80
_MOST = 100_000


class Unreadable(Exception):
    """Bytes that are no code of a Python that is known."""


@dataclass(frozen=True, slots=True)
class CodeParts:
    """A code object: how many arguments it takes, its bytes, and what these name. `era` is the Python that wrote it;
    `places` are the variables in the order in which since 3.11 the bytes count them."""

    era: str
    arguments: int
    flags: int
    code: bytes
    constants: tuple[Any, ...]
    names: tuple[str, ...]
    variables: tuple[str, ...]
    free: tuple[str, ...]
    name: str
    places: tuple[str, ...] = ()


def code_parts(content: bytes) -> CodeParts:
    """The code object that the bytes hold. Raises Unreadable."""
    for era in ("3.11", "3.8", "3.0"):
        try:
            reader = _Reader(content, era)
            found = reader.value()
        except (Unreadable, struct.error, IndexError, ValueError, TypeError, RecursionError, OverflowError):
            continue
        if isinstance(found, CodeParts) and reader.at == len(content):
            return found
    raise Unreadable("its code was made by a Python that is not known here")


class _Reader:
    def __init__(self, content: bytes, era: str) -> None:
        self.content, self.era, self.at = content, era, 0
        self.refs: list[Any] = []
        self.left = _MOST

    def take(self, size: int) -> bytes:
        if size < 0 or self.at + size > len(self.content):
            raise Unreadable("it breaks off")
        self.at += size
        return self.content[self.at - size : self.at]

    def number(self) -> int:
        return struct.unpack("<i", self.take(4))[0]

    def value(self, depth: int = 0) -> Any:
        self.left -= 1
        if depth > 50 or self.left < 0:
            raise Unreadable("it is nested too deeply")
        mark = self.take(1)[0]
        kind = chr(mark & ~_REF)
        place = -1
        if mark & _REF:
            place = len(self.refs)
            self.refs.append(None)
        found = self._of(kind, depth + 1)
        if place >= 0:
            self.refs[place] = found
        return found

    def _of(self, kind: str, depth: int) -> Any:
        plain = {"N": None, "F": False, "T": True, ".": ..., "0": None}
        if kind in plain:
            return plain[kind]
        if kind in _SIMPLE:
            return _SIMPLE[kind](self)
        match kind:
            case "(" | "[" | "<" | ">":
                items = tuple(self.value(depth) for _ in range(self._size()))
                return items if kind == "(" else list(items) if kind == "[" else frozenset(items)
            case ")":
                return tuple(self.value(depth) for _ in range(self.take(1)[0]))
            case "r":
                return self.refs[self.number()]
            case "c":
                return self._code(depth)
        raise Unreadable(f"it has a part of the kind {kind!r}")

    def _size(self) -> int:
        size = self.number()
        if size > len(self.content):
            raise Unreadable("it breaks off")
        return size

    def _code(self, depth: int) -> CodeParts:
        arguments = self.number()
        if self.era != "3.0":
            self.number()
        self.number()
        if self.era != "3.11":
            self.number()
        self.number()
        flags = self.number()
        code, constants, names, variables = (self.value(depth) for _ in range(4))
        places = variables
        if self.era == "3.11":
            kinds = self.value(depth)
            free = tuple(name for name, kind in zip(variables, kinds, strict=True) if kind & 0x80)
            variables = tuple(name for name, kind in zip(variables, kinds, strict=True) if kind & 0x20)
        else:
            free = self.value(depth)
            self.value(depth)
        self.value(depth)
        name = self.value(depth)
        if self.era == "3.11":
            self.value(depth)
        self.number()
        self.value(depth)
        if self.era == "3.11":
            self.value(depth)
        texts = (*names, *variables, *free, name)
        if not isinstance(code, bytes) or not isinstance(constants, tuple) or not all(map(_is_text, texts)):
            raise Unreadable("its parts are not those of code")
        return CodeParts(self.era, arguments, flags, code, constants, names, variables, free, name, places)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _long(reader: _Reader) -> int:
    size = reader.number()
    digits = struct.unpack(f"<{abs(size)}H", reader.take(2 * abs(size)))
    found = sum(digit << (15 * place) for place, digit in enumerate(digits))
    return -found if size < 0 else found


def _text(reader: _Reader) -> str:
    return reader.take(reader.number()).decode("utf-8", "surrogatepass")


def _short(reader: _Reader) -> str:
    return reader.take(reader.take(1)[0]).decode("ascii")


_SIMPLE: dict[str, Callable[[_Reader], Any]] = {
    "i": _Reader.number,
    "l": _long,
    "g": lambda reader: struct.unpack("<d", reader.take(8))[0],
    "y": lambda reader: complex(*struct.unpack("<dd", reader.take(16))),
    "s": lambda reader: reader.take(reader.number()),
    "u": _text,
    "t": _text,
    "a": _text,
    "A": _text,
    "z": _short,
    "Z": _short,
}
