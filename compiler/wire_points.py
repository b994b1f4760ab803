"""The points that wires are led through: marks of a network, which mean nothing. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from .changes import Change, PutMark
from .document import Mark, NetworkCell, Position, new_id

# The side of a point's knob. A wire goes through its middle.
POINT_SIZE = 12


Points = list[tuple[str, Mark]]


def point_marks(network: NetworkCell, wire: str) -> Points:
    """The points of a wire with their ids, from its source to its target."""
    points = [(id_, mark) for id_, mark in network.marks.items() if mark.kind == "point" and mark.wire == wire]
    return sorted(points, key=lambda point: point[1].order)


def points_of(network: NetworkCell, wire: str) -> list[Position]:
    """Through where a wire is led, from its source to its target."""
    return [Position(mark.x + mark.width / 2, mark.y + mark.height / 2) for _, mark in point_marks(network, wire)]


def moved_marks(marks: Iterable[tuple[str, Mark]], by: Position) -> Points:
    """The marks `by` so many pixels from where they lie."""
    return [(id_, mark.model_copy(update={"x": mark.x + by.x, "y": mark.y + by.y})) for id_, mark in marks]


def led_through(cell: str, wire: str, points: Points, taken: set[str]) -> list[Change]:
    """The changes that lead a wire of a cell through points, in this order. They keep their ids but for those that are
    `taken`, which the ids become."""
    orders = [mark.order for _, mark in points]
    if sorted({*orders}) != orders:
        orders = [float(place) for place in range(len(points))]
    led = [
        (id_, mark.model_copy(update={"wire": wire, "order": order}))
        for (id_, mark), order in zip(points, orders, strict=True)
    ]
    return put_marks(cell, led, taken)


def put_marks(cell: str, marks: Points, taken: set[str]) -> list[Change]:
    """The changes that draw marks, under other ids than those that are `taken`, which the ids become."""
    changes: list[Change] = []
    for wanted, mark in marks:
        id_ = wanted
        while id_ in taken:
            id_ = new_id(mark.kind)
        taken.add(id_)
        changes.append(PutMark(cell=cell, id=id_, mark=mark))
    return changes


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
