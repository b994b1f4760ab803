"""What reaches a node's ports, packed as its call takes it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .catalogue_types import Port
from .document import Source, Wire


def packed_arguments(ports: Iterable[Port], wires: Iterable[Wire]) -> dict[str, Source | tuple[Source, ...]]:
    """The call's arguments by name, from the wires that end in a node: one source, or a tuple for a port that
    takes many and for ports that share one argument. Wires to other ports are left out."""
    by_port: dict[str, list[Wire]] = {}
    for wire in wires:
        by_port.setdefault(wire.target.port, []).append(wire)
    ports = list(ports)
    names = [port.argument or port.name for port in ports]
    arguments: dict[str, Source | tuple[Source, ...]] = {}
    for port, name in zip(ports, names, strict=True):
        arriving = sorted(by_port.get(port.name, ()), key=lambda wire: wire.target.position)
        if not arriving:
            continue
        sources = tuple(wire.source for wire in arriving)
        if port.many or names.count(name) > 1:
            earlier = arguments.get(name, ())
            arguments[name] = (*earlier, *sources) if isinstance(earlier, tuple) else sources
        else:
            arguments[name] = sources[0]
    return arguments


def missing_ports(ports: Iterable[Port], wires: Iterable[Wire], params: Mapping[str, object]) -> list[str]:
    """The required ports that no wire reaches and no constant stands in for."""
    reached = {wire.target.port for wire in wires}
    return [port.name for port in ports if port.required and port.name not in reached and port.name not in params]
