"""A model as its config tells it, whatever wrote the config: layers, their calls, and what goes in and out. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


class ImportRefused(Exception):
    """Why a file or config cannot be imported, in one line for the user."""


class Foreign(Exception):
    """Why one layer cannot be a node of a known kind; it becomes a placeholder."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """What a call of a layer gives: the layer's name, the number of its call, the number of the output."""

    layer: str
    call: int = 0
    index: int = 0


@dataclass(frozen=True, slots=True)
class Constant:
    """Numbers that a config holds whole."""

    value: Any
    dtype: str = "float32"


@dataclass(slots=True)
class LayerCall:
    """`args` and `kwargs` are plain values, lists and dicts with `Tensor` and `Constant` in them."""

    args: list[Any] = field(default_factory=list)
    kwargs: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class LayerConfig:
    """`model` is there where the layer is itself a model; `raw` is what the file says of it."""

    name: str
    class_name: str
    module: str
    config: dict[str, Any]
    calls: list[LayerCall] = field(default_factory=list)
    model: ModelConfig | None = None
    raw: dict[str, Any] = field(default_factory=dict)

    @property
    def operation(self) -> bool:
        """Whether this is one of `keras.ops` rather than a layer; some share their names with one (`Add`)."""
        return self.module.startswith("keras.src.ops") or self.module.startswith("keras.ops")


@dataclass(slots=True)
class ModelConfig:
    """`inputs` and `outputs` are structures (a Tensor, lists, dicts by name) of tensors. `specs` are the shapes, with
    batch axis, and number types ("" for one that is not told) of the tensors that the file tells them of."""

    name: str
    layers: list[LayerConfig]
    inputs: Any
    outputs: Any
    trainable: bool = True
    specs: dict[Tensor, tuple[list[Any], str]] = field(default_factory=dict)


def leaves(structure: Any) -> Iterator[Any]:
    """What stands in lists and dicts, in the order in which Keras flattens them: dicts by sorted keys."""
    if isinstance(structure, dict):
        for key in sorted(structure):
            yield from leaves(structure[key])
    elif isinstance(structure, list | tuple):
        for item in structure:
            yield from leaves(item)
    else:
        yield structure


def tensors_in(structure: Any) -> Iterator[Tensor]:
    return (leaf for leaf in leaves(structure) if isinstance(leaf, Tensor))
