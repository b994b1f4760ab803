"""Checks cells among each other: names, and whether what they use is there."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from ..cell_graph import by_name, fresh_name, references
from ..changes import AddCell, RenameCell, SetField
from ..document import AnyCell, DataCell, NetworkCell, Notebook, TrainingCell, UnknownCell, new_id
from ..problems import Fix, Location, Problem
from .check_circles import check_circles
from .check_live_values import check_live_values

# What each reference must lead to, and how messages name it.
NEEDED: dict[str, tuple[type, str]] = {
    "network": (NetworkCell, "network"),
    "data": (DataCell, "data"),
    "training": (TrainingCell, "training"),
}

_OFFERED = 3


def check_cells(notebook: Notebook) -> list[Problem]:
    """Names that two cells have, circles, references that lead nowhere or to a cell of the wrong kind, and live
    values that there are not."""
    problems = list(_duplicate_names(notebook))
    circles = check_circles(notebook)
    problems += circles
    in_circle = {(problem.at.cell, problem.at.parameter) for problem in circles}
    for cell in notebook.cells:
        for field in NEEDED:
            if field in type(cell).model_fields and (cell.name, field) not in in_circle:
                problems += _reference(notebook, cell, field)
    problems += check_live_values(notebook)
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
    needed, word = NEEDED[field]
    name = references(cell).get(field, "")
    used = by_name(notebook).get(name)
    if isinstance(used, needed):
        return
    there = [other.name for other in notebook.cells if isinstance(other, needed)]
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
        fixes=tuple(_use(cell, field, other) for other in _nearest(name, there))
        or (_use_a_new_one(notebook, cell, field),),
    )


def _nearest(name: str, there: list[str]) -> list[str]:
    """The names that may be meant: those that look like it, else the few that there are."""
    if len(there) <= 1:
        return there
    near = get_close_matches(name, there, n=_OFFERED)
    return near or there[-_OFFERED:]


def _use(cell: AnyCell | UnknownCell, field: str, name: str) -> Fix:
    return Fix(f"Use {name}", (SetField(cell=cell.id, field=field, value=name),))


def _use_a_new_one(notebook: Notebook, cell: AnyCell | UnknownCell, field: str) -> Fix:
    """Adds a cell of the missing kind above the one that needs it."""
    kind, word = NEEDED[field]
    new: Any = kind(id=new_id(word), name=fresh_name(notebook, references(cell).get(field, "") or word))
    place = next(index for index, other in enumerate(notebook.cells) if other.id == cell.id)
    changes = (AddCell(cell=new, index=place), SetField(cell=cell.id, field=field, value=new.name))
    return Fix(f"Add {word} cell {new.name}", changes)
