"""Which cell uses which: references go by name, and make a graph from the used to the using cell."""

from __future__ import annotations

import networkx as nx

from .document import AnyCell, EvaluationCell, ExportCell, Notebook, TrainingCell, UnknownCell


def references(cell: AnyCell | UnknownCell) -> dict[str, str]:
    """The fields of a cell that name another cell, and the names; those left empty are absent."""
    match cell:
        case TrainingCell():
            named = {"network": cell.network, "data": cell.data}
        case EvaluationCell() | ExportCell():
            named = {"training": cell.training}
        case _:
            named = {}
    return {field: name for field, name in named.items() if name}


def cell_graph(notebook: Notebook) -> nx.DiGraph:
    """A graph of cell names; names that no cell has are left out."""
    graph = nx.DiGraph()
    graph.add_nodes_from(cell.name for cell in notebook.cells)
    for cell in notebook.cells:
        for name in references(cell).values():
            if name in graph:
                graph.add_edge(name, cell.name)
    return graph


def fresh_name(notebook: Notebook, stem: str) -> str:
    """`stem`, or `stem 2`, `stem 3`, … where a cell has that name already."""
    taken = {cell.name for cell in notebook.cells}
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem} {number}", number + 1
    return name
