"""Which layers of a model are watched, and which of their variables and outputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras

# Activations that are exactly zero over a whole range, so that a unit can be stuck there.
_ZEROING = frozenset(
    {"relu", "relu6", "hard_sigmoid", "hard_silu", "hard_swish", "threshold", "soft_shrink", "hard_shrink"}
)
_ZEROING_LAYERS = (keras.layers.ReLU,)


@dataclass(frozen=True, slots=True)
class Watched:
    """`variables` are places in the model's list of trainable variables. `output` is the symbolic output whose units
    may be dead, or None."""

    name: str
    layer: keras.Layer
    variables: tuple[int, ...]
    output: Any = None


def watched_layers(model: keras.Model) -> list[Watched]:
    """The layers that have weights to train or units that may die, in the order of the network."""
    places = {id(variable): place for place, variable in enumerate(model.trainable_variables)}
    found = []
    for layer in model.layers:
        own = tuple(places[id(variable)] for variable in layer.trainable_variables if id(variable) in places)
        output = _output(layer) if _may_die(layer) else None
        if own or output is not None:
            found.append(Watched(layer.name, layer, own, output))
    return found


def _may_die(layer: keras.Layer) -> bool:
    if isinstance(layer, _ZEROING_LAYERS):
        return not getattr(layer, "negative_slope", 0.0)
    return getattr(getattr(layer, "activation", None), "__name__", "") in _ZEROING


def _output(layer: keras.Layer) -> Any:
    """The only output of a layer that is called once; of a shared one the first call's."""
    nodes = layer._inbound_nodes
    if not nodes or len(nodes[0].output_tensors) != 1 or len(nodes[0].output_tensors[0].shape) < 2:
        return None
    return nodes[0].output_tensors[0]
