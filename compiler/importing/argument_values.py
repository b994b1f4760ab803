"""The arguments in a config as the plain arguments of a node: only what differs from the defaults. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..catalogue_types import Entry, Kind, Parameter
from ..labels import snake_case
from ..passes.nested_objects import find_entry, known_names
from ..plain_values import same
from .model_config import Foreign

# What every config has and no node needs: its name is the node's label, the rest Keras works out.
_LEFT_OUT = {"name", "batch_input_shape", "batch_shape", "build_input_shape", "input_dtype"}

_OF_KERAS = ("keras", "builtins", "tensorflow", "tf_keras")

# Choices by name in which an object without arguments reads better.
_BY_NAME = ("initializer", "activation", "regularizer", "constraint")


def arguments_of(entry: Kind | Entry, config: Mapping[str, Any], dropped: list[str] | None = None) -> dict[str, Any]:
    """The arguments of a kind from the config of one; those that this Keras does not know go to `dropped`.

    Raises Foreign for a value that is code or of somebody's own class."""
    found: dict[str, Any] = {}
    for name, given in config.items():
        known = entry.parameters.get(name)
        if known is None:
            if name not in _LEFT_OUT and given and dropped is not None:
                dropped.append(name)
            continue
        value = plain_value(given, known.type)
        if not _is_default(value, known):
            found[name] = value
    return found


def plain_value(value: Any, type: str = "") -> Any:
    """One value of a config as a notebook keeps it: objects as `{"kind", "params"}`, tuples as lists."""
    if isinstance(value, list | tuple):
        return [plain_value(item, type) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise Foreign(f"has the argument {value}, which a notebook cannot hold")
    if not isinstance(value, Mapping):
        return value
    name, config = value.get("class_name"), value.get("config")
    if name is None:
        return {str(key): plain_value(item) for key, item in value.items()}
    module = str(value.get("module") or "")
    match name:
        case "__tuple__":
            return [plain_value(item, type) for item in value.get("items") or config or ()]
        case "__tensor__" | "__numpy__" if isinstance(config, Mapping):
            return plain_value(config.get("value"))
        case "DTypePolicy" | "Policy" if isinstance(config, Mapping):
            return config.get("name")
        case "SeedGenerator" if isinstance(config, Mapping):
            return config.get("seed")
        case "function" | "__builtin__":
            return _function(config, type, value)
        case "__lambda__":
            raise Foreign("holds a Python function, which is code")
    if module and module.partition(".")[0] not in _OF_KERAS:
        raise Foreign(f"uses {name} of {module}")
    return _object(str(name), config if isinstance(config, Mapping) else {}, type)


def _function(config: Any, type: str, value: Mapping[str, Any]) -> str:
    registered = str(value.get("registered_name") or "function")
    if isinstance(config, str) and config in known_names(type) and registered in ("function", config):
        return config
    raise Foreign(f"uses the function {registered if config is None else config}, which is code")


def _object(name: str, config: Mapping[str, Any], type: str) -> Any:
    entry = find_entry(type, name)
    if entry is None and (found := known_alias(type, name)) is not None:
        entry, name = find_entry(type, found), found
    if name == "StackedRNNCells" and isinstance(config.get("cells"), list):
        return [plain_value(cell, "layer") for cell in config["cells"]]
    if entry is None:
        raise Foreign(f"uses {name}, which is not of Keras")
    if isinstance(config.get("layers"), list) and type in ("layer", "layers", ""):
        raise Foreign(f"holds a whole model, {config.get('name', name)}")
    params = arguments_of(entry, config)
    # Keras makes no Constant by its name alone.
    if not params and type in _BY_NAME and name != "Constant" and snake_case(name) in known_names(type):
        return snake_case(name)
    return {"kind": name, "params": params}


def known_alias(type: str, name: str) -> str | None:
    """The class that Keras means by an older name of it: `RandomUniform` was `Uniform`."""
    older = {"L1L2": "L1L2", "l1l2": "L1L2", "Uniform": "RandomUniform", "Normal": "RandomNormal", "Zero": "Zeros"}
    found = older.get(name)
    return found if found is not None and find_entry(type, found) is not None else None


def _is_default(value: Any, known: Parameter) -> bool:
    if known.required:
        return False
    if same(value, known.default):
        return True
    match value, known.default:
        case ({"kind": kind, "params": {}}, str() as text):
            return snake_case(str(kind)) == text
        case (str() as given, str() as text):
            return snake_case(given) == text
        # The policy that every layer has when nobody sets one.
        case ("float32", None):
            return known.type == "dtype"
        case ("channels_last", None):
            return known.name == "data_format"
        case ("linear", None):
            return known.type == "activation"
        case (list() as sizes, int() as size) if not isinstance(size, bool):
            return bool(sizes) and known.type == "sizes" and all(same(item, size) for item in sizes)
        case (int() | float() as number, int() | float() as other):
            return not isinstance(number, bool) and not isinstance(other, bool) and number == other
    return False
