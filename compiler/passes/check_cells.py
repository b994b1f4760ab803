"""Checks cells among each other: names, and whether what they use is there."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from ..cell_graph import fresh_name, references
from ..changes import RenameCell, SetField
from ..document import AnyCell, DataCell, NetworkCell, Notebook, TrainingCell, UnknownCell
from ..problems import Fix, Location, Problem

# What each reference must lead to, and how messages name it.
_NEEDED: dict[str, tuple[type, str]] = {
    "network": (NetworkCell, "network"),
    "data": (DataCell, "data"),
    "training": (TrainingCell, "training"),
}


def check_cells(notebook: Notebook) -> list[Problem]:
    """Names that two cells have, and references that lead nowhere or to a cell of the wrong kind."""
    problems = list(_duplicate_names(notebook))
    for cell in notebook.cells:
        for field in _NEEDED:
            if field in type(cell).model_fields:
                problems += _reference(notebook, cell, field)
    return problems


def _duplicate_names(notebook: Notebook) -> Iterator[Problem]:
    seen: set[str] = set()
    for cell in notebook.cells:
        if cell.name in seen:
            name = fresh_name(notebook, cell.name)
            yield Problem(
                "T423",
                f"Two cells are called {cell.name}; other cells could mean either.",
                Location(cell.name),
                fixes=(Fix(f"Call this one {name}", (RenameCell(cell=cell.id, name=name),)),),
            )
        seen.add(cell.name)


def _reference(notebook: Notebook, cell: AnyCell | UnknownCell, field: str) -> Iterator[Problem]:
    """A problem when the cell's field does not name a cell of the kind that it needs."""
    needed, word = _NEEDED[field]
    name = references(cell).get(field, "")
    used = next((other for other in notebook.cells if other.name == name), None)
    if isinstance(used, needed):
        return
    there = [other.name for other in notebook.cells if isinstance(other, needed)]
    near = there if len(there) == 1 else get_close_matches(name, there, n=1)
    if used is not None:
        code = "T402"
        message = f"{cell.name} uses {name} as its {word} cell, but {name} is a {used.kind} cell."
    else:
        code = "T401"
        message = f"{cell.name} uses {word} cell {name}, which does not exist."
        if not name:
            message = f"{cell.name} does not say which {word} cell it uses."
    yield Problem(
        code,
        message,
        Location(cell.name, parameter=field),
        help="" if there else f"Add a {word} cell to the notebook.",
        fixes=tuple(Fix(f"Use {other}", (SetField(cell=cell.id, field=field, value=other),)) for other in near),
    )
