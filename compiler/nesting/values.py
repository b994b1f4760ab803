"""A network with its parameters' values put in: what its nodes' arguments come to. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..document import NetworkCell, Node
from ..identity import Same
from .expressions import ExpressionFault, has_expression, resolved


@dataclass(frozen=True, slots=True)
class ValueFault:
    """An argument that cannot be calculated: where, why, and the unknown name in it, if that is the reason."""

    node: str
    parameter: str
    message: str
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class Valued:
    """`network` has no expressions left, but for those in `faults`, which are taken out."""

    network: NetworkCell
    faults: tuple[ValueFault, ...] = ()


def defaults(cell: NetworkCell) -> dict[str, Any]:
    return {name: parameter.default for name, parameter in cell.parameters.items()}


def with_values(cell: NetworkCell, given: Mapping[str, Any] | None = None) -> Valued:
    """The network with the values that are given for its parameters, and defaults for the others.

    Nodes without expressions stay the very same records; the same question gets the same answer."""
    if not calculating_nodes(cell):
        return Valued(cell)
    values = {**defaults(cell), **{name: value for name, value in (given or {}).items() if name in cell.parameters}}
    text = json.dumps(values, sort_keys=True, default=repr)
    return _with_values(Same(cell.nodes), Same(cell.wires), cell.id, cell.name, text, Same(cell), Same(values))


def calculating_nodes(cell: NetworkCell) -> tuple[str, ...]:
    """The nodes with an argument that is calculated."""
    return _calculating(Same(cell.nodes))


@lru_cache(maxsize=256)
def _calculating(nodes: Same[dict[str, Node]]) -> tuple[str, ...]:
    return tuple(id_ for id_, node in nodes.value.items() if _calculates(node))


def _calculates(node: Node) -> bool:
    return any(isinstance(value, dict | list) and has_expression(value) for value in node.params.values()) or (
        isinstance(node.repeat, dict)
    )


_answers: dict[tuple[Any, ...], Valued] = {}
_REMEMBERED = 2000


def _with_values(
    nodes: Same[Any], wires: Same[Any], id_: str, name: str, text: str, cell: Same[NetworkCell], values: Same[Any]
) -> Valued:
    key = (nodes, wires, id_, name, text)
    known = _answers.get(key)
    if known is None:
        while len(_answers) >= _REMEMBERED:
            _answers.pop(next(iter(_answers)), None)
        known = _answers[key] = _valued(cell.value, values.value)
    return known


def _valued(cell: NetworkCell, values: Mapping[str, Any]) -> Valued:
    faults: list[ValueFault] = []
    changed: dict[str, Node] = {}
    for id_ in calculating_nodes(cell):
        node = cell.nodes[id_]
        update: dict[str, Any] = {"params": dict(_arguments(id_, node, values, faults))}
        if isinstance(node.repeat, dict):
            repeat = dict(_resolved(id_, {"repeat": node.repeat}, values, faults)).get("repeat", 1)
            if isinstance(repeat, bool) or not isinstance(repeat, int):
                faults.append(ValueFault(id_, "repeat", "a network is repeated a whole number of times"))
                repeat = 1
            update["repeat"] = repeat
        changed[id_] = node.model_copy(update=update)
    return Valued(cell.model_copy(update={"nodes": {**cell.nodes, **changed}}), tuple(faults))


def _arguments(id_: str, node: Node, values: Mapping[str, Any], faults: list[ValueFault]) -> Iterator[tuple[str, Any]]:
    return _resolved(id_, node.params, values, faults)


def _resolved(
    id_: str, arguments: Mapping[str, Any], values: Mapping[str, Any], faults: list[ValueFault]
) -> Iterator[tuple[str, Any]]:
    for name, value in arguments.items():
        if not isinstance(value, dict | list) or not has_expression(value):
            yield name, value
            continue
        try:
            yield name, resolved(value, values)
        except ExpressionFault as fault:
            faults.append(ValueFault(id_, name, str(fault), fault.unknown))
