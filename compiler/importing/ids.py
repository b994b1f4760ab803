"""Ids of an imported network: the same file gives the same ids, in the order of the file. Pure."""

from __future__ import annotations

from ..document import _ID_ALPHABET, new_id


class Ids:
    """Kind, `_` and four characters, counted: sorted by id, nodes of one kind stay in their order."""

    def __init__(self) -> None:
        self._count = 0

    def fresh(self, kind: str) -> str:
        number, text = self._count, ""
        self._count += 1
        for _ in range(4):
            number, digit = divmod(number, len(_ID_ALPHABET))
            text = _ID_ALPHABET[digit] + text
        return new_id(kind)[:-4] + text
