"""The metadata of an ONNX file, without the packages that read the rest of it. Pure.

Source: onnx.proto; a ModelProto keeps its metadata in field 14, each entry a key (1) and a value (2). Fields stand one
after the other, each behind a number that says which and how long, so that all others are stepped over.
"""

from __future__ import annotations

from collections.abc import Iterator

_METADATA, _KEY, _VALUE = 14, 1, 2
_VARINT, _EIGHT, _SIZED, _FOUR = 0, 1, 2, 5
# A number of 64 bits takes ten bytes of seven.
_LONGEST_VARINT = 10


class _NoProto(Exception):
    """Not a sequence of fields."""


def entry_of(content: bytes, key: str) -> bytes | None:
    """The value of the last entry of that name; None where there is none, and where the content is no ONNX."""
    found = None
    view = memoryview(content)
    try:
        for number, field in _fields(view):
            if number == _METADATA:
                entry = dict(_fields(field))
                if bytes(entry.get(_KEY, b"")) == key.encode():
                    found = bytes(entry.get(_VALUE, b""))
    except _NoProto:
        return None
    return found


def _fields(view: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Number and content of each field that has a length. Raises _NoProto."""
    at = 0
    while at < len(view):
        tag, at = _varint(view, at)
        number, form = tag >> 3, tag & 7
        if form == _VARINT:
            _, at = _varint(view, at)
            continue
        length = {_EIGHT: 8, _FOUR: 4}.get(form, -1)
        if form == _SIZED:
            length, at = _varint(view, at)
        if length < 0 or number == 0 or at + length > len(view):
            raise _NoProto
        if form == _SIZED:
            yield number, view[at : at + length]
        at += length


def _varint(view: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for place in range(_LONGEST_VARINT):
        if at + place >= len(view):
            raise _NoProto
        byte = view[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at + place + 1
    raise _NoProto
