"""The configs that Keras 3 writes, as models. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .known_specs import specs_of
from .model_config import Constant, ImportRefused, LayerCall, LayerConfig, ModelConfig, Tensor
from .sequential import chained

# Deeper than anybody nests models, and less than what Python's stack bears.
DEEPEST = 40


def is_model(config: Any) -> bool:
    """Whether a serialised object is a model whose layers stand in its config."""
    return (
        isinstance(config, Mapping)
        and isinstance(config.get("config"), Mapping)
        and isinstance(config["config"].get("layers"), list)
    )


def read_model(data: Mapping[str, Any], depth: int = 0) -> ModelConfig:
    """The model of a serialised object. Raises ImportRefused for what is no model with layers."""
    if depth > DEEPEST:
        raise ImportRefused(f"Its models are nested more than {DEEPEST} deep.")
    if not is_model(data):
        name = data.get("class_name", "an object") if isinstance(data, Mapping) else type(data).__name__
        raise ImportRefused(f"{name} has no layers in its config: only Functional and Sequential models can be read.")
    config = data["config"]
    layers = [_layer(entry, depth) for entry in config["layers"]]
    name = str(config.get("name") or data.get("name") or "model")
    trainable = config.get("trainable") is not False
    if "input_layers" not in config:
        model = chained(name, layers, data, trainable)
        model.specs = specs_of(model, [])
        return model
    # In the outputs alone, Keras counts the calls of a Functional from 1: it has one of its own from when it was made.
    from_one = {layer.name for layer in layers if layer.model is not None and layer.class_name != "Sequential"}
    outputs = _counted_from_zero(_tensors(config["output_layers"]), from_one)
    model = ModelConfig(name, layers, _tensors(config["input_layers"]), outputs, trainable)
    model.specs = specs_of(model, [entry.get("inbound_nodes") for entry in config["layers"]])
    return model


def _counted_from_zero(structure: Any, from_one: set[str]) -> Any:
    if isinstance(structure, dict):
        return {key: _counted_from_zero(item, from_one) for key, item in structure.items()}
    if isinstance(structure, list):
        return [_counted_from_zero(item, from_one) for item in structure]
    if structure.layer in from_one:
        return Tensor(structure.layer, structure.call - 1, structure.index)
    return structure


def _layer(entry: Any, depth: int) -> LayerConfig:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("config"), Mapping):
        raise ImportRefused("One of its layers is no object with a config.")
    config = dict(entry["config"])
    name = str(entry.get("name") or config.get("name") or entry.get("class_name"))
    calls = []
    for call in entry.get("inbound_nodes") or ():
        if not isinstance(call, Mapping):
            raise ImportRefused(f"The calls of {name} cannot be read.")
        kwargs = argument(call.get("kwargs") or {})
        calls.append(LayerCall(list(argument(call.get("args") or [])), dict(kwargs)))
    return LayerConfig(
        name=name,
        class_name=str(entry.get("class_name")),
        module=_module(entry, config),
        config=config,
        calls=calls,
        model=read_model(entry, depth + 1) if is_model(entry) and "cells" not in config else None,
        raw={key: value for key, value in entry.items() if key != "inbound_nodes"},
    )


def _module(entry: Mapping[str, Any], config: Mapping[str, Any]) -> str:
    """Where the class is from. In HDF5 files nothing tells; there an operation is what has no more than its own
    arguments, where a layer would have its number type."""
    if entry.get("module"):
        return str(entry["module"])
    is_layer = "dtype" in config or "trainable" in config or "layer" in config
    return "" if is_layer or entry.get("class_name") == "InputLayer" else "keras.src.ops"


def argument(value: Any) -> Any:
    """One argument of a call: tensors, constants, slices and what holds them."""
    if isinstance(value, list | tuple):
        return [argument(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    config = value.get("config")
    match value.get("class_name"):
        case "__keras_tensor__" if isinstance(config, Mapping):
            return _tensor(config.get("keras_history"))
        case "__tensor__" | "__numpy__" if isinstance(config, Mapping):
            return Constant(config.get("value"), str(config.get("dtype") or "float32"))
        case "__slice__" if isinstance(config, Mapping):
            return {"slice": [argument(config.get(key)) for key in ("start", "stop", "step")]}
        case "__ellipsis__":
            return {"ellipsis": True}
        case "__tuple__":
            return [argument(item) for item in (value.get("items") or config or ())]
    return {str(key): argument(item) for key, item in value.items()}


def _tensor(history: Any) -> Tensor:
    match history:
        case [str() as layer, int() as call, int() as index]:
            return Tensor(layer, call, index)
    raise ImportRefused(f"It names a tensor in a way that cannot be read: {str(history)[:60]}.")


def _tensors(structure: Any) -> Any:
    if isinstance(structure, Mapping):
        return {str(key): _tensors(item) for key, item in structure.items()}
    if isinstance(structure, list) and len(structure) == 3 and isinstance(structure[0], str):
        return _tensor(structure)
    if isinstance(structure, list):
        return [_tensors(item) for item in structure]
    return _tensor(structure)
