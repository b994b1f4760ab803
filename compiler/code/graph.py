"""Which code cell uses which cell: by the names that code defines, and by the cells' own names. Pure."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping

from ..document import AnyCell, CodeCell, DataCell, NetworkCell, Notebook, TrainingCell, UnknownCell
from .names import code_names

# Cells that code finds as an object by their name.
AT_HAND = (DataCell, NetworkCell, TrainingCell)


def variable_of(name: str) -> str:
    """What code calls a cell of that name: `my digits` is `my_digits`."""
    variable = re.sub(r"\W", "_", name)
    variable = variable if not variable[:1].isdigit() else f"_{variable}"
    return f"{variable}_" if keyword.iskeyword(variable) or not variable else variable


def definers(notebook: Notebook) -> dict[str, str]:
    """By name, the code cell that defines it: the first one on the page."""
    found: dict[str, str] = {}
    for cell in notebook.cells:
        if isinstance(cell, CodeCell):
            for name in sorted(code_names(cell.code).defined):
                found.setdefault(name, cell.name)
    return found


def objects_at_hand(notebook: Notebook) -> dict[str, str]:
    """By variable, the cell that code finds as an object; a name that code defines itself is that."""
    found: dict[str, str] = {}
    own = definers(notebook)
    for cell in notebook.cells:
        variable = variable_of(cell.name)
        if isinstance(cell, AT_HAND) and variable not in own:
            found.setdefault(variable, cell.name)
    return found


def uses_of_code(notebook: Notebook) -> dict[str, dict[str, str]]:
    """By code cell, the names that it uses and the cells they come from."""
    known = {**objects_at_hand(notebook), **definers(notebook)}
    found: dict[str, dict[str, str]] = {}
    for cell in notebook.cells:
        if isinstance(cell, CodeCell):
            names = code_names(cell.code)
            found[cell.name] = {name: known[name] for name in sorted(names.used) if name in known}
    return found


def kinds_used(cell: AnyCell | UnknownCell, kinds: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The code cells that a network's nodes need. `kinds` are the cells behind each layer of the user's own."""
    if not isinstance(cell, NetworkCell) or not kinds:
        return []
    needed = [name for node in cell.nodes.values() for name in kinds.get(node.kind, ())]
    return list(dict.fromkeys(needed))
