"""The Program: a checked network as a straight list of layers and calls. Both back ends walk it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .specs import NodeShapes, Shape


@dataclass(frozen=True, slots=True)
class Value:
    """One output of one step; `node` is the id of a ProgramInput or a Call."""

    node: str
    port: str = "output"


@dataclass(frozen=True, slots=True)
class ProgramInput:
    """An Input node. `shape` has no batch axis. `params` are all of its arguments."""

    node: str
    name: str
    shape: Shape
    dtype: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layer:
    """A thing with weights, made once; `node` is the id of the node that owns it. Operations have none."""

    node: str
    name: str
    kind: str
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A use of a layer, or of an operation.

    `layer` is the id of the owning node ("" for an operation). `arguments` maps the call's argument names to a Value
    or, for a list, a tuple of Values. `params` are an operation's constant arguments (empty for layers).
    """

    node: str
    name: str
    kind: str
    layer: str
    arguments: dict[str, Value | tuple[Value, ...]]
    params: dict[str, Any] = field(default_factory=dict)
    outputs: tuple[str, ...] = ("output",)


@dataclass(frozen=True, slots=True)
class ProgramOutput:
    node: str
    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Program:
    """Calls stand in an order in which each one's arguments come before it. `shapes` goes by node id."""

    name: str
    inputs: tuple[ProgramInput, ...]
    layers: dict[str, Layer]
    calls: tuple[Call, ...]
    outputs: tuple[ProgramOutput, ...]
    shapes: dict[str, NodeShapes] = field(default_factory=dict)
