"""Two networks of equal content as one. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from ..changes import Change, RemoveCell, SetField, SetKind
from ..document import NetworkCell, Notebook, TrainingCell
from .references import network_kind, networks_by_name, used_networks, uses_of


def equal_networks(notebook: Notebook) -> Iterator[tuple[NetworkCell, NetworkCell]]:
    """Pairs of networks with the same nodes, wires and parameters, of which one is used as a node: the first of them,
    and each later one. Networks that only stand for themselves may be alike on purpose."""
    networks = networks_by_name(notebook)
    used = {name for cell in networks.values() for name in used_networks(cell)}
    if not used:
        return
    first: dict[tuple[int, int, frozenset[str]], list[NetworkCell]] = {}
    for cell in networks.values():
        if not cell.nodes:
            continue
        alike = first.setdefault((len(cell.nodes), len(cell.wires), frozenset(cell.nodes)), [])
        twin = next(
            (other for other in alike if _equal(other, cell) and not {other.name, cell.name}.isdisjoint(used)), None
        )
        if twin is None:
            alike.append(cell)
        else:
            yield twin, cell


def _equal(one: NetworkCell, other: NetworkCell) -> bool:
    return one.nodes == other.nodes and one.wires == other.wires and one.parameters == other.parameters


def merged(notebook: Notebook, kept: NetworkCell, spare: NetworkCell) -> list[Change]:
    """Lets everything that uses `spare` use `kept`, and removes `spare`. Their nodes have the same ids, so that what
    is set for them stays right."""
    changes: list[Change] = [
        SetKind(cell=cell.id, node=node, kind=network_kind(kept.name))
        for cell, node in uses_of(spare.name, networks_by_name(notebook))
    ]
    changes += [
        SetField(cell=cell.id, field="network", value=kept.name)
        for cell in notebook.cells
        if isinstance(cell, TrainingCell) and cell.network == spare.name
    ]
    return [*changes, RemoveCell(cell=spare.id)]
