"""The code cells that stand behind other cells. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from ..cell_graph import by_name, with_what_they_use
from ..document import AnyCell, CodeCell, Notebook, UnknownCell


def code_behind(notebook: Notebook, cells: Iterable[AnyCell | UnknownCell]) -> tuple[CodeCell, ...]:
    """The code cells that these cells need, with all that those use, in the order of the page."""
    needed = {name for cell in cells for name in with_what_they_use(notebook, cell.name)}
    meant = by_name(notebook)
    code = (cell for cell in notebook.cells if isinstance(cell, CodeCell) and meant[cell.name] is cell)
    return tuple(cell for cell in code if cell.name in needed)
