"""Changes to a network that more than one pass offers as a fix."""

from __future__ import annotations

import hashlib
from typing import Any

from ..catalogue import catalogue
from ..changes import AddNode, Change, Connect, Disconnect
from ..document import NetworkCell, Node, Position, Source, Target, Wire, new_id

_ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def fresh_id(network: NetworkCell, kind: str, *reasons: str) -> str:
    """An id that the network does not have. The same for the same reasons, so that checking twice says the same."""
    stem = new_id(kind).rpartition("_")[0]
    salt = 0
    while True:
        digest = hashlib.sha256("\0".join((network.id, *reasons, str(salt))).encode()).digest()
        made = stem + "_" + "".join(_ID_ALPHABET[byte % 32] for byte in digest[:4])
        if made not in network.nodes and made not in network.wires:
            return made
        salt += 1


def append_node(network: NetworkCell, source: Source, kind: str, params: dict[str, Any]) -> tuple[Change, ...]:
    """Adds a node of `kind` behind `source` and wires it."""
    node = fresh_id(network, kind, "append", *source)
    place = network.layout.get(source.node, Position(0, 0))
    return (
        AddNode(
            cell=network.id, id=node, node=Node(kind=kind, params=params), position=Position(place.x, place.y + 120)
        ),
        Connect(
            cell=network.id,
            id=fresh_id(network, "wire", "append", *source),
            wire=Wire(source=source, target=Target(node, first_input(kind))),
        ),
    )


def insert_node(network: NetworkCell, wire_id: str, kind: str, params: dict[str, Any]) -> tuple[Change, ...]:
    """Puts a node of `kind` into the middle of a wire."""
    wire = network.wires[wire_id]
    node = fresh_id(network, kind, "insert", wire_id)
    before = network.layout.get(wire.source.node, Position(0, 0))
    after = network.layout.get(wire.target.node, before)
    middle = Position((before.x + after.x) / 2, (before.y + after.y) / 2)
    return (
        AddNode(cell=network.id, id=node, node=Node(kind=kind, params=params), position=middle),
        Disconnect(cell=network.id, wire=wire_id),
        Connect(
            cell=network.id,
            id=fresh_id(network, "wire", "into", wire_id),
            wire=Wire(source=wire.source, target=Target(node, first_input(kind))),
        ),
        Connect(
            cell=network.id,
            id=fresh_id(network, "wire", "out of", wire_id),
            wire=Wire(source=Source(node), target=wire.target),
        ),
    )


def first_input(kind: str) -> str:
    """The port that a wire to a node of this kind means unless it says otherwise."""
    return catalogue().kinds[kind].inputs[0].name
