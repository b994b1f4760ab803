"""Leaves out operations that nothing uses: Keras writes those down that only made a mask. Pure."""

from __future__ import annotations

from ..document import Node, Wire


def without_loose_operations(nodes: dict[str, Node], wires: dict[str, Wire]) -> tuple[dict[str, Node], dict[str, Wire]]:
    """The nodes and wires without operations from which nothing leads on."""
    nodes, wires = dict(nodes), dict(wires)
    while True:
        used = {wire.source.node for wire in wires.values()}
        loose = {id_ for id_, node in nodes.items() if node.kind.startswith("ops.") and id_ not in used}
        if not loose:
            return nodes, wires
        nodes = {id_: node for id_, node in nodes.items() if id_ not in loose}
        wires = {id_: wire for id_, wire in wires.items() if wire.target.node not in loose}
