"""The order in which a network's nodes can be computed. Pure; tolerates broken networks."""

from __future__ import annotations

import heapq

from .document import NetworkCell


def node_order(network: NetworkCell) -> list[str]:
    """The ids of the nodes, each after those that it takes from, otherwise in the order of the notebook.

    Nodes in a cycle and behind one are left out; so are wires from or to nodes that do not exist."""
    ids = list(network.nodes)
    place = {node: index for index, node in enumerate(ids)}
    waiting = [0] * len(ids)
    followers: list[list[int]] = [[] for _ in ids]
    for wire in network.wires.values():
        source, target = place.get(wire.source.node), place.get(wire.target.node)
        if source is not None and target is not None:
            followers[source].append(target)
            waiting[target] += 1
    ready = [index for index, count in enumerate(waiting) if not count]
    order = []
    while ready:
        index = heapq.heappop(ready)
        order.append(ids[index])
        for follower in followers[index]:
            waiting[follower] -= 1
            if not waiting[follower]:
                heapq.heappush(ready, follower)
    return order


def layer_owner(network: NetworkCell, node_id: str) -> str:
    """The node whose layer this one calls: where `shares` leads, else itself."""
    owner, seen = node_id, {node_id}
    while (shares := network.nodes[owner].shares) is not None:
        if shares in seen or shares not in network.nodes:
            return node_id
        seen.add(shares)
        owner = shares
    return owner
