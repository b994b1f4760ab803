"""The configs that Keras 1 and 2 and tf.keras wrote, as models. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .known_specs import specs_of
from .legacy_layers import modern
from .legacy_merge import branches
from .model_config import Constant, ImportRefused, LayerCall, LayerConfig, ModelConfig, Tensor, tensors_in
from .read_keras3 import DEEPEST
from .sequential import chained
from .tf_operations import operation

# tf.keras 2.12 to 2.15 and tf_keras say of each class where it is from.
_OF_KERAS = ("keras", "tf_keras", "tensorflow", "builtins", "")

# Models that are looked into to find out how old a config is.
_LOOKED_AT = 50

# How tf.keras writes a number in the place of a tensor.
_CONSTANT = "_CONSTANT_VALUE"


def is_legacy(data: Mapping[str, Any]) -> bool:
    """Whether a config is older than Keras 3: calls are lists, Inputs have a `batch_input_shape`, or no class says
    where it is from."""
    old = "module" not in data
    waiting, looked = [data], 0
    while waiting and looked < _LOOKED_AT:
        entries = [entry for entry in _entries(waiting.pop()) if isinstance(entry, Mapping)]
        looked += 1
        for entry in entries:
            config = entry.get("config")
            if isinstance(config, Mapping) and entry.get("class_name") == "InputLayer" and "batch_shape" in config:
                return False
            if isinstance(config, Mapping) and "batch_input_shape" in config:
                return True
            for call in entry.get("inbound_nodes") or ():
                return not (isinstance(call, Mapping) and "args" in call)
        waiting += entries
    return old


def read_legacy(data: Mapping[str, Any], depth: int = 0) -> ModelConfig:
    """The model of a config. Raises ImportRefused for what is no model with layers."""
    if depth > DEEPEST:
        raise ImportRefused(f"Its models are nested more than {DEEPEST} deep.")
    if not _is_model(data):
        name = data.get("class_name", "It")
        raise ImportRefused(f"{name} has no layers in its config: only Functional and Sequential models can be read.")
    config = data["config"]
    name = str((config.get("name") if isinstance(config, Mapping) else None) or data.get("name") or "model")
    entries = _entries(data)
    if isinstance(config, list) or "input_layers" not in config:
        made = branches(name, entries, lambda one: read_legacy(one, depth + 1))
        made = made or chained(name, [_layer(entry, depth) for entry in entries], data, True)
        made.specs = specs_of(made, [])
        return made
    layers = [_layer(entry, depth) for entry in entries]
    model = ModelConfig(name, layers, _tensors(config["input_layers"]), _tensors(config["output_layers"]))
    model.trainable = config.get("trainable") is not False
    _count_from_zero(model)
    model.specs = specs_of(model, [])
    return model


def _entries(data: Mapping[str, Any]) -> list[Any]:
    config = data.get("config")
    found = config if isinstance(config, list) else config.get("layers") if isinstance(config, Mapping) else None
    return found if isinstance(found, list) else []


def _is_model(entry: Any) -> bool:
    return (
        isinstance(entry, Mapping)
        and entry.get("class_name") in ("Model", "Functional", "Sequential", "Graph", "Container", "Network")
        and bool(_entries(entry))
    )


def _layer(entry: Any, depth: int) -> LayerConfig:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("config"), Mapping | list):
        raise ImportRefused("One of its layers is no object with a config.")
    given = entry["config"]
    config = dict(given) if isinstance(given, Mapping) else {}
    name = str(entry.get("name") or config.get("name") or entry.get("class_name"))
    calls = [_call(call) for call in entry.get("inbound_nodes") or ()]
    raw = {key: value for key, value in entry.items() if key != "inbound_nodes"}
    if _is_model(entry):
        return LayerConfig(name, str(entry["class_name"]), "", config, calls, read_legacy(entry, depth + 1), raw)
    module = str(entry.get("module") or "")
    module = "" if module.partition(".")[0] in _OF_KERAS else module
    class_name = str(entry.get("class_name"))
    if class_name in ("TFOpLambda", "SlicingOpLambda"):
        return operation(name, str(config.get("function")), calls, raw)
    class_name, config = modern(class_name, config)
    return LayerConfig(name, class_name, module, config, calls, raw=raw)


def _call(node: Any) -> LayerCall:
    """One call: `[["x", 0, 0, {…}], …]`, a single such entry, or a dict of them by name."""
    kwargs: dict[str, Any] = {}
    return LayerCall([_first(node, kwargs)], kwargs)


def _first(node: Any, kwargs: dict[str, Any]) -> Any:
    if isinstance(node, Mapping):
        return {str(key): _first(item, kwargs) for key, item in node.items()}
    if not isinstance(node, list):
        raise ImportRefused("The calls of its layers cannot be read.")
    if _is_reference(node):
        if len(node) > 3 and isinstance(node[3], Mapping):
            kwargs.update({str(key): _argument(item) for key, item in node[3].items() if key != "name"})
        return Constant(node[2]) if node[0] == _CONSTANT else Tensor(node[0], node[1], node[2])
    items = [_first(item, kwargs) for item in node]
    return items[0] if len(items) == 1 else items


def _is_reference(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) in (3, 4)
        and isinstance(value[0], str)
        and isinstance(value[1], int)
        and (isinstance(value[2], int) or value[0] == _CONSTANT)
    )


def _argument(value: Any) -> Any:
    if _is_reference(value):
        return Constant(value[2]) if value[0] == _CONSTANT else Tensor(value[0], value[1], value[2])
    if isinstance(value, list):
        return [_argument(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _argument(item) for key, item in value.items()}
    return value


def _tensors(structure: Any) -> Any:
    if _is_reference(structure):
        return Tensor(*structure[:3])
    if isinstance(structure, list):
        return [_tensors(item) for item in structure]
    if isinstance(structure, Mapping):
        return {str(key): _tensors(item) for key, item in structure.items()}
    raise ImportRefused(f"It names a tensor in a way that cannot be read: {str(structure)[:60]}.")


def _count_from_zero(model: ModelConfig) -> None:
    """Calls of a model inside a model were counted from 1: it had one of its own from when it was made."""
    numbers: dict[str, set[int]] = {}
    for tensor in _all_tensors(model):
        numbers.setdefault(tensor.layer, set()).add(tensor.call)
    from_one = {
        layer.name for layer in model.layers if layer.model is not None and 0 not in numbers.get(layer.name, {0})
    }
    if not from_one:
        return

    def shifted(value: Any) -> Any:
        if isinstance(value, Tensor):
            return Tensor(value.layer, value.call - (value.layer in from_one), value.index)
        if isinstance(value, list):
            return [shifted(item) for item in value]
        return {key: shifted(item) for key, item in value.items()} if isinstance(value, dict) else value

    model.outputs = shifted(model.outputs)
    for layer in model.layers:
        layer.calls = [LayerCall(shifted(call.args), shifted(call.kwargs)) for call in layer.calls]


def _all_tensors(model: ModelConfig) -> Iterator[Tensor]:
    yield from tensors_in(model.outputs)
    for layer in model.layers:
        for call in layer.calls:
            yield from tensors_in([call.args, call.kwargs])
