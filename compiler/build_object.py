"""From plain JSON arguments to Keras objects. Imports Keras: child processes only."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Mapping
from typing import Any

import keras

from .call_style import as_tensor, call_arguments, split_params
from .catalogue_types import Entry, Kind
from .plain_values import index_part, is_index, is_numeric
from .public_names import entry_of


class BuildError(Exception):
    """What Keras would not build, although it was checked; `node` is the id of the node at fault."""

    def __init__(self, message: str, node: str = "", parameter: str = "") -> None:
        super().__init__(message)
        self.node = node
        self.parameter = parameter


@functools.cache
def public_object(path: str) -> Any:
    """The class or function of a public path: `keras.layers.Dense`, `my_package.layers.Gate`.

    Raises BuildError where there is none."""
    if path.startswith("weftwork_code."):
        from .code.load import CodeFailed, load_own

        try:
            return load_own(path)
        except CodeFailed as error:
            raise BuildError(str(error)) from error
    parts = path.split(".")
    for length in range(len(parts) - 1, 0, -1):
        module_name = ".".join(parts[:length])
        try:
            found: Any = importlib.import_module(module_name)
        except ModuleNotFoundError as error:
            if error.name != module_name and not module_name.startswith(f"{error.name}."):
                raise
            continue
        try:
            return functools.reduce(getattr, parts[length:], found)
        except AttributeError:
            continue
    raise BuildError(f"Python knows no {path}")


def build_object(value: Any, type: str = "") -> Any:
    """The Python value of one argument: objects made, lists of numbers as tuples.

    `type` is the type of the parameter that it is for (see `catalogue_types.Parameter`); it decides between
    classes of one name."""
    if isinstance(value, Mapping):
        if "kind" not in value:
            part = index_part(value)
            if part is not None:
                return part
            return {key: build_object(item) for key, item in value.items()}
        name = str(value["kind"])
        try:
            entry = entry_of(name, type)
        except KeyError:
            raise BuildError(f"{name} is in no part of the catalogue") from None
        return public_object(entry.keras)(**build_arguments(entry, value.get("params") or {}))
    if isinstance(value, list | tuple):
        items = [build_object(item, type) for item in value]
        return tuple(items) if is_numeric(value) or is_index(value) else items
    return value


def build_arguments(entry: Kind | Entry, params: Mapping[str, Any]) -> dict[str, Any]:
    """The keyword arguments of a kind or entry, as Python values. Raises BuildError, naming the parameter."""
    arguments = {}
    for name, value in params.items():
        known = entry.parameters.get(name)
        try:
            arguments[name] = build_object(value, known.type if known else "")
        except BuildError as error:
            error.parameter = name
            raise
        except Exception as error:
            raise BuildError(str(error), parameter=name) from error
    return arguments


def build_layer(kind: Kind, params: Mapping[str, Any], name: str | None = None) -> keras.Layer:
    """The layer, not yet called. `name` goes before a `name` in the params."""
    made, _ = split_params(kind, params)
    arguments = build_arguments(kind, made)
    if name is not None:
        arguments["name"] = name
    return public_object(kind.keras)(**arguments)


def call(kind: Kind, callee: Any, params: Mapping[str, Any], tensors: Mapping[str, Any]) -> list[Any]:
    """The outputs of a call of a layer or function, in the order of its output ports.

    `params` are the constants of the call; a tensor goes before a constant of the same name."""
    constants = build_arguments(kind, params)
    for name in constants:
        if as_tensor(kind, name, constants[name]):
            constants[name] = keras.ops.convert_to_tensor(constants[name])
    positional, named = call_arguments(kind, constants | dict(tensors))
    return keras.tree.flatten(callee(*positional, **named))
