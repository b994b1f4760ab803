"""Checks input ports: has each the wires it needs, and no more?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import networkx as nx

from ..catalogue_types import Port
from ..changes import Change, Connect, Disconnect
from ..document import Target, Wire
from ..problems import Fix, Problem
from .check_boundary import loose_ends
from .draft import Draft
from .repairs import fresh_id


def open_ports(draft: Draft) -> Iterator[Problem]:
    """Required ports without a wire. At nodes that are not built, "reaches no Output" says enough, and where a wire
    comes from somewhere wrong, that is the cause."""
    graph, cell = draft.graph, draft.network
    approached: dict[str, set[str]] = {}
    for wire in cell.wires.values():
        approached.setdefault(wire.target.node, set()).add(wire.target.port)
    for node_id, node in cell.nodes.items():
        ports = graph.inputs.get(node_id, ())
        wired = approached.get(node_id, set())
        if node_id not in graph.reached or node.kind == "Output" or wired - {port.name for port in ports}:
            continue
        for port in ports:
            # An operation's argument may be a wire or a constant: then it is a port and a parameter.
            parameter = graph.kinds[node_id].parameters.get(port.name)
            needed = port.required or (parameter is not None and parameter.required)
            if not needed or port.name in wired or port.name in node.params:
                continue
            lacks = "no wire and no value" if parameter is not None else "no wire"
            message = f"{draft.name(node_id)} has {lacks} at {_input(ports, port.name)}."
            fixes = tuple(_wire_to(draft, Target(node_id, port.name)))
            yield Problem("W101", message, draft.at(node_id, port=port.name), help=port.help, fixes=fixes)


def _wire_to(draft: Draft, target: Target) -> Iterator[Fix]:
    """A wire from the one loose end that there is, if it would not close a cycle."""
    cell, flow = draft.network, draft.graph.flow
    ends = [end for end in loose_ends(draft) if not nx.has_path(flow, target.node, end.node)]
    if len(ends) == 1:
        wire_id = fresh_id(cell, "wire", "to", target.node, target.port)
        change = Connect(cell=cell.id, id=wire_id, wire=Wire(source=ends[0], target=target))
        yield Fix(f"Wire {draft.name(ends[0].node)} to it", (change,))


def crowded_ports(draft: Draft) -> Iterator[Problem]:
    graph, cell = draft.graph, draft.network
    for node, ports in graph.into.items():
        for name, wires in ports.items():
            if len(wires) < 2:
                continue
            port = graph.port(node, name)
            sources = tuple(
                (draft.at(graph.wire(wire).source.node, wire=wire), f"sends a wire to {name}") for wire in wires
            )
            if port is not None and not port.many:
                yield Problem(
                    "W104",
                    f"{draft.name(node)} takes one wire at {_input(graph.inputs[node], name)}, not {len(wires)}.",
                    draft.at(node, port=name),
                    related=sources,
                    fixes=tuple(
                        Fix(
                            f"Keep the wire from {draft.name(graph.wire(kept).source.node)}",
                            tuple(Disconnect(cell=cell.id, wire=wire) for wire in wires if wire != kept),
                        )
                        for kept in wires
                    ),
                )
            elif len({graph.wire(wire).target.position for wire in wires}) < len(wires):
                yield Problem(
                    "W111",
                    f"Two wires have the same place in the list {name} of {draft.name(node)}.",
                    draft.at(node, port=name),
                    severity="warning",
                    related=sources,
                    fixes=(Fix("Number the wires as they are read now", _renumbered(draft, wires)),),
                )


def _renumbered(draft: Draft, wires: list[str]) -> tuple[Change, ...]:
    cell = draft.network
    changes: list[Change] = [Disconnect(cell=cell.id, wire=wire) for wire in wires]
    for position, wire_id in enumerate(wires):
        wire = draft.graph.wire(wire_id)
        placed = wire.model_copy(update={"target": Target(wire.target.node, wire.target.port, position)})
        changes.append(Connect(cell=cell.id, id=wire_id, wire=placed))
    return tuple(changes)


def _input(ports: Sequence[Port], name: str) -> str:
    """How messages name an input port; where there is one, its name says nothing."""
    return "its input" if len(ports) == 1 else f"its input {name}"
