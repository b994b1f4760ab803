"""A second cell like a first one: under a free name, with ids of its own."""

from __future__ import annotations

from .cell_graph import fresh_name
from .document import AnyCell, NetworkCell, Notebook, Source, Target, UnknownCell, new_id


def duplicate(notebook: Notebook, cell: AnyCell | UnknownCell) -> AnyCell | UnknownCell:
    """A copy of a cell of the notebook; what the cell uses, the copy uses too."""
    copy = cell.model_copy(update={"id": new_id(cell.kind), "name": fresh_name(notebook, cell.name)})
    return _with_own_ids(copy) if isinstance(copy, NetworkCell) else copy


def _with_own_ids(cell: NetworkCell) -> NetworkCell:
    """Ids of nodes name one place on the page, so no two networks have the same."""
    ids = _fresh({id_: node.kind for id_, node in cell.nodes.items()})
    nodes = {
        ids[id_]: node.model_copy(update={"shares": ids.get(node.shares, node.shares)}) if node.shares else node
        for id_, node in cell.nodes.items()
    }
    wire_ids = _fresh(dict.fromkeys(cell.wires, "wire"))
    wires = {
        wire_ids[old]: wire.model_copy(
            update={
                "source": Source(ids.get(wire.source.node, wire.source.node), wire.source.port),
                "target": Target(ids.get(wire.target.node, wire.target.node), *wire.target[1:]),
            }
        )
        for old, wire in cell.wires.items()
    }
    marks = {
        id_: mark.model_copy(update={"wire": wire_ids.get(mark.wire, mark.wire)}) if mark.wire else mark
        for id_, mark in cell.marks.items()
    }
    layout = {ids[id_]: place for id_, place in cell.layout.items() if id_ in ids}
    return cell.model_copy(update={"nodes": nodes, "wires": wires, "layout": layout, "marks": marks})


def _fresh(kinds: dict[str, str]) -> dict[str, str]:
    """A new id for each old one, by the kind of what it names."""
    taken: set[str] = set(kinds)
    ids: dict[str, str] = {}
    for old, kind in kinds.items():
        new = new_id(kind)
        while new in taken:
            new = new_id(kind)
        taken.add(new)
        ids[old] = new
    return ids
