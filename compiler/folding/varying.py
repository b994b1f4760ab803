"""The arguments in which equal blocks differ: parameters of their network, and the values for each. Pure."""

from __future__ import annotations

import json
import keyword
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..catalogue_types import Kind
from ..document import NetworkParameter, Node
from ..nesting.expressions import expression

# Names that mean something else in an expression or at a node.
_NOT_NAMES = frozenset({"min", "max", "name", "repeat", "trainable", *keyword.kwlist})


@dataclass(slots=True)
class Varying:
    """`parameters` of the network, `values` of each for every stretch, `arguments` of its nodes by their place."""

    parameters: dict[str, NetworkParameter] = field(default_factory=dict)
    values: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    arguments: list[dict[str, Any]] = field(default_factory=list)


def varying(stretches: Sequence[Sequence[Node]], kinds: Mapping[str, Kind]) -> Varying:
    """What differs between stretches of equal nodes, node by node."""
    found = Varying()
    for nodes in zip(*stretches, strict=True):
        arguments = dict(nodes[0].params)
        kind = kinds.get(nodes[0].kind)
        for name in dict.fromkeys(name for node in nodes for name in node.params):
            values = values_of(name, nodes, kind)
            if len({json.dumps(value, sort_keys=True) for value in values}) > 1:
                arguments[name] = expression(_text(found, name, values, kind))
        found.arguments.append(arguments)
    return found


def values_of(name: str, nodes: Sequence[Node], kind: Kind | None) -> tuple[Any, ...]:
    """An argument of each node, its default where it is left out."""
    declared = kind.parameters.get(name) if kind is not None else None
    default = declared.default if declared is not None else None
    return tuple(node.params.get(name, default) for node in nodes)


def _text(found: Varying, name: str, values: tuple[Any, ...], kind: Kind | None) -> str:
    """The expression that gives these values: a parameter's name, or a multiple of one."""
    stem = name if name.isidentifier() and name not in _NOT_NAMES else f"{name}_of_it"
    for known, others in found.values.items():
        if json.dumps(others, sort_keys=True) == json.dumps(values, sort_keys=True) and _stem(known) == stem:
            return known
    for known, others in found.values.items():
        factor = _factor(others, values) if _stem(known) == stem else None
        if factor is not None:
            return f"{known} * {factor}"
    own, number = stem, 1
    while own in found.values:
        number += 1
        own = f"{stem}_{number}"
    declared = kind.parameters.get(name) if kind is not None else None
    none = any(value is None for value in values)
    found.values[own] = values
    found.parameters[own] = NetworkParameter(
        default=None if none else values[0], type=declared.type if declared is not None else "json"
    )
    return own


def _stem(name: str) -> str:
    stem, _, number = name.rpartition("_")
    return stem if stem and number.isdigit() else name


def _factor(base: tuple[Any, ...], values: tuple[Any, ...]) -> int | None:
    """The whole number that makes all values of all base ones."""
    if not all(type(one) is int and one > 0 for one in (*base, *values)):
        return None
    factor = values[0] // base[0]
    fits = factor > 1 and all(value == one * factor for value, one in zip(values, base, strict=True))
    return factor if fits else None
