"""The Program: a checked network as a straight list of layers and calls. Both back ends walk it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .code.kinds import CodeKind
from .document import NetworkCell
from .nesting.uses import Use
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

    Only in a Program that is not flat, a call may stand for a network: then `use` says how, its arguments go by the
    network's ports, and `layer` is the node whose weights it uses.
    """

    node: str
    name: str
    kind: str
    layer: str
    arguments: dict[str, Value | tuple[Value, ...]]
    params: dict[str, Any] = field(default_factory=dict)
    outputs: tuple[str, ...] = ("output",)
    use: Use | None = None


@dataclass(frozen=True, slots=True)
class ProgramOutput:
    node: str
    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Program:
    """Calls stand in an order in which each one's arguments come before it. `shapes` goes by node id.

    Networks inside the network are laid out flat: their nodes go by paths (`block/conv`, `block:2/conv`), their layers
    by prefixed names (`block_conv`). `nested` is the same network with its nodes for networks as single calls, and
    `definitions` are those networks by name; both only where there are any.
    """

    name: str
    inputs: tuple[ProgramInput, ...]
    layers: dict[str, Layer]
    calls: tuple[Call, ...]
    outputs: tuple[ProgramOutput, ...]
    shapes: dict[str, NodeShapes] = field(default_factory=dict)
    nested: Program | None = None
    definitions: Mapping[str, NetworkCell] = field(default_factory=dict)
    # The layers of the notebook's own code, which the kinds of layers and calls may name.
    code: tuple[CodeKind, ...] = ()
