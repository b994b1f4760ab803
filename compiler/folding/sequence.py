"""The nodes of a network in a row, block by block: each after those that it takes from. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..catalogue import catalogue
from ..catalogue_types import Kind
from ..document import NetworkCell, Node
from ..nesting.network_kinds import kinds_with
from ..nesting.uses import each

_NEVER = ("Input", "Output")


@dataclass(frozen=True, slots=True)
class Reference:
    """What arrives at a port: `source` is a place in the row."""

    port: str
    position: int
    source: int
    source_port: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """`ids` in a row; `references` of each, `forms` what must be equal in equal blocks, and `open` how many tensors are
    still to be used before each place. `users` are the places that take a tensor (place, port), and `by_place` the
    tensors of a place that are taken."""

    ids: tuple[str, ...]
    references: tuple[tuple[Reference, ...], ...]
    forms: tuple[int, ...]
    open: tuple[int, ...]
    users: dict[tuple[int, str], list[int]]
    by_place: dict[int, tuple[tuple[int, str], ...]]


def sequence(cell: NetworkCell, networks: Mapping[str, NetworkCell]) -> Sequence:
    """The row in which what a node takes stands as close before it as may be. The network has no circle;
    `networks` are those that its nodes may stand for."""
    into: dict[str, list[tuple[str, int, str, str]]] = {id_: [] for id_ in cell.nodes}
    for wire in cell.wires.values():
        into[wire.target.node].append((wire.target.port, wire.target.position, wire.source.node, wire.source.port))
    for wires in into.values():
        wires.sort(key=lambda wire: wire[:2])
    ids = _row(cell, into)
    place = {id_: index for index, id_ in enumerate(ids)}
    references = tuple(
        tuple(Reference(port, position, place[source], out) for port, position, source, out in into[id_]) for id_ in ids
    )
    users: dict[tuple[int, str], list[int]] = {}
    for index, given in enumerate(references):
        for one in given:
            users.setdefault((one.source, one.source_port), []).append(index)
    by_place: dict[int, tuple[tuple[int, str], ...]] = {}
    for key in users:
        by_place[key[0]] = (*by_place.get(key[0], ()), key)
    return Sequence(tuple(ids), references, _forms(cell, ids, networks), _open(len(ids), users), users, by_place)


def _row(cell: NetworkCell, into: dict[str, list[tuple[str, int, str, str]]]) -> list[str]:
    levels = _levels(cell, into)
    row = [id_ for id_, node in cell.nodes.items() if node.kind == "Input"]
    done = set(row)
    # Whatever is not needed by an Output comes at the end.
    starts = sorted(cell.nodes, key=lambda id_: (cell.nodes[id_].kind != "Output", -levels[id_]))
    waiting = [(id_, False) for id_ in reversed(starts)]
    while waiting:
        id_, ready = waiting.pop()
        if id_ in done:
            continue
        if ready:
            row.append(id_)
            done.add(id_)
            continue
        waiting.append((id_, True))
        # The longest way first: what comes from far back is put right before what needs it.
        before = sorted(dict.fromkeys(wire[2] for wire in into[id_]), key=lambda other: levels[other])
        waiting += [(other, False) for other in before if other not in done]
    last = [id_ for id_ in row if cell.nodes[id_].kind == "Output"]
    return [id_ for id_ in row if cell.nodes[id_].kind != "Output"] + last


def _levels(cell: NetworkCell, into: dict[str, list[tuple[str, int, str, str]]]) -> dict[str, int]:
    """How long the longest way to each node is."""
    levels: dict[str, int] = {}
    waiting = list(cell.nodes)
    while waiting:
        id_ = waiting[-1]
        missing = [wire[2] for wire in into[id_] if wire[2] not in levels]
        if missing and id_ not in levels:
            waiting += missing
            continue
        waiting.pop()
        levels.setdefault(id_, 1 + max((levels[wire[2]] for wire in into[id_]), default=-1))
    return levels


def _forms(cell: NetworkCell, ids: list[str], networks: Mapping[str, NetworkCell]) -> tuple[int, ...]:
    """A number for each node that equal nodes share, whatever the values of their arguments."""
    kinds = kinds_with(catalogue().kinds, networks)
    sharing = {node.shares for node in cell.nodes.values()} | {
        id_ for id_, node in cell.nodes.items() if node.shares is not None
    }
    numbers: dict[Any, int] = {}
    return tuple(
        numbers.setdefault(
            id_
            if id_ in sharing or cell.nodes[id_].kind in _NEVER
            else _form(cell.nodes[id_], kinds.get(cell.nodes[id_].kind)),
            len(numbers),
        )
        for id_ in ids
    )


def _form(node: Node, kind: Kind | None) -> tuple[Any, ...]:
    params = tuple(
        (name, json.dumps(value, sort_keys=True) if each(value) is not None else "")
        for name, value in sorted(node.params.items())
        if each(value) is not None or not has_default(kind, name)
    )
    rest = (node.muted, json.dumps(node.repeat), node.weights, json.dumps(node.model_extra or {}, sort_keys=True))
    return node.kind, params, rest


def has_default(kind: Kind | None, name: str) -> bool:
    """Whether an argument that is left out has a value all the same."""
    declared = kind.parameters.get(name) if kind is not None else None
    return declared is not None and not declared.required


def _open(count: int, users: dict[tuple[int, str], list[int]]) -> tuple[int, ...]:
    change = [0] * (count + 1)
    for (source, _), places in users.items():
        change[source + 1] += 1
        change[max(places) + 1] -= 1
    opened, total = [], 0
    for one in change:
        total += one
        opened.append(total)
    return tuple(opened)
