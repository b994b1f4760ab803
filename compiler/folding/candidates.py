"""Stretches of a row of nodes that are equal but for their arguments' values. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .sequence import Sequence

# A block of fewer nodes says no more than its nodes do; of more nodes none repeats in networks in use.
_SMALLEST, LARGEST = 3, 130
# Beginnings and ends where more tensors pass are no beginnings and ends of blocks.
_WIDEST = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """Stretches of `length` nodes that begin at `starts`, in order and none upon another."""

    length: int
    starts: tuple[int, ...]


def candidates(row: Sequence) -> Iterator[Candidate]:
    """Every set of equal stretches, those first that hold most nodes."""
    groups: dict[tuple[int, int], list[int]] = {}
    count = len(row.ids)
    for start in range(count):
        if row.open[start] <= _WIDEST:
            _note(row, start, count, groups)
    found = []
    for (length, _), starts in groups.items():
        if len(starts) < 2:
            continue
        apart, end = [], -1
        for start in starts:
            if start >= end:
                apart.append(start)
                end = start + length
        if len(apart) > 1:
            found.append(Candidate(length, tuple(apart)))
    found.sort(key=lambda one: (-one.length * len(one.starts), one.length, one.starts))
    yield from found


def _note(row: Sequence, start: int, count: int, groups: dict[tuple[int, int], list[int]]) -> None:
    """Adds the stretches that begin at `start`, each under a number for what it looks like."""
    look = 0
    slots: dict[tuple[int, str], int] = {}
    for place in range(start, min(start + LARGEST, count)):
        tokens: list[object] = [row.forms[place]]
        for one in row.references[place]:
            if one.source >= start:
                tokens.append((one.port, one.position, one.source - start, one.source_port))
            else:
                slot = slots.setdefault((one.source, one.source_port), len(slots))
                tokens.append((one.port, one.position, slot))
        look = hash((look, tuple(tokens)))
        length = place + 1 - start
        if length >= _SMALLEST and row.open[place + 1] <= _WIDEST:
            groups.setdefault((length, look), []).append(start)


def slots_of(row: Sequence, start: int, length: int) -> tuple[tuple[int, str], ...]:
    """What a stretch takes from outside: (place, port), each once, in the order in which it is taken."""
    found: dict[tuple[int, str], None] = {}
    for place in range(start, start + length):
        for one in row.references[place]:
            if one.source < start:
                found.setdefault((one.source, one.source_port))
    return tuple(found)
