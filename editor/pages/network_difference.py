"""A small drawing of a network in two versions laid over each other: what was added, removed, changed, kept."""

from __future__ import annotations

from ...compiler.document import NetworkCell, Position
from ..version_words import node_name, node_states
from .markup import Html, classes, h

WIDTH, HEIGHT = 132.0, 44.0  # of a node, in the canvas' own measure
_MOST = 400  # nodes; more would be dust


def network_difference(old: NetworkCell | None, new: NetworkCell | None) -> Html | None:
    """An SVG of both networks; None where there is nothing that could be seen."""
    before, after = old or _EMPTY, new or _EMPTY
    nodes = {**before.nodes, **after.nodes}
    if not nodes or len(nodes) > _MOST:
        return None
    places = {id_: after.layout.get(id_) or before.layout.get(id_) or Position(0, 0) for id_ in nodes}
    states = node_states(before, after)
    left, top = (min(place[axis] for place in places.values()) for axis in (0, 1))
    right, bottom = (max(place[axis] for place in places.values()) for axis in (0, 1))
    box = (left - 8, top - 8, right - left + WIDTH + 16, bottom - top + HEIGHT + 16)
    counts = ", ".join(f"{list(states.values()).count(state)} {state}" for state in sorted(set(states.values())))
    return h(
        "svg",
        [_wire(id_, before, after, places) for id_ in {**before.wires, **after.wires}],
        [_node(id_, places[id_], states.get(id_, ""), before, after) for id_ in nodes],
        viewBox=" ".join(f"{value:g}" for value in box),
        class_="network-difference",
        role="img",
        aria_label=f"The network's nodes: {counts or 'the same'}",
        style=f"max-height: {min(220, 40 + box[3] * 0.5):.0f}px",
    )


_EMPTY = NetworkCell(id="none", name="none")


def _wire(id_: str, before: NetworkCell, after: NetworkCell, places: dict[str, Position]) -> Html | None:
    one, other = before.wires.get(id_), after.wires.get(id_)
    wire = other or one
    if wire is None or wire.source.node not in places or wire.target.node not in places:
        return None
    state = "added" if one is None else "removed" if other is None else "changed" if one != other else ""
    x1, y1 = places[wire.source.node].x + WIDTH, places[wire.source.node].y + HEIGHT / 2
    x2, y2 = places[wire.target.node].x, places[wire.target.node].y + HEIGHT / 2
    bend = max(abs(x2 - x1) / 2, 24)
    return h("path", d=f"M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}", class_=state or None)


def _node(id_: str, place: Position, state: str, before: NetworkCell, after: NetworkCell) -> Html:
    name = node_name(after if id_ in after.nodes else before, id_)
    return h(
        "g",
        h("title", f"{name}{f': {state}' if state else ''}"),
        h("rect", x=f"{place.x:g}", y=f"{place.y:g}", width=f"{WIDTH:g}", height=f"{HEIGHT:g}", rx="6"),
        h("text", name[:14], x=f"{place.x + WIDTH / 2:g}", y=f"{place.y + HEIGHT / 2 + 5:g}"),
        class_=classes("node", state) or None,
    )
