"""The operations of Keras by the classes that stand in configs, and what their calls' arguments are named.

Imports Keras: child processes only.
"""

from __future__ import annotations

import inspect
from functools import cache

from keras.src.ops.operation import Operation

from ..build_object import public_object
from ..catalogue import catalogue
from ..catalogue_types import Kind
from ..labels import operation_name

# Classes that several functions make, and those with a name of their own.
_KINDS = {
    "Correlate": "ops.correlate",
    "Transpose": "ops.transpose",
    "Mean": "ops.mean",
}


@cache
def kinds_by_operation() -> dict[str, Kind]:
    """Kinds by the class that Keras makes for them, in lower case: `getitem` → `ops.get_item`."""
    found: dict[str, Kind] = {}
    for name, kind in catalogue().kinds.items():
        if kind.group == "op":
            for word in (operation_name(name), name.rpartition(".")[2]):
                found.setdefault(word.replace("_", ""), kind)
    return found


def operation_kind(class_name: str) -> Kind | None:
    """The kind that a class of operations is; None for one that is no public function."""
    if class_name in _KINDS:
        return catalogue().kinds.get(_KINDS[class_name])
    return kinds_by_operation().get(class_name.lower())


@cache
def call_names(path: str, class_name: str = "") -> tuple[str, ...]:
    """The names of a call's arguments in order, a `*` before one that takes all further ones."""

    callee = _operation_classes().get(class_name) if class_name else None
    function = callee.call if callee is not None else getattr(public_object(path), "call", None)
    function = function or public_object(path)
    names = []
    for name, parameter in inspect.signature(function).parameters.items():
        if name != "self" and parameter.kind != parameter.VAR_KEYWORD:
            names.append(f"*{name}" if parameter.kind == parameter.VAR_POSITIONAL else name)
    return tuple(names)


@cache
def _operation_classes() -> dict[str, type]:
    found: dict[str, type] = {}
    waiting = list(Operation.__subclasses__())
    while waiting:
        one = waiting.pop()
        if one.__module__.startswith("keras.src.ops"):
            found.setdefault(one.__name__, one)
            waiting += one.__subclasses__()
    return found
