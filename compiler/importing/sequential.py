"""A Sequential as what it is: each layer called with what the one before it gives. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .model_config import ImportRefused, LayerCall, LayerConfig, ModelConfig, Tensor

# Where nothing tells the shape of the input, the first layer's name tells how many axes it takes.
_AXES = {"Embedding": 1, "LSTM": 2, "GRU": 2, "SimpleRNN": 2, "RNN": 2, "Bidirectional": 2}


def chained(name: str, layers: list[LayerConfig], data: Mapping[str, Any], trainable: bool) -> ModelConfig:
    """The model in which `layers` follow each other, with an Input before them where they begin with none.

    `data` is what the file says of the model; it may tell the shape for which it was built."""
    if not layers:
        raise ImportRefused(f"{name} is a Sequential without layers.")
    if layers[0].class_name != "InputLayer":
        shape, dtype = _shape(layers, data)
        taken = {layer.name for layer in layers}
        free = next(n for n in ("input_layer", "input", *(f"input_{i}" for i in range(len(layers)))) if n not in taken)
        layers = [LayerConfig(free, "InputLayer", "keras.layers", {"batch_shape": shape, "dtype": dtype}), *layers]
    counted: dict[str, int] = {}
    last = Tensor(layers[0].name)
    for layer in layers[1:]:
        layer.calls.append(LayerCall([last]))
        last = Tensor(layer.name, counted.get(layer.name, 0))
        counted[layer.name] = last.call + 1
    return ModelConfig(name, layers, Tensor(layers[0].name), last, trainable)


def _shape(layers: list[LayerConfig], data: Mapping[str, Any]) -> tuple[list[Any], str]:
    """The shape with batch axis that a Sequential without an Input is for, and its number type."""
    first, config = layers[0], data.get("config") or {}
    build = data.get("build_config") or {}
    given = (
        first.config.get("batch_shape"),
        first.config.get("batch_input_shape"),
        config.get("build_input_shape") if isinstance(config, Mapping) else None,
        build.get("input_shape") if isinstance(build, Mapping) else None,
        (first.raw.get("build_config") or {}).get("input_shape"),
    )
    dtype = "int32" if first.class_name == "Embedding" else "float32"
    if first.model is not None:
        inner = next((one for one in first.model.layers if one.class_name == "InputLayer"), None)
        given = (*given, inner.config.get("batch_shape") if inner else None)
    for shape in given:
        if isinstance(shape, list | tuple) and shape and not isinstance(shape[0], list | tuple | str):
            return list(shape), dtype
    return [None, *[None] * _axes(first.class_name)], dtype


def _axes(class_name: str) -> int:
    """How many axes besides the batch a layer takes, as far as its name tells."""
    found = re.search(r"([123])D", class_name)
    return int(found[1]) + 1 if found else _AXES.get(class_name, 1)
