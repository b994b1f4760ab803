"""Which cell uses which: references go by name, and make a graph from the used to the using cell."""

from __future__ import annotations

from typing import Any

import networkx as nx

from .code.graph import kinds_used, uses_of_code
from .code.kinds import cells_behind
from .document import (
    AnyCell,
    CodeCell,
    DataCell,
    EvaluationCell,
    ExportCell,
    NetworkCell,
    Notebook,
    TextCell,
    TrainingCell,
    UnknownCell,
)
from .live_values import mentions, with_name
from .nesting.follow import renamed_kinds
from .nesting.references import used_networks


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


def code_cell_of(cell: AnyCell | UnknownCell) -> str:
    """The code cell whose function gives a data cell its rows, "" where they come from elsewhere."""
    if isinstance(cell, DataCell) and cell.source == "code":
        return cell.location.rpartition(".")[0]
    return ""


def used_names(cell: AnyCell | UnknownCell) -> list[str]:
    """The names of all cells that a cell speaks of: in its fields, in its prose, and as nodes."""
    written = [mention.cell for mention in mentions(cell.text)] if isinstance(cell, TextCell) else []
    drawn = used_networks(cell) if isinstance(cell, NetworkCell) else ()
    return [name for name in dict.fromkeys([*references(cell).values(), code_cell_of(cell), *written, *drawn]) if name]


def renamed_references(cell: AnyCell | UnknownCell, old: str, new: str) -> dict[str, Any]:
    """The fields of `cell` that follow when the cell `old` is called `new`, with their new values."""
    update: dict[str, Any] = {field: new for field, name in references(cell).items() if name == old}
    if isinstance(cell, TextCell) and old in used_names(cell):
        update["text"] = with_name(cell.text, old, new)
    if isinstance(cell, DataCell) and code_cell_of(cell) == old:
        update["location"] = f"{new}.{cell.location.rpartition('.')[2]}"
    if isinstance(cell, NetworkCell):
        update |= renamed_kinds(cell, old, new)
    return update


def by_name(notebook: Notebook) -> dict[str, AnyCell | UnknownCell]:
    """The cells by name; of two with one name the first, which is the one that others mean."""
    return {cell.name: cell for cell in reversed(notebook.cells)}


def cell_graph(notebook: Notebook) -> nx.DiGraph:
    """A graph of cell names; names that no cell has are left out."""
    graph = nx.DiGraph()
    graph.add_nodes_from(cell.name for cell in notebook.cells)
    behind = cells_behind(notebook)
    by_code = uses_of_code(notebook)
    for cell in notebook.cells:
        own = by_code.get(cell.name, {}).values() if isinstance(cell, CodeCell) else kinds_used(cell, behind)
        for name in (*used_names(cell), *own):
            if name in graph:
                graph.add_edge(name, cell.name)
    return graph


def in_circles(graph: nx.DiGraph) -> set[str]:
    """The cells that use themselves, straight or by way of others."""
    looping = {name for part in nx.strongly_connected_components(graph) if len(part) > 1 for name in part}
    return looping | {name for name in graph if graph.has_edge(name, name)}


def in_order(notebook: Notebook) -> list[str]:
    """The names of all cells, each after what it uses and else as they stand on the page. Cells in circles are
    left out, and what uses them."""
    graph = cell_graph(notebook)
    places = {cell.name: place for place, cell in reversed(list(enumerate(notebook.cells)))}
    looping = in_circles(graph)
    straight = graph.subgraph(set(graph) - looping - {user for name in looping for user in nx.descendants(graph, name)})
    return list(nx.lexicographical_topological_sort(straight, key=lambda name: places[name]))


def with_what_they_use(notebook: Notebook, name: str) -> list[str]:
    """The name of a cell after the names of all cells that it uses, straight or by way of others."""
    graph = cell_graph(notebook)
    if name not in graph:
        return []
    needed = nx.ancestors(graph, name) | {name}
    return [other for other in in_order(notebook) if other in needed]


def fresh_name(notebook: Notebook, stem: str) -> str:
    """`stem`, or `stem 2`, `stem 3`, … where a cell has that name already."""
    taken = {cell.name for cell in notebook.cells}
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem} {number}", number + 1
    return name
