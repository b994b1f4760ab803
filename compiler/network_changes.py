"""Changes to the nodes, wires and layout of one network cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from .catalogue import catalogue
from .catalogue_types import Kind, Port
from .changes import (
    AddNode,
    ChangeError,
    Connect,
    Disconnect,
    MoveNodes,
    NetworkChange,
    PutMark,
    RemoveMark,
    RemoveNode,
    SetKind,
    SetLabel,
    SetMuted,
    SetParameter,
    SetRepeat,
    SetShares,
    UnsetParameter,
)
from .document import NetworkCell, Node, Source, Target, Wire
from .nesting.network_kinds import KindTable
from .nesting.references import network_name
from .ports import input_ports, output_ports


def apply(cell: NetworkCell, change: NetworkChange, networks: Mapping[str, NetworkCell] | None = None) -> NetworkCell:
    """The network after one change. `networks` are those that nodes may stand for, by name. Raises ChangeError with a
    reason for the user."""
    after = _applied(cell, change, KindTable(networks or {}))
    if after.wires is not cell.wires and any(mark.wire for mark in after.marks.values()):
        # The points of wires that are gone go too.
        gone = cell.wires.keys() - after.wires.keys()
        return _update(after, marks={id_: mark for id_, mark in after.marks.items() if mark.wire not in gone})
    return after


def _applied(cell: NetworkCell, change: NetworkChange, kinds: KindTable) -> NetworkCell:
    match change:
        case AddNode():
            return _add_node(cell, change)
        case RemoveNode():
            return _remove_node(cell, change)
        case Connect():
            return _connect(cell, change, kinds)
        case Disconnect():
            if change.wire not in cell.wires:
                raise ChangeError("this wire is no longer there")
            return _update(cell, wires=_without(cell.wires, change.wire))
        case MoveNodes():
            return _move(cell, change)
        case PutMark():
            if change.mark.kind == "point" and change.mark.wire not in cell.wires:
                raise ChangeError("the wire of this point is no longer there")
            return _update(cell, marks={**cell.marks, change.id: change.mark})
        case RemoveMark():
            if change.id not in cell.marks:
                raise ChangeError("this frame, note or point is no longer there")
            return _update(cell, marks=_without(cell.marks, change.id))
        case SetKind():
            return _set_kind(cell, change, kinds)
        case SetParameter():
            node = _node(cell, change.node)
            return _with_node(cell, change.node, params={**node.params, change.parameter: change.value})
        case UnsetParameter():
            node = _node(cell, change.node)
            kept = {name: value for name, value in node.params.items() if name != change.parameter}
            return _with_node(cell, change.node, params=kept)
        case SetLabel():
            return _with_node(cell, change.node, label=change.label.strip())
        case SetMuted():
            return _with_node(cell, change.node, muted=change.muted)
        case SetShares():
            return _set_shares(cell, change)
        case SetRepeat():
            if network_name(_node(cell, change.node).kind) is None:
                raise ChangeError("only a network can be repeated")
            return _with_node(
                cell, change.node, repeat=change.repeat, weights=change.weights, names=tuple(change.names)
            )
        case _:
            assert_never(change)


def _update(cell: NetworkCell, **parts: Any) -> NetworkCell:
    return cell.model_copy(update=parts)


def _without(records: dict[str, Any], id_: str) -> dict[str, Any]:
    # A copy is quick for thousands of records; choosing each of them is not.
    rest = dict(records)
    rest.pop(id_, None)
    return rest


def _node(cell: NetworkCell, node: str) -> Node:
    if node not in cell.nodes:
        raise ChangeError("this node is no longer there")
    return cell.nodes[node]


def _with_node(cell: NetworkCell, node_id: str, **fields: Any) -> NetworkCell:
    node = _node(cell, node_id).model_copy(update=fields)
    return _update(cell, nodes={**cell.nodes, node_id: node})


def _add_node(cell: NetworkCell, change: AddNode) -> NetworkCell:
    if change.id in cell.nodes:
        raise ChangeError("a node with this id is there already")
    return _update(
        cell,
        nodes={**cell.nodes, change.id: change.node},
        layout={**cell.layout, change.id: change.position},
    )


def _move(cell: NetworkCell, change: MoveNodes) -> NetworkCell:
    for id_ in change.positions:
        _node(cell, id_)
    return _update(cell, layout={**cell.layout, **change.positions})


def _remove_node(cell: NetworkCell, change: RemoveNode) -> NetworkCell:
    removed = _node(cell, change.node)
    nodes = _without(cell.nodes, change.node)
    sharers = sorted(id_ for id_, node in nodes.items() if node.shares == change.node)
    if sharers:
        heir, *others = sharers
        nodes[heir] = nodes[heir].model_copy(update={"shares": None, "params": removed.params})
        for other in others:
            nodes[other] = nodes[other].model_copy(update={"shares": heir})
    return _update(
        cell,
        nodes=nodes,
        wires={
            id_: wire for id_, wire in cell.wires.items() if change.node not in (wire.source.node, wire.target.node)
        },
        layout=_without(cell.layout, change.node),
    )


def _set_shares(cell: NetworkCell, change: SetShares) -> NetworkCell:
    node = _node(cell, change.node)
    if change.shares is None:
        return _with_node(cell, change.node, shares=None)
    owner = _node(cell, change.shares)
    if change.shares == change.node or owner.shares is not None:
        raise ChangeError("weights are shared with the node that owns them")
    if owner.kind != node.kind:
        raise ChangeError(f"a {node.kind} cannot use the weights of a {owner.kind}")
    if any(other.shares == change.node for other in cell.nodes.values()):
        raise ChangeError("other nodes use the weights of this one")
    return _with_node(cell, change.node, shares=change.shares)


def node_ports(
    cell: NetworkCell, node_id: str, kinds: Mapping[str, Kind] | None = None
) -> tuple[tuple[Port, ...], tuple[Port, ...]] | None:
    """Input and output ports of a node; None where its kind is unknown."""
    node = cell.nodes[node_id]
    kind = (catalogue().kinds if kinds is None else kinds).get(node.kind)
    if kind is None:
        return None
    params = cell.nodes[node.shares].params if node.shares in cell.nodes else node.params
    return input_ports(kind, params), output_ports(kind, params)


def _connect(cell: NetworkCell, change: Connect, kinds: Mapping[str, Kind]) -> NetworkCell:
    source, target = change.wire.source, change.wire.target
    if change.id in cell.wires:
        raise ChangeError("a wire with this id is there already")
    _node(cell, source.node)
    _node(cell, target.node)
    source_ports, target_ports = node_ports(cell, source.node, kinds), node_ports(cell, target.node, kinds)
    if source_ports and source.port not in {port.name for port in source_ports[1]}:
        raise ChangeError(f"{_called(cell, source.node)} has no output {source.port}")
    many = False
    if target_ports:
        port = next((port for port in target_ports[0] if port.name == target.port), None)
        if port is None:
            raise ChangeError(f"{_called(cell, target.node)} has no input {target.port}")
        many = port.many
    if reaches(cell, target.node, source.node):
        raise ChangeError("this wire would close a cycle; data must flow from inputs to outputs")
    rivals = {id_: wire for id_, wire in cell.wires.items() if wire.target[:2] == target[:2]}
    wires = cell.wires
    if many:
        taken = {wire.target.position for wire in rivals.values()}
        if target.position in taken:
            target = Target(target.node, target.port, max(taken) + 1)
    elif rivals:
        wires = {id_: wire for id_, wire in wires.items() if id_ not in rivals}
    return _update(cell, wires={**wires, change.id: Wire(source=source, target=target)})


def reaches(cell: NetworkCell, start: str, goal: str) -> bool:
    """Whether data from node `start` flows into node `goal`; a node reaches itself."""
    following: dict[str, list[str]] = {}
    for wire in cell.wires.values():
        following.setdefault(wire.source.node, []).append(wire.target.node)
    seen, waiting = {start}, [start]
    while waiting:
        node = waiting.pop()
        if node == goal:
            return True
        for other in following.get(node, ()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return False


def _called(cell: NetworkCell, node: str) -> str:
    kind = cell.nodes[node].kind
    return network_name(kind) or kind


def _set_kind(cell: NetworkCell, change: SetKind, kinds: Mapping[str, Kind]) -> NetworkCell:
    node = _node(cell, change.node)
    kind = kinds.get(change.kind)
    if kind is None:
        raise ChangeError(f"there is no kind {change.kind}")
    before = node_ports(cell, change.node, kinds)
    params = {name: value for name, value in node.params.items() if name in kind.parameters}
    swapped = _with_node(cell, change.node, kind=change.kind, params=params, shares=None)
    after = input_ports(kind, params), output_ports(kind, params)
    inputs = _renamed(before[0] if before else (), after[0])
    outputs = _renamed(before[1] if before else (), after[1])
    wires: dict[str, Wire] = {}
    for id_, wire in cell.wires.items():
        source, target = wire.source, wire.target
        if target.node == change.node:
            if target.port not in inputs:
                continue
            target = Target(target.node, inputs[target.port], target.position)
        if source.node == change.node:
            if source.port not in outputs:
                continue
            source = Source(source.node, outputs[source.port])
        same = source == wire.source and target == wire.target
        wires[id_] = wire if same else wire.model_copy(update={"source": source, "target": target})
    return _update(swapped, wires=wires)


def _renamed(before: tuple[Port, ...], after: tuple[Port, ...]) -> dict[str, str]:
    """Old port name → new one: by name, and the first to the first (`inputs` of Dense, `sequences` of LSTM)."""
    names = {port.name for port in after}
    renamed = {port.name: port.name for port in before if port.name in names}
    if before and after and before[0].name not in renamed and after[0].name not in renamed.values():
        renamed[before[0].name] = after[0].name
    return renamed
