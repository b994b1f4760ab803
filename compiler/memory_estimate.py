"""What a training takes of a device's memory, estimated from shapes alone, before anything is built. Pure.

Weights, their gradients and what the optimizer keeps are counted exactly; what a batch takes is an estimate: every
layer's output is kept for the way back, with what recurrent layers and attention keep inside, and as much again is at
work on that way.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .document import Choice
from .specs import NodeShapes, TensorSpec

# Values that an optimizer keeps for each weight, besides an average or a momentum that is asked for.
_KEPT = {
    "SGD": 0,
    "RMSprop": 1,
    "Adam": 2,
    "AdamW": 2,
    "Adadelta": 2,
    "Adagrad": 1,
    "Adamax": 2,
    "Nadam": 2,
    "Ftrl": 2,
    "Lion": 1,
    "Lamb": 2,
}
_USUAL = 2
_BYTES = 4
_WAY_BACK = 2
# So many times weights and what the optimizer keeps stand in main memory when a run is saved: checkpoints hold the
# state of the moment and of the best epoch, and Keras makes its file in memory first. Measured: 4.8.
_COPIES = 5
_OF_TYPES = {"float64": 8, "int64": 8, "float16": 2, "bfloat16": 2, "int8": 1, "uint8": 1, "bool": 1}


@dataclass(frozen=True, slots=True)
class MemoryEstimate:
    """Bytes on one device: weights, gradients, what the optimizer keeps, and what each row of a batch takes."""

    weights: int
    gradients: int
    optimizer: int
    row: int

    @property
    def fixed(self) -> int:
        return self.weights + self.gradients + self.optimizer

    @property
    def saving(self) -> int:
        """Besides, in main memory, where checkpoints and the model are made; accelerators do not see it."""
        return _COPIES * (self.weights + self.optimizer)

    def total(self, rows: int) -> int:
        """Of a batch of so many rows on this device."""
        return self.fixed + rows * self.row

    def largest_batch(self, memory: int) -> int:
        """The most rows that fit; 0 where not even the weights do."""
        return max(0, (memory - self.fixed) // self.row) if self.row else 0


def estimate_memory(nodes: Iterable[NodeShapes], optimizer: Choice, parts: int = 1) -> MemoryEstimate | None:
    """Of a network with these nodes, whose weights are spread over `parts` devices. None where a shape is not known."""
    weights = trainable = row = 0
    for node in nodes:
        if node.refused:
            return None
        weights, trainable = weights + node.parameters, trainable + node.trainable
        row += _row_of(node)
    per_weight = _kept(optimizer)
    return MemoryEstimate(
        _share(weights, parts), _share(trainable, parts), _share(trainable * per_weight, parts), _WAY_BACK * row
    )


def _share(count: int, parts: int) -> int:
    return -(-count * _BYTES // parts)


def _row_of(node: NodeShapes) -> int:
    if node.inside:
        return sum(_row_of(inner) for repetition in node.inside for inner in repetition.values())
    return _BYTES * node.kept + sum(_bytes(spec) for spec in node.outputs.values())


def _bytes(spec: TensorSpec) -> int:
    """Of one row. An axis of unknown length counts once: it is not known before the data come."""
    return math.prod(size or 1 for size in spec.shape[1:]) * _OF_TYPES.get(spec.dtype, _BYTES)


def _kept(optimizer: Choice) -> int:
    params: Mapping[str, object] = optimizer.params
    kept = _KEPT.get(optimizer.kind, _USUAL)
    if optimizer.kind in ("SGD", "RMSprop") and params.get("momentum"):
        kept += 1
    if optimizer.kind == "RMSprop" and params.get("centered"):
        kept += 1
    if optimizer.kind in ("Adam", "AdamW") and params.get("amsgrad"):
        kept += 1
    gathers = params.get("gradient_accumulation_steps")
    return kept + bool(params.get("use_ema")) + bool(gathers)
