"""Brings together what two sides made of one notebook: change by change, and by field where both changed one record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from .document import NetworkCell, Notebook, Wire
from .records import Address, Difference, diff, put, record_at, record_from_json, record_to_json

# Stands for a record that cannot be brought together.
DISPUTED = object()
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A record that both sides changed, each in its own way; None stands for one that a side has removed."""

    address: Address
    ours: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """`records` are what must be put into ours to have both; of the `conflicts` ours stands until somebody decides."""

    records: tuple[tuple[Address, Any], ...]
    conflicts: tuple[Conflict, ...]


def merge(base: Notebook, ours: Notebook, theirs: Notebook) -> Merged:
    """What `theirs` changed of `base`, as far as it goes together with what `ours` changed of it."""
    mine = {address: new for address, _, new in diff(base, ours)}
    wanted: dict[Address, Any] = {}
    conflicts: dict[Address, Conflict] = {}
    differences = diff(base, theirs)
    lost = _cells_in_dispute(mine, differences)
    for address, old, new in differences:
        present = mine.get(address, old) if address in mine else old
        if address[0] in lost or (address in mine and address != ("cells",)):
            both = merged_record(address, old, present, new)
            if address[0] in lost or both is DISPUTED:
                conflicts[address] = Conflict(address, record_at(ours, address), new)
            elif both != present:
                wanted[address] = both
        else:
            wanted[address] = _order(old, mine.get(address), new) if address == ("cells",) else new
    while loose := [address for address in _dangling(ours, wanted) if address in wanted]:
        for address in loose:
            conflicts[address] = Conflict(address, record_at(ours, address), wanted.pop(address))
    if any(len(address) == 1 and address[0] in lost for address in conflicts):
        wanted.pop(("cells",), None)
    return Merged(tuple(wanted.items()), tuple(conflicts.values()))


def merged_record(address: Address, base: Any, ours: Any, theirs: Any) -> Any:
    """The record with what both sides changed, field by field, or `DISPUTED`."""
    one, mine, other = (record_to_json(record) for record in (base, ours, theirs))
    if mine == other:
        return ours
    if len(address) == 3 and address[1] in ("layout", "marks") and ours is not None:
        return ours  # where a node stands, and what is noted beside it, is no meaning: nobody need be asked
    value = _fields(one, mine, other)
    if value is DISPUTED:
        return DISPUTED
    try:
        return record_from_json(address, value)
    except (ValidationError, TypeError, ValueError):
        return DISPUTED


def _fields(base: Any, ours: Any, theirs: Any) -> Any:
    if ours == theirs or theirs == base:
        return ours
    if ours == base:
        return theirs
    if not all(isinstance(side, dict) for side in (base, ours, theirs)):
        return DISPUTED
    found: dict[str, Any] = {}
    for key in dict.fromkeys((*ours, *theirs)):
        value = _fields(*(side.get(key, _ABSENT) for side in (base, ours, theirs)))
        if value is DISPUTED:
            return DISPUTED
        if value is not _ABSENT:
            found[key] = value
    return found


def _cells_in_dispute(mine: dict[Address, Any], differences: tuple[Difference, ...]) -> set[str]:
    """Cells that one side removed while the other side changed them."""

    def removed(changes: dict[Address, Any]) -> set[str]:
        return {address[0] for address, new in changes.items() if len(address) == 1 and new is None}

    def kept(changes: dict[Address, Any]) -> set[str]:
        return {address[0] for address in changes} - removed(changes) - {"cells"}

    other = {address: new for address, _, new in differences}
    return (removed(mine) & kept(other)) | (removed(other) & kept(mine))


def _order(base: tuple[str, ...], ours: tuple[str, ...] | None, theirs: tuple[str, ...]) -> tuple[str, ...]:
    """Their order of cells, with the cells that we added after those that we put them after."""
    if ours is None:
        return theirs
    order = [cell for cell in theirs if cell in ours or cell not in base]
    for place, cell in enumerate(ours):
        if cell not in base and cell not in order:
            before = [order.index(other) for other in ours[:place] if other in order]
            order.insert(max(before, default=-1) + 1, cell)
    return tuple(order)


def _dangling(ours: Notebook, wanted: dict[Address, Any]) -> list[Address]:
    """Which of the wanted records would leave a wire without a node: removed nodes, wires to nodes that are gone."""
    if not any(len(address) == 3 and address[1] != "layout" for address in wanted):
        return []
    found: dict[Address, None] = {}
    for cell in put(ours, list(wanted.items())).cells:
        before = next((one for one in ours.cells if one.id == cell.id), None)
        if not isinstance(cell, NetworkCell) or not isinstance(before, NetworkCell):
            continue
        for id_, wire in cell.wires.items():
            for node in _ends(wire):
                if node not in cell.nodes:
                    found |= dict.fromkeys([(cell.id, "wires", id_), *_about(cell.id, node, before)])
    return list(found)


def _ends(wire: Wire) -> tuple[str, str]:
    return wire.source.node, wire.target.node


def _about(cell_id: str, node: str, network: NetworkCell) -> Iterator[Address]:
    yield (cell_id, "nodes", node)
    yield (cell_id, "layout", node)
    for id_, wire in network.wires.items():
        if node in _ends(wire):
            yield (cell_id, "wires", id_)
