"""The points that wires are led through: marks of a network, which mean nothing. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from .document import Mark, NetworkCell, Position

# The side of a point's knob. A wire goes through its middle.
POINT_SIZE = 12


def points_of(network: NetworkCell, wire: str) -> list[Position]:
    """Through where a wire is led, from its source to its target."""
    points = sorted(
        (mark for mark in network.marks.values() if mark.kind == "point" and mark.wire == wire),
        key=lambda mark: mark.order,
    )
    return [Position(mark.x + mark.width / 2, mark.y + mark.height / 2) for mark in points]


def point_ids_between(network: NetworkCell, nodes: Collection[str]) -> list[str]:
    """The points of all wires whose two ends are among these nodes."""
    inner = {id_ for id_, wire in network.wires.items() if wire.source.node in nodes and wire.target.node in nodes}
    return [id_ for id_, mark in network.marks.items() if mark.kind == "point" and mark.wire in inner]


def with_points_for_bends(network: dict[str, Any]) -> dict[str, Any]:
    """A network's data with points for the places that early files gave to bent wires. `layout` holds Positions."""
    layout, wires, nodes = (network.get(part) or {} for part in ("layout", "wires", "nodes"))
    bends = {id_: place for id_, place in layout.items() if id_ in wires and id_ not in nodes}
    if not bends:
        return network
    half = POINT_SIZE / 2
    points = {
        f"point_{id_}": Mark(
            kind="point", x=place.x - half, y=place.y - half, width=POINT_SIZE, height=POINT_SIZE, wire=id_
        )
        for id_, place in bends.items()
    }
    rest = {id_: place for id_, place in layout.items() if id_ not in bends}
    return {**network, "layout": rest, "marks": {**points, **(network.get("marks") or {})}}
