"""Which tensor a node would take that is placed now: what the palette's shapes are reckoned from. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..compiler.document import NetworkCell, Position
from ..compiler.specs import NodeShapes, TensorSpec

_OUTPUT = "Output"


@dataclass(frozen=True, slots=True)
class TensorHere:
    """A tensor, and what people call the node that gives it."""

    spec: TensorSpec
    after: str


def tensor_here(
    network: NetworkCell, shapes: Mapping[str, NodeShapes], source: Any, selected: Sequence[str], *, swap: bool
) -> TensorHere | None:
    """The tensor at the end of the wire at hand; without a wire that of the selected node, for a `swap` that which
    feeds it; with nothing selected that of the network's open end. None where Keras has not said what it is."""
    if isinstance(source, dict):
        if source.get("side") == "in":
            return None
        return _given(network, shapes, str(source.get("node")), str(source.get("port")))
    chosen = [id_ for id_ in selected if id_ in network.nodes]
    if swap:
        return _feeding(network, shapes, chosen[0]) if chosen else None
    node = _furthest(network, chosen) if chosen else _open_end(network, shapes)
    if node is None:
        return None
    return _given(network, shapes, node) or _feeding(network, shapes, node)


def _given(network: NetworkCell, shapes: Mapping[str, NodeShapes], node: str, port: str = "") -> TensorHere | None:
    outputs = shapes[node].outputs if node in shapes else {}
    spec = outputs.get(port) if port else next(iter(outputs.values()), None)
    if spec is None or not spec.shape or node not in network.nodes or network.nodes[node].kind == _OUTPUT:
        return None
    return TensorHere(spec, network.nodes[node].label or network.nodes[node].kind)


def _feeding(network: NetworkCell, shapes: Mapping[str, NodeShapes], node: str) -> TensorHere | None:
    wires = sorted((wire for wire in network.wires.values() if wire.target.node == node), key=lambda wire: wire.target)
    found = (_given(network, shapes, wire.source.node, wire.source.port) for wire in wires)
    return next((tensor for tensor in found if tensor is not None), None)


def _furthest(network: NetworkCell, nodes: Sequence[str]) -> str | None:
    """The one that stands furthest to the right: data flow that way."""
    return max(nodes, key=lambda id_: network.layout.get(id_, Position(0, 0)), default=None)


def _open_end(network: NetworkCell, shapes: Mapping[str, NodeShapes]) -> str | None:
    """A node that is fed, or an Input, and feeds nothing yet; else the last before an Output."""
    feeding = {wire.source.node for wire in network.wires.values()}
    fed = {wire.target.node for wire in network.wires.values()}
    known = [id_ for id_, node in network.nodes.items() if node.kind != _OUTPUT and id_ in shapes]
    ends = [id_ for id_ in known if id_ not in feeding and (id_ in fed or network.nodes[id_].kind == "Input")]
    outputs = {id_ for id_, node in network.nodes.items() if node.kind == _OUTPUT}
    last = [wire.source.node for wire in network.wires.values() if wire.target.node in outputs]
    return _furthest(network, ends) or _furthest(network, last)
