"""What a node that stands for a network comes to: its repetitions, their names and values, and how they are chained.

Pure; the passes, the shapes and both back ends read a node in this one way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..document import NetworkCell, Node
from ..labels import keras_name
from .network_kinds import TRAINABLE, boundary

EACH = "each"

# More repetitions than any network in use has, and few enough to be drawn, checked and built.
MOST_REPETITIONS = 1000


@dataclass(frozen=True, slots=True)
class Repetition:
    """`name` is what it is called in its surroundings; `values` are those given for the network's parameters."""

    name: str
    values: dict[str, Any]
    trainable: bool = True


@dataclass(frozen=True, slots=True)
class Use:
    """`node` stands for network `network`. `chain` says which output of a repetition feeds which input of the next,
    empty where it is not repeated; an input that is not in it gets, every time, what is wired into the node."""

    node: Node
    network: str
    repetitions: tuple[Repetition, ...]
    shared: bool = False
    chain: dict[str, str] = field(default_factory=dict)


def use_of(node: Node, name: str, definition: NetworkCell) -> Use:
    """How `node`, called `name`, uses the network `definition`. Its arguments must have been calculated; what is wrong
    in them is left out, which `check_uses` reports."""
    count = repetitions(node)
    named = [
        Repetition(repetition_name(node, name, index), values_of(node, index), node.params.get(TRAINABLE) is not False)
        for index in range(count)
    ]
    chain = chained(definition) if count > 1 or isinstance(node.repeat, dict) else {}
    return Use(node, definition.name, tuple(named), node.weights == "shared", chain or {})


def repetitions(node: Node) -> int:
    """How many times the network stands there."""
    count = node.repeat if isinstance(node.repeat, int) else 1
    return min(max(count, 1), MOST_REPETITIONS)


def repetition_name(node: Node, name: str, index: int) -> str:
    """`names` where it is given, else the node's own name, numbered from 1 where there are several."""
    own = keras_name(node.names[index]) if index < len(node.names) else ""
    if own:
        return own
    return f"{name}_{index + 1}" if repetitions(node) > 1 else name


def values_of(node: Node, index: int) -> dict[str, Any]:
    """The values for the network's parameters in one repetition."""
    values = {}
    for name, value in node.params.items():
        several = each(value)
        if several is None:
            values[name] = value
        elif several:
            values[name] = several[min(index, len(several) - 1)]
    values.pop(TRAINABLE, None)
    return values


def each(value: Any) -> list[Any] | None:
    """The values for the repetitions one by one; None where one value holds for all."""
    if isinstance(value, dict) and len(value) == 1 and isinstance(value.get(EACH), list):
        return value[EACH]
    return None


def chained(definition: NetworkCell) -> dict[str, str] | None:
    """Input port → the output port that feeds it in the next repetition: by name, else the only output the first
    input. None where neither says what feeds what."""
    inputs, outputs = boundary(definition)
    by_name = {port: port for port in inputs if port in outputs}
    if by_name:
        return by_name
    if len(outputs) == 1 and inputs:
        return {next(iter(inputs)): next(iter(outputs))}
    return None
