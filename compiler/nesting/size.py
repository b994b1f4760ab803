"""How large and how deep a network is with all that is inside it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from ..document import NetworkCell
from .references import network_name, used_networks
from .uses import repetitions

# A network of Keras' own applications has at most a thousand layers; beyond this Keras itself takes minutes.
MOST_NODES = 50_000

# Deeper than anybody can follow, and as deep as Python's own stack lets each step of the way be walked.
MOST_LEVELS = 50


def node_count(cell: NetworkCell, definitions: Mapping[str, NetworkCell]) -> int:
    """The nodes of a network, those inside of others counted for each use and repetition. Of what contains itself the
    second time counts nothing."""
    return _count(cell, definitions, {}, frozenset())


def _count(
    cell: NetworkCell, definitions: Mapping[str, NetworkCell], known: dict[str, int], around: frozenset[str]
) -> int:
    count = len(cell.nodes)
    if not used_networks(cell):
        return count
    for node in cell.nodes.values():
        name = network_name(node.kind)
        if name is None or name not in definitions or name in around:
            continue
        if name not in known:
            known[name] = _count(definitions[name], definitions, known, around | {name})
        count += known[name] * repetitions(node)
    return count


def levels(cell: NetworkCell, definitions: Mapping[str, NetworkCell]) -> int:
    """How many networks stand in each other, this one the first; counted to two more than are taken. 0 where that has
    no end, since one of them contains itself."""
    found, inside = 1, set(used_networks(cell))
    while inside and found < MOST_LEVELS + 2:
        found += 1
        inside = {other for name in inside if name in definitions for other in used_networks(definitions[name])}
    return found if found <= len(definitions) + 1 else 0
