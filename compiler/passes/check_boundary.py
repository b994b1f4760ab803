"""Checks that a network begins at Inputs and ends at Outputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..changes import Connect
from ..document import Source, Target, Wire
from ..problems import Fix, Problem
from .draft import Draft
from .repairs import append_node, fresh_id


def check_boundary(draft: Draft) -> Iterator[Problem]:
    """A missing Input, a missing Output, an Output without a wire."""
    graph, cell = draft.graph, draft.network
    if not graph.of_kind("Input"):
        yield Problem(
            "W106",
            f"{cell.name} has no Input.",
            draft.at(),
            help="Add an Input and wire it to the first node; its shape is that of one row of the data.",
        )
    ends = outlets(draft, cell.nodes)
    if not graph.of_kind("Output"):
        yield Problem(
            "W107",
            f"{cell.name} has no Output.",
            draft.at(),
            help="What reaches an Output is built and trained.",
            fixes=tuple(
                Fix(f"Add an Output after {draft.name(end.node)}", append_node(cell, end, "Output", {}))
                for end in ends[-1:]
            ),
        )
    for node in graph.of_kind("Output"):
        if any(wire.target.node == node for wire in cell.wires.values()):
            continue
        fixes = []
        ends = loose_ends(draft)
        if len(ends) == 1:
            wire_id = fresh_id(cell, "wire", "outlet", node)
            wire = Wire(source=ends[0], target=Target(node, graph.inputs[node][0].name))
            fixes = [Fix(f"Wire {draft.name(ends[0].node)} to it", (Connect(cell=cell.id, id=wire_id, wire=wire),))]
        yield Problem("W112", f"{draft.name(node)} has no wire.", draft.at(node, port="inputs"), fixes=tuple(fixes))


def outlets(draft: Draft, nodes: Iterable[str]) -> list[Source]:
    """The first outputs of those nodes from which no wire leads on, in the order of the data's flow."""
    graph = draft.graph
    order = graph.order or tuple(draft.network.nodes)
    wanted = set(nodes)
    leading_on = {source for sources in graph.before.values() for source in sources}
    return [
        Source(node, graph.outputs[node][0].name)
        for node in order
        if node in wanted and node not in leading_on and graph.outputs.get(node)
    ]


def loose_ends(draft: Draft) -> list[Source]:
    """The outlets that data already flow to: what a port without a wire most likely waits for."""
    graph, nodes = draft.graph, draft.network.nodes
    return [end for end in outlets(draft, nodes) if graph.flow.in_degree(end.node) or nodes[end.node].kind == "Input"]
