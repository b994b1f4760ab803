"""Which network uses which: a node of kind `network:<cell name>` stands for the network of that cell. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from ..document import NetworkCell, Node, Notebook
from ..identity import Same

PREFIX = "network:"


def network_kind(name: str) -> str:
    """The kind of a node that stands for the network of that name."""
    return PREFIX + name


def network_name(kind: str) -> str | None:
    """The network that a node of this kind stands for; None for any other kind."""
    return kind[len(PREFIX) :] if kind.startswith(PREFIX) else None


def used_networks(cell: NetworkCell) -> tuple[str, ...]:
    """The names of the networks that a network uses as nodes, each once, in order."""
    return _used(Same(cell.nodes))


@lru_cache(maxsize=256)
def _used(nodes: Same[dict[str, Node]]) -> tuple[str, ...]:
    names = (network_name(node.kind) for node in nodes.value.values())
    return tuple(dict.fromkeys(name for name in names if name is not None))


def networks_by_name(notebook: Notebook) -> dict[str, NetworkCell]:
    """The first network cell of each name."""
    found: dict[str, NetworkCell] = {}
    for cell in notebook.networks():
        found.setdefault(cell.name, cell)
    return found


def definitions_of(cell: NetworkCell, networks: Mapping[str, NetworkCell]) -> dict[str, NetworkCell]:
    """The networks that a network uses, and those that they use: all that it takes to build it."""
    found: dict[str, NetworkCell] = {}
    waiting = list(used_networks(cell))
    while waiting:
        name = waiting.pop()
        if name in networks and name not in found:
            found[name] = networks[name]
            waiting += used_networks(networks[name])
    return {name: found[name] for name in sorted(found)}


def cannot_stand_in(name: str, networks: Mapping[str, NetworkCell]) -> dict[str, str]:
    """The networks that cannot be used in the network `name`, and why: with them it would contain itself."""
    around = [other for other, cell in networks.items() if other != name and name in definitions_of(cell, networks)]
    reasons = dict.fromkeys(around, f"{name} stands in it: it would contain itself")
    return {**reasons, name: "it would contain itself"} if name in networks else reasons


def with_definitions(notebook: Notebook, cells: Iterable[NetworkCell]) -> tuple[NetworkCell, ...]:
    """The cells, and before them all networks that they use."""
    networks = networks_by_name(notebook)
    wanted = {cell.id: cell for cell in cells}
    used = {one.id: one for cell in wanted.values() for one in definitions_of(cell, networks).values()}
    return (*(cell for id_, cell in used.items() if id_ not in wanted), *wanted.values())


def leads_to_itself(name: str, networks: Mapping[str, NetworkCell]) -> tuple[str, ...]:
    """The way by which a network contains itself, its own name first and last; () where it does not."""
    ways: list[tuple[str, ...]] = [(name,)]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for other in used_networks(networks[way[-1]]) if way[-1] in networks else ():
            if other == name:
                return (*way, name)
            if other not in seen:
                seen.add(other)
                ways.append((*way, other))
    return ()


def uses_of(name: str, networks: Mapping[str, NetworkCell]) -> list[tuple[NetworkCell, str]]:
    """Every node that stands for a network: the cell in which it is, and its id."""
    kind = network_kind(name)
    return [
        (cell, id_)
        for cell in networks.values()
        if name in used_networks(cell)
        for id_, node in cell.nodes.items()
        if node.kind == kind
    ]
