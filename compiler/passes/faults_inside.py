"""What the values given to a network make of the arguments inside it: those that no layer can take."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..catalogue import catalogue
from ..document import NetworkCell
from ..identity import Same
from ..labels import layer_names
from ..nesting.paths import step
from ..nesting.references import definitions_of, network_name, used_networks
from ..nesting.uses import each, repetitions, values_of
from ..nesting.values import calculating_nodes, with_values
from .find_faults import find_faults


@dataclass(frozen=True, slots=True)
class InnerFault:
    """`path` leads to the node from inside the network."""

    path: str
    parameter: str
    code: str
    message: str
    help: str = ""


_answers: dict[tuple[Any, ...], tuple[InnerFault, ...]] = {}
_REMEMBERED = 2000


def faults_inside(
    cell: NetworkCell, values: Mapping[str, Any], definitions: Mapping[str, NetworkCell]
) -> tuple[InnerFault, ...]:
    """The arguments inside that these values spoil; what is wrong with the network's own defaults too is told there."""
    if not calculating_nodes(cell):
        return ()
    deeper = definitions_of(cell, definitions) if used_networks(cell) else {}
    inner = {name: other for name, other in deeper.items() if name != cell.name}
    used = tuple((Same(one.nodes), Same(one.parameters)) for one in inner.values())
    key = Same(cell.nodes), Same(cell.parameters), json.dumps(values, sort_keys=True, default=repr), used
    known = _answers.get(key)
    if known is None:
        while len(_answers) >= _REMEMBERED:
            _answers.pop(next(iter(_answers)), None)
        looked_at: dict[str, list[InnerFault]] = {}
        usual = {(one.path, one.parameter) for one in _faults(cell, {}, inner, looked_at)} if values else set()
        found = _faults(cell, values, inner, looked_at) if values else []
        known = _answers[key] = tuple(one for one in found if (one.path, one.parameter) not in usual)
    return known


def _faults(
    cell: NetworkCell,
    values: Mapping[str, Any],
    definitions: Mapping[str, NetworkCell],
    looked_at: dict[str, list[InnerFault]],
) -> list[InnerFault]:
    """The faults of a network with these values. `looked_at` holds those of networks with values seen before: a
    network may be reached in more ways than can be gone."""
    key = json.dumps([cell.name, values], sort_keys=True, default=repr)
    if key not in looked_at:
        looked_at[key] = list(_look(cell, values, definitions, looked_at)) if calculating_nodes(cell) else []
    return looked_at[key]


def _look(
    cell: NetworkCell,
    values: Mapping[str, Any],
    definitions: Mapping[str, NetworkCell],
    looked_at: dict[str, list[InnerFault]],
) -> Iterator[InnerFault]:
    valued = with_values(cell, values)
    names = layer_names(cell)
    for fault in valued.faults:
        message = f"{fault.parameter} of {names[fault.node]} cannot be calculated: {fault.message}."
        yield InnerFault(fault.node, fault.parameter, "P318", message)
    for id_ in calculating_nodes(cell):
        node = valued.network.nodes[id_]
        used = network_name(node.kind)
        if used is not None and used in definitions:
            inner = {name: other for name, other in definitions.items() if name != used}
            # Equal repetitions have equal faults, told at the first.
            differ = any(each(value) is not None for value in node.params.values())
            for index in range(repetitions(node) if differ else 1):
                for fault in _faults(definitions[used], values_of(node, index), inner, looked_at):
                    path = f"{step(id_, index)}/{fault.path}"
                    yield InnerFault(path, fault.parameter, fault.code, fault.message, fault.help)
        kind = catalogue().kinds.get(node.kind)
        if kind is None or any(fault.node == id_ for fault in valued.faults):
            continue
        wired = frozenset(port.name for port in kind.inputs)
        for found in find_faults(node.params, kind.parameters, names[id_], from_wires=wired):
            yield InnerFault(id_, ".".join(found.path), found.code, found.message, found.help)
