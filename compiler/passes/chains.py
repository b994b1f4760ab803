"""Follows a tensor back through what only passes it on: which activation came last, what sets its width."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ..catalogue import catalogue
from ..labels import snake_case
from ..program import Program, Value
from .graph import Graph


class Step(NamedTuple):
    """A call as these questions need it; `source` is the node that its first argument comes from, "" for none."""

    owner: str
    kind: str
    params: dict[str, Any]
    source: str


Steps = Callable[[str], Step | None]

# What changes neither the values nor how wide the last axis is, at least while training pays no attention.
PASSING = frozenset(
    {"Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "GaussianDropout", "AlphaDropout"}
)
_RESHAPING = frozenset(
    {"Reshape", "Flatten", "Permute", "RepeatVector", "ops.reshape", "ops.squeeze", "ops.expand_dims"}
)
_ACTIVATIONS = {
    "Softmax": "softmax",
    "ReLU": "relu",
    "LeakyReLU": "leaky_relu",
    "ELU": "elu",
    "PReLU": "leaky_relu",
}
NORMALIZING = frozenset({"BatchNormalization", "LayerNormalization", "RMSNormalization", "GroupNormalization"})
# The parameter that sets the length of a layer's last axis.
_WIDTHS = ("units", "filters", "output_dim")


def steps_of_program(program: Program) -> Steps:
    calls = {call.node: call for call in program.calls}

    def step(node: str) -> Step | None:
        call = calls.get(node)
        if call is None:
            return None
        params = program.layers[call.layer].params if call.layer else call.params
        first = next(iter(call.arguments.values()), ())
        source = first.node if isinstance(first, Value) else first[0].node if len(first) == 1 else ""
        return Step(call.layer, call.kind, params, source)

    return step


def steps_of_graph(graph: Graph) -> Steps:
    def step(node: str) -> Step | None:
        if node not in graph.kinds:
            return None
        owner = graph.owner(node)
        wires = [wire for ports in graph.into[node].values() for wire in ports]
        source = graph.wire(wires[0]).source.node if len(wires) == 1 else ""
        return Step(owner, graph.kinds[node].name, graph.network.nodes[owner].params, source)

    return step


def last_activation(node: str, steps: Steps) -> str:
    """The activation that a node's values went through last: "softmax", "linear", …; "" when that cannot be said."""
    for step in _back(node, steps, PASSING | _RESHAPING):
        return _activation(step.kind, step.params)
    return ""


def width_setter(node: str, steps: Steps) -> tuple[str, str] | None:
    """The owner and the parameter (`units`, `filters`) that set the length of the last axis of a node's values."""
    through = PASSING | NORMALIZING | frozenset(_ACTIVATIONS) | {"Activation"}
    for step in _back(node, steps, through):
        declared = catalogue().kinds[step.kind].parameters
        name = next((name for name in _WIDTHS if name in declared), None)
        return (step.owner, name) if name and step.owner else None
    return None


def activation_setter(node: str, steps: Steps) -> str:
    """The owner of the parameter `activation` that `last_activation` found; "" where there is none to set."""
    for step in _back(node, steps, PASSING | _RESHAPING):
        return step.owner if "activation" in catalogue().kinds[step.kind].parameters else ""
    return ""


def _back(node: str, steps: Steps, through: frozenset[str]) -> Iterator[Step]:
    """The steps from `node` on backwards that do more than pass on."""
    seen: set[str] = set()
    while node and node not in seen:
        seen.add(node)
        step = steps(node)
        if step is None:
            return
        if step.kind not in through and not _is_activation_op(step.kind, through):
            yield step
        node = step.source


def _is_activation_op(kind: str, through: frozenset[str]) -> bool:
    return "Activation" in through and kind.removeprefix("ops.") in catalogue().activations and kind.startswith("ops.")


def _activation(kind: str, params: dict[str, Any]) -> str:
    if kind in _ACTIVATIONS:
        return _ACTIVATIONS[kind]
    if kind.startswith("ops."):
        name = kind.removeprefix("ops.")
        return name if name in catalogue().activations else ""
    if kind in NORMALIZING:
        return "linear"
    wrapped = params.get("layer")
    if kind in ("TimeDistributed", "Bidirectional") and isinstance(wrapped, dict):
        return _activation(str(wrapped.get("kind", "")), wrapped.get("params") or {})
    known = catalogue().kinds.get(kind)
    declared = known.parameters.get("activation") if known else None
    if declared is None:
        return ""
    chosen = params.get("activation", declared.default)
    if isinstance(chosen, dict):
        return _ACTIVATIONS.get(str(chosen.get("kind")), snake_case(str(chosen.get("kind"))))
    return str(chosen) if chosen else "linear"
