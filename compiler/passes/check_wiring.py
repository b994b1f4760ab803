"""Checks how nodes are wired: everything that can be known without shapes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import networkx as nx

from ..changes import Connect, Disconnect, RemoveNode, SetMuted
from ..problems import Fix, Problem
from .check_boundary import check_boundary, outlets
from .check_ports import crowded_ports, open_ports
from .check_wires import loose_wires
from .draft import Draft
from .try_fixes import keep_what_can_be_done


def check_wiring(draft: Draft) -> Draft:
    """Reports loose wires, cycles, open or crowded ports, and what no Output needs."""
    if not draft.network.nodes:
        return draft.report([Problem("W108", f"{draft.network.name} has no nodes yet.", draft.at())])
    found = [
        *loose_wires(draft),
        *_cycles(draft),
        *check_boundary(draft),
        *open_ports(draft),
        *crowded_ports(draft),
        *_muted_nodes(draft),
    ]
    problems = keep_what_can_be_done(draft, found)
    return draft.report([*problems, *_unreached(draft, _wanted(problems))])


def _cycles(draft: Draft) -> Iterator[Problem]:
    cell = draft.network
    if len(draft.graph.order) == len(cell.nodes):
        return
    flow = draft.graph.flow
    for part in _in_order(draft, nx.strongly_connected_components(flow)):
        first = part[0]
        if len(part) == 1 and not flow.has_edge(first, first):
            continue
        # A view of the graph would walk its nodes in the order of a set, and the fix would change from run to run.
        loop = nx.DiGraph((source, target) for source, target in flow.edges if source in part and target in part)
        around = [source for source, _ in nx.find_cycle(loop, first)]
        last = around[-1]
        closing = [
            wire_id for wire_id, wire in cell.wires.items() if (wire.source.node, wire.target.node) == (last, around[0])
        ]
        yield Problem(
            "W105",
            f"{' → '.join(draft.name(node) for node in (*around, around[0]))} is a cycle.",
            draft.at(around[0], wire=closing[0]),
            help="Data must flow from inputs to outputs. For a loop in time, use a recurrent layer.",
            related=tuple((draft.at(node), "is part of the cycle") for node in part),
            fixes=(
                Fix(
                    f"Remove the wire from {draft.name(last)} to {draft.name(around[0])}",
                    tuple(Disconnect(cell=cell.id, wire=wire_id) for wire_id in closing),
                ),
            ),
        )


def _in_order(draft: Draft, parts: Iterable[set[str]]) -> list[list[str]]:
    """Groups of nodes, and the nodes in each, as they stand in the network."""
    place = {node: index for index, node in enumerate(draft.network.nodes)}
    return sorted((sorted(part, key=place.__getitem__) for part in parts), key=lambda part: place[part[0]])


def _wanted(problems: list[Problem]) -> set[str]:
    """The nodes that a fix would wire onwards."""
    changes = [change for problem in problems for fix in problem.fixes for change in fix.changes]
    return {change.wire.source.node for change in changes if isinstance(change, Connect)}


def _muted_nodes(draft: Draft) -> Iterator[Problem]:
    graph, cell = draft.graph, draft.network
    for node_id, node in cell.nodes.items():
        if not node.muted or node_id not in graph.reached or node_id not in graph.kinds:
            continue
        name = draft.name(node_id)
        if node.kind in ("Input", "Output"):
            message = f"{name} is muted, but an {node.kind} has nothing to pass on."
        elif graph.passed_on(node_id) is None:
            if any(port.required for port in graph.inputs[node_id]):
                continue  # The port without a wire is the cause.
            message = f"{name} is muted, but nothing comes in that it could pass on."
        elif sum(map(len, graph.into[node_id].values())) > 1:
            message = f"{name} is muted, but has several inputs and cannot pass all of them on."
        else:
            first = graph.outputs[node_id][0].name if graph.outputs[node_id] else ""
            asked = {wire.source.port for wire in cell.wires.values() if wire.source.node == node_id} - {first}
            if not asked:
                continue
            message = f"{name} is muted, so its output {min(asked)} does not exist."
        unmute = Fix(f"Unmute {name}", (SetMuted(cell=cell.id, node=node_id, muted=False),))
        yield Problem("W110", message, draft.at(node_id), fixes=(unmute,))


def _unreached(draft: Draft, wanted: set[str]) -> Iterator[Problem]:
    """One warning for each group of connected nodes that reaches no Output, unless it is about to be `wanted`."""
    graph, cell = draft.graph, draft.network
    if len(graph.reached) == len(cell.nodes):
        return
    rest = graph.flow.subgraph(node for node in cell.nodes if node not in graph.reached)
    for nodes in _in_order(draft, nx.weakly_connected_components(rest)):
        if wanted.intersection(nodes):
            continue
        name, others = draft.name(nodes[0]), len(nodes) - 1
        who = f"{name} reaches" if not others else f"{name} and {others} more nodes reach"
        if others == 1:
            who = f"{name} and {draft.name(nodes[1])} reach"
        ends = outlets(draft, nodes)
        yield Problem(
            "W109",
            f"{who} no Output and {'is' if not others else 'are'} not built.",
            draft.at(nodes[0]),
            severity="warning",
            help=f"Wire {draft.name(ends[0].node)} onwards, or remove it." if ends else "",
            related=tuple((draft.at(node), "is not built either") for node in nodes[1:]),
            fixes=(
                Fix(
                    f"Remove {name}" if not others else f"Remove these {len(nodes)} nodes",
                    tuple(RemoveNode(cell=cell.id, node=node) for node in nodes),
                ),
            ),
        )
