"""What there is to run in a notebook, and in which order: page and command line go by the same plan. Pure."""

from __future__ import annotations

from collections.abc import Collection

from .cell_graph import in_order, with_what_they_use
from .document import Notebook

# Kinds whose cells do something when they are run; the others show what they are by themselves.
RUNNABLE = frozenset({"code", "training", "evaluation", "export"})


def run_order(notebook: Notebook, names: Collection[str] | None = None) -> list[str]:
    """The cells that can be run, of `names` or of all, each after what it uses."""
    kinds = {cell.name: cell.kind for cell in notebook.cells}
    return [name for name in in_order(notebook) if kinds[name] in RUNNABLE and (names is None or name in names)]


def needed_for(notebook: Notebook, name: str) -> list[str]:
    """What has to have run for a cell, itself last, in order."""
    kinds = {cell.name: cell.kind for cell in notebook.cells}
    return [other for other in with_what_they_use(notebook, name) if kinds[other] in RUNNABLE]


def with_dependents(notebook: Notebook, stale: Collection[str]) -> list[str]:
    """The stale cells and every cell that can be run and uses one of them, in order."""
    chosen: list[str] = []
    for name in run_order(notebook):
        if name in stale or any(other in chosen for other in needed_for(notebook, name)[:-1]):
            chosen.append(name)
    return chosen
