"""Content keys: a hash of what a cell means and of what it uses. Names, labels, layout and prose do not count.

Two states of a notebook with equal keys give equal results, so outputs are kept by key and staleness is derived.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import networkx as nx

from .cell_graph import cell_graph, references
from .document import AnyCell, CodeCell, DataCell, NetworkCell, Notebook, TextCell, UnknownCell

_NO_MEANING = {"id", "name"}


def _digest(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def network_key(cell: NetworkCell) -> str:
    """sha256 of nodes (kind, params, shares, muted) and wires."""
    nodes = {id_: [node.kind, node.params, node.shares, node.muted] for id_, node in sorted(cell.nodes.items())}
    wires = sorted([list(wire.source), list(wire.target)] for wire in cell.wires.values())
    return _digest(["network", nodes, wires])


def cell_key(cell: AnyCell | UnknownCell, used: Mapping[str, str], fingerprint: str = "") -> str:
    """The key of a cell, given the keys of the cells it uses by field, and the fingerprint of its data."""
    match cell:
        case NetworkCell():
            return network_key(cell)
        case TextCell():
            return _digest(["text"])
        case CodeCell():
            return _digest(["code", cell.code])
        case DataCell():
            return _digest(["data", cell.model_dump(mode="json", exclude=_NO_MEANING), fingerprint])
        case _:
            content = cell.model_dump(mode="json", exclude=_NO_MEANING)
            return _digest([cell.kind, {**content, **used}])


def cell_keys(notebook: Notebook, fingerprints: Mapping[str, str] | None = None) -> dict[str, str]:
    """The key of every cell by name; `fingerprints` are those of the data, by data cell. Cells in a cycle have none."""
    graph = cell_graph(notebook)
    cells = {cell.name: cell for cell in notebook.cells}
    looping = {name for part in nx.strongly_connected_components(graph) if len(part) > 1 for name in part}
    looping |= {name for name in graph if graph.has_edge(name, name)}
    keys: dict[str, str] = {}
    for name in nx.lexicographical_topological_sort(graph.subgraph(set(graph) - looping)):
        used = {field: keys.get(other, "") for field, other in references(cells[name]).items()}
        keys[name] = cell_key(cells[name], used, (fingerprints or {}).get(name, ""))
    return keys
