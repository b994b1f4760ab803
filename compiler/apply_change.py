"""Carries out changes. The only way to edit a notebook; pure, and all or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, assert_never

from pydantic import ValidationError

from . import network_changes
from .cell_graph import renamed_references
from .changes import (
    AddCell,
    AddNode,
    Change,
    ChangeError,
    Connect,
    Disconnect,
    MoveCell,
    MoveNodes,
    PutMark,
    RemoveCell,
    RemoveMark,
    RemoveNode,
    RenameCell,
    RestoreRecords,
    SetField,
    SetKind,
    SetLabel,
    SetMuted,
    SetParameter,
    SetRepeat,
    SetShares,
    UnsetParameter,
)
from .code.at_hand import with_kinds_of
from .code.graph import AT_HAND, uses_of_code, variable_of
from .code.rename import renamed as with_name
from .document import AnyCell, CodeCell, NetworkCell, Notebook, UnknownCell
from .nesting.follow import followed
from .nesting.references import networks_by_name
from .records import PARTS, restore

_OWN_CHANGES = frozenset({"id", "kind", "name", *PARTS})


def apply_all(notebook: Notebook, changes: Iterable[Change]) -> Notebook:
    """The notebook after all changes, in order. Raises ChangeError; then none has happened."""
    for change in changes:
        notebook = apply(notebook, change)
    return notebook


def apply(notebook: Notebook, change: Change) -> Notebook:
    """The notebook after one change. Raises ChangeError with a reason for the user."""
    match change:
        case AddCell():
            return _add_cell(notebook, change)
        case RemoveCell():
            _cell(notebook, change.cell)
            return _with_cells(notebook, [cell for cell in notebook.cells if cell.id != change.cell])
        case MoveCell():
            return _move_cell(notebook, change)
        case RenameCell():
            return _rename_cell(notebook, change)
        case SetField():
            return notebook.with_cell(_set_field(_cell(notebook, change.cell), change))
        case RestoreRecords():
            return restore(notebook, change)
        case (
            AddNode()
            | RemoveNode()
            | SetParameter()
            | UnsetParameter()
            | SetLabel()
            | SetMuted()
            | SetShares()
            | SetRepeat()
            | SetKind()
            | Connect()
            | Disconnect()
            | MoveNodes()
            | PutMark()
            | RemoveMark()
        ):
            cell = _cell(notebook, change.cell)
            if not isinstance(cell, NetworkCell):
                raise ChangeError(f"{cell.name} is no network")
            with with_kinds_of(notebook):
                after = network_changes.apply(cell, change, networks_by_name(notebook))
            return followed(notebook.with_cell(after), cell, after)
        case _:
            assert_never(change)


def _cell(notebook: Notebook, cell_id: str) -> AnyCell | UnknownCell:
    try:
        return notebook.cell_by_id(cell_id)
    except KeyError:
        raise ChangeError("this cell is no longer there") from None


def _with_cells(notebook: Notebook, cells: Iterable[AnyCell | UnknownCell]) -> Notebook:
    return notebook.model_copy(update={"cells": tuple(cells)})


def _check_name(notebook: Notebook, name: str, own_id: str) -> None:
    if not name.strip() or name != name.strip():
        raise ChangeError("a cell's name must not be empty nor begin or end with a space")
    if any(cell.name == name and cell.id != own_id for cell in notebook.cells):
        raise ChangeError(f"another cell is called {name} already")


def _add_cell(notebook: Notebook, change: AddCell) -> Notebook:
    if any(cell.id == change.cell.id for cell in notebook.cells):
        raise ChangeError("this cell is there already")
    _check_name(notebook, change.cell.name, change.cell.id)
    cells = list(notebook.cells)
    cells.insert(len(cells) if change.index is None else max(0, change.index), change.cell)
    return _with_cells(notebook, cells)


def _move_cell(notebook: Notebook, change: MoveCell) -> Notebook:
    cell = _cell(notebook, change.cell)
    cells = [other for other in notebook.cells if other.id != change.cell]
    cells.insert(max(0, change.index), cell)
    return _with_cells(notebook, cells)


def _rename_cell(notebook: Notebook, change: RenameCell) -> Notebook:
    renamed = _cell(notebook, change.cell)
    _check_name(notebook, change.name, change.cell)
    # Where two cells have one name, it means the first of them, and references stay with that one.
    meant = notebook.cell(renamed.name).id == renamed.id
    cells = []
    uses = uses_of_code(notebook) if isinstance(renamed, AT_HAND) else {}
    for cell in notebook.cells:
        update = renamed_references(cell, renamed.name, change.name) if meant else {}
        if meant and isinstance(cell, CodeCell) and renamed.name in uses.get(cell.name, {}).values():
            # Code knows data, networks and trainings as variables by the names of their cells.
            update["code"] = with_name(cell.code, variable_of(renamed.name), variable_of(change.name))
        if cell.id == change.cell:
            update["name"] = change.name
        cells.append(cell.model_copy(update=update) if update else cell)
    return _with_cells(notebook, cells)


def _set_field(cell: AnyCell | UnknownCell, change: SetField) -> AnyCell | UnknownCell:
    if change.field in _OWN_CHANGES or change.field not in type(cell).model_fields:
        raise ChangeError(f"{cell.name} has no setting {change.field}")
    value = change.value
    if change.key is not None:
        entries = getattr(cell, change.field)
        if not isinstance(entries, dict):
            raise ChangeError(f"{change.field} of {cell.name} has no entries")
        value = {key: entry for key, entry in entries.items() if key != change.key}
        if change.value is not None:
            value[change.key] = change.value
    # A network's parts stay the very same objects: what is the same need not be compared nor checked again.
    parts = {part: getattr(cell, part) for part in PARTS} if isinstance(cell, NetworkCell) else {}
    try:
        changed = type(cell).model_validate({**_shallow(cell), **{part: {} for part in parts}, change.field: value})
        return changed.model_copy(update=parts) if parts else changed
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise ChangeError(f"{change.field} of {cell.name}: {reason[:1].lower()}{reason[1:]}") from error


def _shallow(cell: AnyCell | UnknownCell) -> dict[str, Any]:
    return {**{name: getattr(cell, name) for name in type(cell).model_fields}, **(cell.model_extra or {})}
