"""Whether two flat Programs are the same network, whatever their nodes' ids are. Pure."""

from __future__ import annotations

import json
from typing import Any

from ..catalogue import catalogue
from ..plain_values import same
from ..program import Program, Value


def same_network(one: Program, other: Program) -> bool:
    """Equal Inputs, Outputs, layers by name with equal arguments, and the same calls of them."""
    numbers: dict[Any, int] = {}
    return _look(one, numbers) == _look(other, numbers)


def _look(program: Program, numbers: dict[Any, int]) -> Any:
    """What a Program computes, as numbers that equal expressions share; and how many calls and layers it has."""
    known = {
        Value(given.node): _number(numbers, ("input", given.name, _plain("Input", given.params)))
        for given in program.inputs
    }
    seen: list[int] = []
    for call in program.calls:
        arguments = tuple(
            (name, known[value] if isinstance(value, Value) else tuple(known[item] for item in value))
            for name, value in sorted(call.arguments.items())
        )
        layer = program.layers.get(call.layer)
        what = (
            (layer.kind, layer.name, _plain(layer.kind, layer.params))
            if layer
            else (call.kind, _plain(call.kind, call.params))
        )
        number = _number(numbers, ("call", what, arguments))
        seen.append(number)
        for port in call.outputs:
            known[Value(call.node, port)] = _number(numbers, (number, port))
    outputs = [(given.name, known[given.value]) for given in program.outputs]
    inputs = [given.name for given in program.inputs]
    return inputs, outputs, sorted(seen), sorted((layer.name, layer.kind) for layer in program.layers.values())


def _number(numbers: dict[Any, int], what: Any) -> int:
    return numbers.setdefault(what, len(numbers))


def _plain(kind: str, params: dict[str, Any]) -> str:
    """Arguments as text; those at their default say nothing."""
    known = catalogue().kinds.get(kind)
    kept = {}
    for name, value in params.items():
        declared = known.parameters.get(name) if known else None
        if declared is None or declared.required or not same(value, declared.default):
            kept[name] = value
    return json.dumps(kept, sort_keys=True)
