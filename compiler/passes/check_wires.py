"""Checks wires one by one: do their ends exist?"""

from __future__ import annotations

from collections.abc import Iterator

from ..changes import Connect, Disconnect
from ..document import Source, Target
from ..problems import Fix, Problem
from .draft import Draft
from .repairs import fresh_id


def loose_wires(draft: Draft) -> Iterator[Problem]:
    graph, cell = draft.graph, draft.network
    for wire_id, wire in cell.wires.items():
        if wire_id in graph.sound:
            continue
        missing = [end.node for end in (wire.source, wire.target) if end.node not in cell.nodes]
        if missing:
            present = next((end.node for end in (wire.source, wire.target) if end.node in cell.nodes), "")
            message = (
                f"A wire {'at ' + draft.name(present) + ' ' if present else ''}leads to the missing node {missing[0]}."
            )
            yield Problem("W102", message, draft.at(present, wire=wire_id), fixes=(_remove(draft, wire_id),))
            continue
        for end, ports, word in (
            (wire.source, graph.outputs.get(wire.source.node), "output"),
            (wire.target, graph.inputs.get(wire.target.node), "input"),
        ):
            if ports is not None and all(port.name != end.port for port in ports):
                names = ", ".join(port.name for port in ports)
                yield Problem(
                    "W103",
                    f"{draft.name(end.node)} has no {word} {end.port}.",
                    draft.at(end.node, port=end.port, wire=wire_id),
                    help=f"Its {word}s are {names}." if names else f"It has no {word}s.",
                    fixes=(*_reconnected(draft, wire_id, word, [port.name for port in ports]), _remove(draft, wire_id)),
                )


def _remove(draft: Draft, wire_id: str) -> Fix:
    return Fix("Remove the wire", (Disconnect(cell=draft.network.id, wire=wire_id),))


def _reconnected(draft: Draft, wire_id: str, word: str, names: list[str]) -> Iterator[Fix]:
    """Where only one port is left that the wire could mean, the wire moved to it."""
    cell, wire = draft.network, draft.graph.wire(wire_id)
    if word == "input":
        names = [name for name in names if name not in draft.graph.into[wire.target.node]]
    if len(names) != 1:
        return
    moved = (
        wire.model_copy(update={"source": Source(wire.source.node, names[0])})
        if word == "output"
        else wire.model_copy(update={"target": Target(wire.target.node, names[0])})
    )
    changes = (
        Disconnect(cell=cell.id, wire=wire_id),
        Connect(cell=cell.id, id=fresh_id(cell, "wire", "moved", wire_id), wire=moved),
    )
    yield Fix(f"Use port {names[0]}", changes)
