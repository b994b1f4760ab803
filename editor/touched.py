"""Which records a change is about: what a refused tab must be shown again as it really is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..compiler.changes import (
    AddCell,
    AddNode,
    Change,
    Connect,
    Disconnect,
    MoveCell,
    MoveNodes,
    PutMark,
    RemoveCell,
    RemoveMark,
    RenameCell,
    RestoreRecords,
    SetField,
)
from ..compiler.document import NetworkCell, Notebook
from ..compiler.records import Address


def touched(notebook: Notebook, changes: Sequence[Change]) -> tuple[Address, ...]:
    """The addresses that the changes speak of, wires of their nodes included. Rather too many than too few."""
    found: dict[Address, None] = {}
    for change in changes:
        found.update(dict.fromkeys(_of_change(notebook, change)))
    return tuple(found)


def _of_change(notebook: Notebook, change: Change) -> Iterable[Address]:
    match change:
        case RestoreRecords():
            yield from (address for address, _ in change.records)
        case MoveNodes():
            yield from ((change.cell, "layout", node) for node in change.positions)
        case AddNode():
            yield (change.cell, "nodes", change.id)
            yield (change.cell, "layout", change.id)
        case PutMark() | RemoveMark():
            yield (change.cell, "marks", change.id)
        case Disconnect():
            yield (change.cell, "wires", change.wire)
        case Connect():
            yield (change.cell, "wires", change.id)
            yield from _wires_of(notebook, change.cell, change.wire.target.node)
        case AddCell():
            yield (change.cell.id,)
            yield ("cells",)
        case RemoveCell() | MoveCell() | RenameCell() | SetField():
            yield (change.cell,)
            yield ("cells",)
        case _:
            yield (change.cell, "nodes", change.node)
            yield (change.cell, "layout", change.node)
            yield from _wires_of(notebook, change.cell, change.node)


def _wires_of(notebook: Notebook, cell_id: str, node: str) -> Iterable[Address]:
    for cell in notebook.cells:
        if cell.id == cell_id and isinstance(cell, NetworkCell):
            for id_, wire in cell.wires.items():
                if node in (wire.source.node, wire.target.node):
                    yield (cell_id, "wires", id_)
