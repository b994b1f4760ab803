"""The notebook as addressed records: what two notebooks differ in, and putting records back.

Addresses: `("cells",)` is the order of cells (their ids), `(cell,)` a cell without its parts, and
`(cell, "nodes" | "wires" | "layout" | "marks", id)` a part of a network. A record that is not there is None.
Undo, journal and the messages to the browser are made of these.
"""

from __future__ import annotations

from operator import is_
from typing import Any

from pydantic import BaseModel, TypeAdapter

from .changes import ChangeError, RestoreRecords
from .document import AnyCell, KnownCell, Mark, NetworkCell, Node, Notebook, Position, UnknownCell, Wire

Address = tuple[str, ...]
Difference = tuple[Address, Any, Any]

PARTS = ("nodes", "wires", "layout", "marks")
_CELL: TypeAdapter[Any] = TypeAdapter(KnownCell | UnknownCell)
_EMPTY: dict[str, dict[str, Any]] = {part: {} for part in PARTS}


def diff(before: Notebook, after: Notebook) -> tuple[Difference, ...]:
    """(address, old, new) of every record that differs; what is the same object is not compared."""
    old_cells = {cell.id: cell for cell in before.cells}
    new_cells = {cell.id: cell for cell in after.cells}
    found: list[Difference] = []
    for cell_id in {**old_cells, **new_cells}:
        old, new = old_cells.get(cell_id), new_cells.get(cell_id)
        if old is not new:
            found += _cell_differences(cell_id, old, new)
    if tuple(old_cells) != tuple(new_cells):
        found.append((("cells",), tuple(old_cells), tuple(new_cells)))
    return tuple(found)


def _cell_differences(
    cell_id: str, old: AnyCell | UnknownCell | None, new: AnyCell | UnknownCell | None
) -> list[Difference]:
    found: list[Difference] = []
    old_head, new_head = _head(old), _head(new)
    if not _same(old_head, new_head):
        found.append(((cell_id,), old_head, new_head))
    for part in PARTS:
        old_part: dict[str, Any] = getattr(old, part) if isinstance(old, NetworkCell) else {}
        new_part: dict[str, Any] = getattr(new, part) if isinstance(new, NetworkCell) else {}
        if old_part is new_part:
            continue
        for id_ in _replaced(old_part, new_part):
            one, other = old_part.get(id_), new_part.get(id_)
            if not _same(one, other):
                found.append(((cell_id, part, id_), one, other))
    return found


def _replaced(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """The ids whose record is another object; of thousands an edit leaves all but a few the very same."""
    if len(old) == len(new) and all(map(is_, old, new)):
        # The same ids in the same order, as after most edits: nothing need be looked up.
        return [id_ for id_, one, other in zip(old, old.values(), new.values(), strict=True) if one is not other]
    found = [id_ for id_, record in old.items() if new.get(id_) is not record]
    return found + [id_ for id_ in new if id_ not in old]


def _same(one: Any, other: Any) -> bool:
    """Equal in kind too: to Python 2.0 equals 2, and True equals 1, but the file and Keras tell them apart."""
    if one != other:
        return False
    if isinstance(one, BaseModel) and isinstance(other, BaseModel):
        return one.model_dump_json() == other.model_dump_json()
    return True


def _head(cell: AnyCell | UnknownCell | None) -> AnyCell | UnknownCell | None:
    return cell.model_copy(update=_EMPTY) if isinstance(cell, NetworkCell) else cell


def record_at(notebook: Notebook, address: Address) -> Any:
    """The record that stands at an address, None where there is none."""
    if address == ("cells",):
        return tuple(cell.id for cell in notebook.cells)
    cell = next((cell for cell in notebook.cells if cell.id == address[0]), None)
    if len(address) == 1:
        return _head(cell)
    return getattr(cell, address[1]).get(address[2]) if isinstance(cell, NetworkCell) else None


def record_to_json(record: Any) -> Any:
    """Plain JSON data of a record."""
    if isinstance(record, BaseModel):
        return record.model_dump(mode="json")
    return list(record) if isinstance(record, tuple) else record


def record_from_json(address: Address, value: Any) -> Any:
    """The record that plain data describe; records pass through."""
    if value is None or isinstance(value, BaseModel):
        return value
    if address == ("cells",):
        return tuple(value)
    if len(address) == 1:
        return _CELL.validate_python(value)
    match address[1]:
        case "nodes":
            return Node.model_validate(value)
        case "wires":
            return Wire.model_validate(value)
        case "marks":
            return Mark.model_validate(value)
        case _:
            return Position(*value)


def restore(notebook: Notebook, change: RestoreRecords) -> Notebook:
    """The notebook with the records put back. Raises ChangeError where one is not as expected any more."""
    for address, value in change.expected:
        if not _same(record_at(notebook, address), record_from_json(address, value)):
            raise ChangeError("a newer edit has changed the same place")
    return put(notebook, [(address, record_from_json(address, value)) for address, value in change.records])


def put(notebook: Notebook, records: list[tuple[Address, Any]]) -> Notebook:
    """The notebook in which each address holds the given record (None: nothing)."""
    cells: dict[str, Any] = {cell.id: cell for cell in notebook.cells}
    parts: dict[tuple[str, str], dict[str, Any]] = {}
    order: tuple[str, ...] | None = None
    for address, record in records:
        if address == ("cells",):
            order = record
        elif len(address) == 1:
            _put_head(cells, address[0], record)
    for address, record in records:
        if len(address) != 3 or address[0] not in cells:
            continue
        key = address[0], address[1]
        if key not in parts:
            parts[key] = dict(getattr(cells[address[0]], address[1]))
        if record is None:
            parts[key].pop(address[2], None)
        else:
            parts[key][address[2]] = record
    for (cell_id, part), content in parts.items():
        cells[cell_id] = cells[cell_id].model_copy(update={part: content})
    ids = [*(order or ()), *cells]
    return notebook.model_copy(update={"cells": tuple(cells[id_] for id_ in dict.fromkeys(ids) if id_ in cells)})


def _put_head(cells: dict[str, Any], cell_id: str, head: Any) -> None:
    if head is None:
        cells.pop(cell_id, None)
        return
    present = cells.get(cell_id)
    if isinstance(head, NetworkCell) and isinstance(present, NetworkCell):
        head = head.model_copy(update={part: getattr(present, part) for part in PARTS})
    cells[cell_id] = head
