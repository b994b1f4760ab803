"""What is known of tensors and of data without holding any: shapes, dtypes, fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Shape = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """A tensor's shape, batch axis first (None: unknown), and dtype."""

    shape: Shape
    dtype: str = "float32"


@dataclass(frozen=True, slots=True)
class NodeShapes:
    """What Keras says of one node: a spec for each output port, weights, or why the call is refused.

    `parameters` counts trainable and other weights of the node's own layer; 0 for a further call of a shared layer.
    `refused` is Keras' own reason in one sentence; then `outputs` is empty. `inside` holds the nodes of a node that
    stands for a network, by id, for each of its repetitions; its weights are the sum of theirs. `kept` are the numbers
    that it keeps of each row besides its outputs, while it trains.
    """

    outputs: dict[str, TensorSpec] = field(default_factory=dict)
    parameters: int = 0
    trainable: int = 0
    refused: str = ""
    refused_parameter: str = ""
    inside: tuple[dict[str, NodeShapes], ...] = ()
    kept: int = 0


@dataclass(frozen=True, slots=True)
class DataField:
    """A named column or group that a data cell offers, as the network receives it (after preparation).

    `shape` has no batch axis. `content` says how to show it: image, number, category, series, features, text.
    A field of the role `weight` says how much a row counts.
    `classes` are the names of the classes of a category, in the order of their codes."""

    name: str
    shape: Shape
    dtype: str = "float32"
    role: Literal["feature", "target", "weight"] = "feature"
    content: str = "number"
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DataDescription:
    """What a data cell offers, found without TensorFlow. `rows` and `validation_rows` count the two parts."""

    fields: dict[str, DataField] = field(default_factory=dict)
    rows: int = 0
    validation_rows: int = 0
    fingerprint: str = ""
    summary: dict[str, Any] = field(default_factory=dict)
