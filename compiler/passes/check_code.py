"""Checks code cells among each other: what cannot be read, names that two cells define, layers named like others."""

from __future__ import annotations

from collections.abc import Iterator

from ..changes import SetField
from ..code.kinds import code_kinds
from ..code.names import code_names
from ..code.rename import renamed
from ..document import CodeCell, Notebook
from ..problems import Fix, Location, Problem


def check_code(notebook: Notebook) -> list[Problem]:
    """Problems of code cells, found without running anything."""
    cells = [cell for cell in notebook.cells if isinstance(cell, CodeCell)]
    if not cells:
        return []
    return [*_unreadable(cells), *_defined_twice(cells), *_taken_kinds(notebook)]


def _unreadable(cells: list[CodeCell]) -> Iterator[Problem]:
    for cell in cells:
        names = code_names(cell.code)
        if names.fault:
            where = f"Line {names.line} of {cell.name}" if names.line else cell.name
            yield Problem("T431", f"{where} cannot be read: {names.fault}.", Location(cell.name, parameter="code"))


def _defined_twice(cells: list[CodeCell]) -> Iterator[Problem]:
    first: dict[str, CodeCell] = {}
    for cell in cells:
        names = code_names(cell.code)
        for name in sorted(names.defined):
            earlier = first.setdefault(name, cell)
            if earlier is cell:
                continue
            if name in names.imported and name in code_names(earlier.code).imported:
                continue  # The same import, as every file has its own.
            other = _free(f"{name}_2", cells)
            yield Problem(
                "T430",
                f"{name} is defined in {earlier.name} and again in {cell.name}; cells that use it could mean either.",
                Location(cell.name, parameter="code"),
                help="A name that begins with _ stays in its cell.",
                related=((Location(earlier.name), "defines it too"),),
                fixes=tuple(
                    Fix(title, (SetField(cell=cell.id, field="code", value=renamed(cell.code, name, to)),))
                    for title, to in (
                        (f"Call it {other} in {cell.name}", other),
                        (f"Keep it inside {cell.name}, as _{name}", f"_{name}"),
                    )
                ),
            )


def _free(name: str, cells: list[CodeCell]) -> str:
    taken = {one for cell in cells for one in code_names(cell.code).defined}
    stem, number = name.rpartition("_")[0], 2
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    return name


def _taken_kinds(notebook: Notebook) -> Iterator[Problem]:
    cells = {cell.name: cell for cell in notebook.cells if isinstance(cell, CodeCell)}
    for one in code_kinds(notebook):
        if one.clash:
            cell, other = cells[one.cells[-1]], f"My{one.name}"
            yield Problem(
                "P332",
                f"{cell.name} defines {one.name}, and Keras has a kind of that name; nodes are that of Keras.",
                Location(cell.name, parameter="code"),
                severity="warning",
                fixes=(
                    Fix(
                        f"Call it {other}",
                        (SetField(cell=cell.id, field="code", value=renamed(cell.code, one.name, other)),),
                    ),
                ),
            )
