"""What an edit of a network means for the nodes that stand for it elsewhere: their wires follow its ports. Pure."""

from __future__ import annotations

from typing import Any

from ..document import NetworkCell, Node, Notebook, Source, Target, Wire
from .network_kinds import boundary
from .references import network_kind, network_name, used_networks


def followed(notebook: Notebook, before: NetworkCell, after: NetworkCell) -> Notebook:
    """The notebook with the wires at every node for this network moved to the ports' new names."""
    if before.nodes is after.nodes or not any(before.name in used_networks(cell) for cell in notebook.networks()):
        return notebook
    inputs, outputs = (_renamed(*pair) for pair in zip(boundary(before), boundary(after), strict=True))
    if not inputs and not outputs:
        return notebook
    kind = network_kind(before.name)
    for cell in notebook.networks():
        if before.name in used_networks(cell):
            notebook = notebook.with_cell(_with_wires(cell, kind, inputs, outputs))
    return notebook


def _renamed(before: dict[str, str], after: dict[str, str]) -> dict[str, str]:
    """Old port name → new one, for the Inputs (or Outputs) that are called otherwise now."""
    now = {id_: name for name, id_ in after.items()}
    return {name: now[id_] for name, id_ in before.items() if now.get(id_, name) != name}


def _with_wires(cell: NetworkCell, kind: str, inputs: dict[str, str], outputs: dict[str, str]) -> NetworkCell:
    nodes = {id_ for id_, node in cell.nodes.items() if node.kind == kind}
    changed: dict[str, Wire] = {}
    for id_, wire in cell.wires.items():
        source, target = wire.source, wire.target
        if source.node in nodes and source.port in outputs:
            source = Source(source.node, outputs[source.port])
        if target.node in nodes and target.port in inputs:
            target = Target(target.node, inputs[target.port], target.position)
        if source is not wire.source or target is not wire.target:
            changed[id_] = wire.model_copy(update={"source": source, "target": target})
    return cell.model_copy(update={"wires": {**cell.wires, **changed}}) if changed else cell


def renamed_kinds(cell: NetworkCell, old: str, new: str) -> dict[str, Any]:
    """The nodes of a network after the network `old` is called `new`; {} where none stands for it."""
    if old not in used_networks(cell):
        return {}
    nodes: dict[str, Node] = {
        id_: node.model_copy(update={"kind": network_kind(new)}) if network_name(node.kind) == old else node
        for id_, node in cell.nodes.items()
    }
    return {"nodes": nodes}
