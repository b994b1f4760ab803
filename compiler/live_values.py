"""Live values in prose: `{{fit.val_accuracy}}` stands for the latest val_accuracy of the cell fit.

What stands in code is code: between backticks nothing is live.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# A cell's name may hold spaces and dots, so the last dot parts it from what is asked of it.
PATTERN = re.compile(r"\{\{\s*(?P<cell>[^{}\n]+?)\s*\.\s*(?P<value>\w+)\s*\}\}")
_CODE = re.compile(r"(?P<fence>`+)(?!`).*?(?<!`)(?P=fence)(?!`)", re.DOTALL)

# What cells of a kind can be asked for whatever their results are; None: any metric as well.
VALUES: dict[str, frozenset[str]] = {
    "data": frozenset({"rows", "validation_rows", "columns", "classes"}),
    "network": frozenset({"parameters", "nodes", "wires", "layers"}),
}


class Mention(NamedTuple):
    """`start` and `end` are where the cell's name stands in the text."""

    cell: str
    value: str
    start: int
    end: int


def mentions(text: str) -> list[Mention]:
    """The live values that a text names, in order."""
    code = [found.span() for found in _CODE.finditer(text)]
    return [
        Mention(found["cell"], found["value"], *found.span("cell"))
        for found in PATTERN.finditer(text)
        if not any(start <= found.start() < end for start, end in code)
    ]


def with_name(text: str, old: str, new: str) -> str:
    """The text in which every mention of the cell `old` names `new`."""
    for mention in reversed(mentions(text)):
        if mention.cell == old:
            text = text[: mention.start] + new + text[mention.end :]
    return text


def replaced(text: str, mention: Mention, cell: str, value: str) -> str:
    """The text in which `cell.value` stands wherever what `mention` names stood."""
    for other in reversed(mentions(text)):
        if (other.cell, other.value) == (mention.cell, mention.value):
            rest = text[other.end :].replace(mention.value, value, 1)
            text = text[: other.start] + cell + rest
    return text
