"""A network read once for all passes: kinds, ports, which wires are sound, what reaches an Output."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import networkx as nx

from ..catalogue_types import Catalogue, Kind, Port
from ..document import NetworkCell, Wire
from ..labels import layer_names
from ..network_order import layer_owner, node_order
from ..ports import input_ports, output_ports


@dataclass(frozen=True)
class Graph:
    """`kinds` and the ports hold only nodes of a known kind; `into` only sound wires: node → port → wire ids in order.

    A wire is sound when both its ports exist. Wires at a node of unknown kind count for reach but are not sound.
    `before` names the nodes that wires come from, sound or not, for each node.
    """

    network: NetworkCell
    catalogue: Catalogue
    names: dict[str, str]
    kinds: dict[str, Kind]
    inputs: dict[str, tuple[Port, ...]]
    outputs: dict[str, tuple[Port, ...]]
    into: dict[str, dict[str, list[str]]]
    before: dict[str, list[str]]

    def wire(self, wire_id: str) -> Wire:
        return self.network.wires[wire_id]

    def port(self, node: str, name: str) -> Port | None:
        return next((port for port in self.inputs.get(node, ()) if port.name == name), None)

    def owner(self, node: str) -> str:
        """The node whose layer this node calls: itself, or the end of its chain of shares, if that leads anywhere."""
        return layer_owner(self.network, node) or node

    def passed_on(self, node: str) -> str | None:
        """The wire that a muted node passes on: the first at the first of its ports that has any."""
        for port in self.inputs[node]:
            if wires := self.into[node].get(port.name):
                return wires[0]
        return None

    def of_kind(self, kind: str) -> list[str]:
        return [node_id for node_id, node in self.network.nodes.items() if node.kind == kind]

    @cached_property
    def sound(self) -> frozenset[str]:
        """The wires whose ports both exist."""
        return frozenset(wire for ports in self.into.values() for wires in ports.values() for wire in wires)

    @cached_property
    def reached(self) -> frozenset[str]:
        """The nodes that reach an Output. Without any Output: all, so that what is drawn so far is checked."""
        outputs = self.of_kind("Output")
        if not outputs:
            return frozenset(self.network.nodes)
        found, waiting = set(outputs), list(outputs)
        while waiting:
            for node in self.before[waiting.pop()]:
                if node not in found:
                    found.add(node)
                    waiting.append(node)
        return frozenset(found)

    @cached_property
    def flow(self) -> nx.DiGraph:
        """The nodes and which leads to which. Made where something is to be explained; a sound network needs none."""
        flow = nx.DiGraph()
        flow.add_nodes_from(self.network.nodes)
        ends = ((wire.source.node, wire.target.node) for wire in self.network.wires.values())
        flow.add_edges_from(pair for pair in ends if pair[0] in self.before and pair[1] in self.before)
        return flow

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The nodes, each after those it needs, else as they stand in the network; without those in a cycle and
        those behind one."""
        return tuple(node_order(self.network))


def read_graph(network: NetworkCell, catalogue: Catalogue) -> Graph:
    """The network with its names resolved. Never fails: what cannot be resolved is left out."""
    kinds: dict[str, Kind] = {}
    inputs: dict[str, tuple[Port, ...]] = {}
    outputs: dict[str, tuple[Port, ...]] = {}
    for node_id, node in network.nodes.items():
        kind = catalogue.kinds.get(node.kind)
        if kind is not None:
            params = network.nodes[layer_owner(network, node_id) or node_id].params
            kinds[node_id] = kind
            inputs[node_id], outputs[node_id] = input_ports(kind, params), output_ports(kind, params)
    before: dict[str, list[str]] = {node_id: [] for node_id in network.nodes}
    into: dict[str, dict[str, list[str]]] = {node_id: {} for node_id in network.nodes}
    for wire_id, wire in network.wires.items():
        source, target = wire.source, wire.target
        if source.node in network.nodes and target.node in network.nodes:
            before[target.node].append(source.node)
            if _has(outputs.get(source.node), source.port) and _has(inputs.get(target.node), target.port):
                into[target.node].setdefault(target.port, []).append(wire_id)
    for ports in into.values():
        for wires in ports.values():
            if len(wires) > 1:
                wires.sort(key=lambda wire_id: network.wires[wire_id].target.position)
    return Graph(network, catalogue, layer_names(network), kinds, inputs, outputs, into, before)


def _has(ports: Iterable[Port] | None, name: str) -> bool:
    return ports is not None and any(port.name == name for port in ports)
