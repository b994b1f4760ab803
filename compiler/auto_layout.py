"""Places the nodes of a network in layers, left to right or top down: tidy, the same each time, nothing upon another.

The classical steps (Sugiyama, Tagawa and Toda 1981): layers by longest path, few crossings by repeated medians, then
heights. What would become too long to read goes on in a row below. Pure; networkx keeps the graph.
"""

from __future__ import annotations

from statistics import fmean

import networkx as nx

from .catalogue_types import Catalogue
from .document import NetworkCell, Node, Position
from .fold_rows import fold
from .nesting.network_kinds import GROUP
from .ports import input_ports, output_ports

# The canvas draws nodes of this size (editor/canvas/src/model/ports.js).
NODE_WIDTH = 224
_HEAD, _FOOT, _ROW, _PICTURE = 48, 28, 20, 56

COLUMN_STEP = 320  # leaves room for the shape that a wire carries
NODE_GAP = 68
ROW_GAP = 84  # room for the wires that lead back to a row's beginning
_SWEEPS = 8  # more change nothing in networks of a size that one can read

_Columns = list[list[str]]


def positions(network: NetworkCell, catalogue: Catalogue, direction: str = "right") -> dict[str, Position]:
    """A place for every node, from (0, 0) to the right and down. `direction` is the way of the data: right or down."""
    graph = nx.DiGraph()
    graph.add_nodes_from(sorted(network.nodes))
    for _, wire in sorted(network.wires.items()):
        if wire.source.node in network.nodes and wire.target.node in network.nodes:
            graph.add_edge(wire.source.node, wire.target.node)
    _break_cycles(graph)
    heights = {id_: node_height(node, catalogue) for id_, node in network.nodes.items()}
    places: dict[str, Position] = {}
    top = 0.0
    parts = sorted(nx.weakly_connected_components(graph), key=lambda part: (-len(part), min(part)))
    wired = [_columns(graph.subgraph(part)) for part in parts if len(part) > 1]
    single = [[node] for part in parts if len(part) == 1 for node in part]
    place = _place_down if direction == "down" else _place_part
    for columns in [*wired, single] if single else wired:
        top = place(columns, graph, heights, top, places) + ROW_GAP
    return {id_: places[id_] for id_ in network.nodes}


def _break_cycles(graph: nx.DiGraph) -> None:
    """Leaves out what would lead back; a drawing with a cycle has a problem but still wants a place."""
    while not nx.is_directed_acyclic_graph(graph):
        graph.remove_edge(*nx.find_cycle(graph)[-1][:2])


def _place_part(
    columns: _Columns, graph: nx.DiGraph, heights: dict[str, float], top: float, places: dict[str, Position]
) -> float:
    """Places the columns in rows from `top` down; gives how far down they reach."""
    _order(columns, graph)
    column_heights = [sum(heights[node] + NODE_GAP for node in column) - NODE_GAP for column in columns]
    bottom = top
    for row in fold(columns, graph, column_heights, COLUMN_STEP, ROW_GAP):
        tops = _tops(row, graph, heights)
        upper = min(tops.values())
        for index, column in enumerate(row):
            for node in column:
                places[node] = Position(index * COLUMN_STEP, round(tops[node] - upper + top))
        bottom = max(places[node].y + heights[node] for node in tops)
        top = bottom + ROW_GAP
    return bottom


def _place_down(
    layers: _Columns, graph: nx.DiGraph, heights: dict[str, float], top: float, places: dict[str, Position]
) -> float:
    """Places each layer as one row below the other; gives how far down they reach."""
    _order(layers, graph)
    lefts = _tops(layers, graph, dict.fromkeys(heights, NODE_WIDTH))
    leftmost = min(lefts.values())
    for layer in layers:
        for node in layer:
            places[node] = Position(round(lefts[node] - leftmost), round(top))
        top += max(heights[node] for node in layer) + ROW_GAP
    return top - ROW_GAP


def _columns(graph: nx.DiGraph) -> _Columns:
    """Nodes by their longest way from a source; what has time stands right before what it feeds."""
    level: dict[str, int] = {}
    order = list(nx.lexicographical_topological_sort(graph))
    for node in order:
        level[node] = max((level[before] + 1 for before in graph.predecessors(node)), default=0)
    for node in reversed(order):
        if 0 < graph.out_degree(node) >= graph.in_degree(node):
            level[node] = min(level[after] for after in graph.successors(node)) - 1
    columns: _Columns = [[] for _ in range(max(level.values()) + 1)]
    for node in order:
        columns[level[node]].append(node)
    return columns


def _order(columns: _Columns, graph: nx.DiGraph) -> None:
    """Sorts each column by where its neighbours stand, to and fro."""
    rank = {node: index for column in columns for index, node in enumerate(column)}
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        neighbours = graph.predecessors if forward else graph.successors
        for column in columns if forward else reversed(columns):
            wanted = {node: fmean([rank[other] for other in neighbours(node)] or [rank[node]]) for node in column}
            column.sort(key=lambda node: (wanted[node], rank[node], node))
            rank.update({node: index for index, node in enumerate(column)})


def _tops(columns: _Columns, graph: nx.DiGraph, heights: dict[str, float]) -> dict[str, float]:
    """Each node level with those that feed it, as far as there is room."""
    middle: dict[str, float] = {}
    for column in columns:
        wanted = [
            fmean([middle[other] for other in graph.predecessors(node) if other in middle] or [0.0]) for node in column
        ]
        placed: list[float] = []
        bottom = float("-inf")
        for node, wish in zip(column, wanted, strict=True):
            upper = max(wish - heights[node] / 2, bottom)
            bottom = upper + heights[node] + NODE_GAP
            placed.append(upper + heights[node] / 2)
        # Pushing down alone would make every fan hang; half of the push goes up again.
        shift = fmean([now - wish for now, wish in zip(placed, wanted, strict=True)])
        middle.update({node: now - shift for node, now in zip(column, placed, strict=True)})
    return {node: middle[node] - heights[node] / 2 for node in middle}


def node_height(node: Node, catalogue: Catalogue) -> float:
    """How high the canvas draws a node, in pixels at a zoom of 1."""
    kind = catalogue.kinds.get(node.kind)
    if kind is None:
        return _HEAD + _FOOT
    inputs, outputs = input_ports(kind, node.params), output_ports(kind, node.params)
    rows = max(len(inputs), len(outputs))
    # As in ports.js: a few optional ports are dots beside the first and take no room.
    named = sum(port.required for port in inputs) > 1 or len(outputs) > 1 or len(inputs) > 3
    # A node for a network shows a small picture of it.
    picture = _PICTURE if kind.group == GROUP else 0
    return _HEAD + _FOOT + picture + (rows * _ROW + 4 if named else 0)
