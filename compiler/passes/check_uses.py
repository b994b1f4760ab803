"""Checks the nodes that stand for networks: recursion, repetitions, values; and arguments that are calculated."""

from __future__ import annotations

import keyword
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from ..changes import RemoveNode, SetField, SetParameter, SetRepeat
from ..document import Node
from ..nesting.expressions import expression, expression_text
from ..nesting.network_kinds import GROUP, TRAINABLE, boundary
from ..nesting.references import leads_to_itself, network_name
from ..nesting.size import MOST_LEVELS, MOST_NODES, levels, node_count
from ..nesting.uses import EACH, MOST_REPETITIONS, chained, each, values_of
from ..nesting.values import ValueFault
from ..problems import Fix, Location, Problem
from .draft import Draft
from .faults_inside import faults_inside
from .find_faults import find_faults

_NOT_NAMES = frozenset({"min", "max", "name", "repeat", TRAINABLE, *keyword.kwlist})


def check_uses(draft: Draft) -> Draft:
    """Reports networks that contain themselves, and repetitions and values that cannot be."""
    problems = [*_calculated(draft), *_parameters(draft)]
    networks = {**draft.definitions, draft.network.name: draft.network}
    way = leads_to_itself(draft.network.name, networks) if draft.definitions else ()
    deep = levels(draft.network, draft.definitions) if not way else 0
    if deep > MOST_LEVELS:
        return replace(draft.report([*problems, *_too_deep(draft, deep)]), blocked=True)
    for node_id, kind in draft.graph.kinds.items():
        if kind.group == GROUP:
            problems += _use(draft, node_id, way)
    too_large = list(_too_large(draft))
    return replace(draft.report([*problems, *too_large]), blocked=bool(too_large))


def _calculated(draft: Draft) -> Iterator[Problem]:
    for fault in draft.faults:
        yield Problem(
            "P318",
            f"{fault.parameter} of {draft.name(fault.node)} cannot be calculated: {fault.message}.",
            draft.at(fault.node, parameter=fault.parameter),
            help="An argument may be calculated from the network's parameters with + - * / // % ** min and max.",
            fixes=tuple(_renamed(draft, fault)),
        )


def _renamed(draft: Draft, fault: ValueFault) -> Iterator[Fix]:
    """The name that may be meant, or the name as a new parameter."""
    drawn = draft.drawn
    if not fault.unknown or drawn is None:
        return
    value = drawn.nodes[fault.node].params.get(fault.parameter)
    text = expression_text(value)
    if text is not None and fault.unknown == text.strip():
        for close in get_close_matches(fault.unknown, drawn.parameters, n=1):
            change = SetParameter(cell=drawn.id, node=fault.node, parameter=fault.parameter, value=expression(close))
            yield Fix(f"Use {close}", (change,))
    kind = draft.graph.kinds.get(fault.node)
    known = kind.parameters.get(fault.parameter) if kind else None
    start = known.suggested if known and known.suggested is not None else known.default if known else None
    if fault.unknown.isidentifier() and fault.unknown not in _NOT_NAMES and isinstance(start, int | float):
        entry = {"default": start, "type": known.type if known and text == fault.unknown else "int"}
        add = SetField(cell=drawn.id, field="parameters", key=fault.unknown, value=entry)
        yield Fix(f"Give the network a parameter {fault.unknown}", (add,))


def _parameters(draft: Draft) -> Iterator[Problem]:
    """Faults of what the network itself declares."""
    cell = draft.drawn
    for name, parameter in cell.parameters.items() if cell is not None else ():
        at = Location(cell.name if cell else "", parameter=name)
        if not name.isidentifier() or name in _NOT_NAMES:
            remove = SetField(cell=cell.id if cell else "", field="parameters", key=name, value=None)
            yield Problem(
                "P321",
                f"A parameter cannot be called {name}.",
                at,
                help="Names have letters, digits and _, and are no words of Python.",
                fixes=(Fix(f"Remove {name}", (remove,)),),
            )
            continue
        low, high = parameter.minimum, parameter.maximum
        value = parameter.default
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        if numeric and ((low is not None and value < low) or (high is not None and value > high)):
            yield Problem("P305", f"The default of {name}, {value:g}, is outside its range.", at)


def _use(draft: Draft, node_id: str, way: tuple[str, ...]) -> Iterator[Problem]:
    node = draft.network.nodes[node_id]
    name, used = draft.name(node_id), network_name(node.kind) or ""
    definition = draft.definitions.get(used)
    if definition is None:
        return
    if len(way) > 1 and way[1] == used:
        yield Problem(
            "W113",
            f"{draft.network.name} contains itself: {' → '.join(way)}.",
            draft.at(node_id),
            help="Data would go round for ever. For a loop in time, use a recurrent layer.",
            fixes=(Fix(f"Remove {name}", (RemoveNode(cell=draft.network.id, node=node_id),)),),
        )
        return
    if node.shares is not None:
        return
    yield from _repetition(draft, node_id, node, name)
    if isinstance(node.repeat, int) and node.repeat > 1 and chained(definition) is None:
        inputs, outputs = boundary(definition)
        yield Problem(
            "W114",
            f"{name} is repeated, but nothing says which of its outputs feed its inputs.",
            draft.at(node_id),
            help=f"Call an Output of {used} like the Input that it feeds: {', '.join(inputs) or 'there is none'}.",
            fixes=(_once(draft, node_id, node),),
            related=tuple((Location(used, id_), "is an Output") for id_ in outputs.values()),
        )
    yield from _values(draft, node_id, node, name)


def _once(draft: Draft, node_id: str, node: Node) -> Fix:
    change = SetRepeat(cell=draft.network.id, node=node_id, repeat=1, weights=node.weights, names=node.names)
    return Fix("Do not repeat it", (change,))


def _repetition(draft: Draft, node_id: str, node: Node, name: str) -> Iterator[Problem]:
    count = node.repeat
    if isinstance(count, int) and not 1 <= count <= MOST_REPETITIONS:
        yield Problem(
            "P319",
            f"{name} is repeated between 1 and {MOST_REPETITIONS} times, not {count} times.",
            draft.at(node_id, parameter="repeat"),
            fixes=(_once(draft, node_id, node),),
        )
        return
    for parameter, value in node.params.items():
        several = each(value)
        if several is None or len(several) == count:
            continue
        changes: list[Fix] = []
        if several:
            one = SetParameter(cell=draft.network.id, node=node_id, parameter=parameter, value=several[0])
            changes.append(Fix(f"Set {parameter} to {several[0]} for all", (one,)))
            repeat = SetRepeat(
                cell=draft.network.id, node=node_id, repeat=len(several), weights=node.weights, names=node.names
            )
            changes.append(Fix(f"Repeat it {len(several)} times", (repeat,)))
        yield Problem(
            "P320",
            f"{parameter} of {name} has {len(several)} values for {count} repetition{'s' if count != 1 else ''}.",
            draft.at(node_id, parameter=parameter),
            fixes=tuple(changes),
        )
    if len(node.names) > (count if isinstance(count, int) else 1):
        names = node.names[: count if isinstance(count, int) else 1]
        fewer = SetRepeat(cell=draft.network.id, node=node_id, repeat=count, weights=node.weights, names=names)
        yield Problem(
            "P320",
            f"{name} has {len(node.names)} names for {count} repetition{'s' if count != 1 else ''}.",
            draft.at(node_id, parameter="names"),
            severity="warning",
            fixes=(Fix("Forget the others", (fewer,)),),
        )


def _values(draft: Draft, node_id: str, node: Node, name: str) -> Iterator[Problem]:
    """Values that a parameter cannot have, and arguments inside that they make impossible. Once for each value."""
    definition = draft.definitions[network_name(node.kind) or ""]
    kind = draft.graph.kinds[node_id]
    said: set[tuple[str, str]] = set()
    trainable = {TRAINABLE: node.params[TRAINABLE]} if TRAINABLE in node.params else {}
    count = node.repeat if isinstance(node.repeat, int) else 1
    different = any(each(value) is not None for value in node.params.values())
    for index in range(min(max(count, 1), MOST_REPETITIONS) if different else 1):
        values = values_of(node, index)
        faults = list(find_faults({**values, **trainable}, kind.parameters, name))
        for fault in faults:
            parameter = ".".join(fault.path)
            if (parameter, fault.message) in said:
                continue
            said.add((parameter, fault.message))
            fixes = [
                Fix(title, (_put(draft, node_id, node, fault.path[0], index, repaired[fault.path[0]]),))
                for title, repaired in fault.repairs
                if isinstance(repaired, dict) and fault.path and fault.path[0] in repaired
            ]
            at = draft.at(node_id, parameter=parameter)
            yield Problem(fault.code, fault.message, at, help=fault.help, fixes=tuple(fixes))
        if faults:
            continue
        for inner in faults_inside(definition, values, draft.definitions):
            at = draft.at(f"{node_id}/{inner.path}", parameter=inner.parameter)
            if (str(at), inner.message) not in said:
                said.add((str(at), inner.message))
                yield Problem(inner.code, inner.message, at, help=inner.help)


def _put(draft: Draft, node_id: str, node: Node, parameter: str, index: int, value: Any) -> SetParameter:
    several = each(node.params.get(parameter))
    if several is not None:
        value = {EACH: [*several[:index], value, *several[index + 1 :]]}
    return SetParameter(cell=draft.network.id, node=node_id, parameter=parameter, value=value)


def _too_deep(draft: Draft, deep: int) -> Iterator[Problem]:
    """Told where the limit is passed, and not again by all that is around it."""
    if deep == MOST_LEVELS + 1:
        yield Problem(
            "W117",
            f"{draft.network.name} is {deep} networks deep; {MOST_LEVELS} in each other can be built.",
            draft.at(),
            help="Unpack some of the networks inside.",
        )


def _too_large(draft: Draft) -> Iterator[Problem]:
    if not draft.definitions:
        return
    count = node_count(draft.network, draft.definitions)
    if count > MOST_NODES:
        yield Problem(
            "W116",
            f"{draft.network.name} comes to {count:,} nodes with all that is inside; {MOST_NODES:,} can be built.",
            draft.at(),
            help="Repeat the networks in it less often.",
        )
