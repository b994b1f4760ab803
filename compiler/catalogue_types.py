"""What the catalogue says of a kind: its ports, its parameters, and one sentence of help."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Port:
    """An input or output of a kind.

    `argument` is the name of the call's argument; ports that share one are packed into a list, in order
    (Attention's query, value and key are the list `inputs`). `many` takes any number of wires, as a list; an
    argument that begins with `*` (`ops.einsum`) takes them one after the other instead. A port with the name of a
    parameter takes a tensor or, unwired, that parameter's constant.
    """

    name: str
    argument: str = ""
    many: bool = False
    required: bool = True
    help: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """An argument of a kind.

    `type` chooses the widget and the check: int, float, bool, text, choice, sizes (an int or a list of ints), shape
    (list of ints or null), ints, dtype, axis, activation, initializer, regularizer, constraint, layer (a
    wrapped layer), layers, schedule, loss, metric, optimizer, or json for anything else that JSON can hold.
    `at_call` marks what a layer takes when it is called, not made (`use_causal_mask`). `suggested` is the value that
    a required argument has in a node fresh from the palette.
    """

    name: str
    type: str = "json"
    default: Any = None
    required: bool = False
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Any, ...] = ()
    help: str = ""
    at_call: bool = False
    suggested: Any = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of node. `group` is layer, op or boundary; `keras` the public path of class or function.

    `unbuildable` is empty, or the reason why it cannot be built from arguments alone.
    """

    name: str
    group: str
    family: str
    keras: str
    help: str = ""
    url: str = ""
    inputs: tuple[Port, ...] = ()
    outputs: tuple[Port, ...] = ()
    parameters: dict[str, Parameter] = field(default_factory=dict)
    synonyms: tuple[str, ...] = ()
    unbuildable: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A loss, metric, optimizer, schedule, initializer, regularizer, constraint, callback, activation or
    application: what an argument or a training cell may choose. `synonyms` are Keras' other names for it."""

    name: str
    keras: str
    help: str = ""
    url: str = ""
    parameters: dict[str, Parameter] = field(default_factory=dict)
    unbuildable: str = ""
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every kind by name (`Conv2D`, `ops.add`, `Input`, `Output`), and the other registries by class name."""

    keras_version: str
    kinds: dict[str, Kind]
    losses: dict[str, Entry]
    metrics: dict[str, Entry]
    optimizers: dict[str, Entry]
    schedules: dict[str, Entry]
    initializers: dict[str, Entry]
    regularizers: dict[str, Entry]
    constraints: dict[str, Entry]
    callbacks: dict[str, Entry]
    activations: dict[str, Entry]
    applications: dict[str, Entry]
