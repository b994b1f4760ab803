"""Arranges all of a network or the chosen nodes of it: what the canvas asks for with L."""

from __future__ import annotations

from collections.abc import Collection

from ..compiler.auto_layout import positions
from ..compiler.catalogue_types import Catalogue
from ..compiler.document import NetworkCell, Position


def arranged(
    network: NetworkCell, catalogue: Catalogue, nodes: Collection[str] = (), direction: str = "right"
) -> dict[str, Position]:
    """New places; of the chosen nodes alone where `nodes` names some, whose upper left corner stays where it was.

    `direction` is the way that data flow: `right` or `down`.
    """
    chosen = {id_: network.nodes[id_] for id_ in nodes if id_ in network.nodes}
    if not chosen:
        return positions(network, catalogue, direction)
    part = network.model_copy(update={"nodes": chosen})
    places = positions(part, catalogue, direction)
    before = [network.layout[id_] for id_ in chosen if id_ in network.layout] or [Position(0, 0)]
    left = min(place.x for place in before) - min(place.x for place in places.values())
    top = min(place.y for place in before) - min(place.y for place in places.values())
    return {id_: Position(place.x + left, place.y + top) for id_, place in places.items()}
