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
    ports = tuple(ports)
    arguments: dict[str, Source | tuple[Source, ...]] = {}
    for port in ports:
        arriving = by_port.get(port.name)
        if arriving is None:
            continue
        name = port.argument or port.name
        if port.many or sum((other.argument or other.name) == name for other in ports) > 1:
            arriving.sort(key=lambda wire: wire.target.position)
            earlier = arguments.get(name, ())
            assert not isinstance(earlier, Source), "an argument of several ports is always a tuple"
            arguments[name] = (*earlier, *(wire.source for wire in arriving))
        else:
            arguments[name] = min(arriving, key=lambda wire: wire.target.position).source
    return arguments


def missing_ports(ports: Iterable[Port], wires: Iterable[Wire], params: Mapping[str, object]) -> list[str]:
    """The required ports that no wire reaches and no constant stands in for."""
    reached = {wire.target.port for wire in wires}
    return [port.name for port in ports if port.required and port.name not in reached and port.name not in params]
