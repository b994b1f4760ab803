"""Parameters and ports from the signatures of somebody's code, by reading it. Pure."""

from __future__ import annotations

import ast
from typing import Any

from ..catalogue_types import Kind, Parameter, Port

_TYPES = {"int": "int", "float": "float", "bool": "bool", "str": "text"}
# What a layer of Keras is told when it is called, and no tensor of the network.
_AT_CALL = frozenset({"training", "mask"})
_BY_NAME = {
    "activation": "activation",
    "kernel_initializer": "initializer",
    "bias_initializer": "initializer",
    "kernel_regularizer": "regularizer",
    "kernel_constraint": "constraint",
    "axis": "axis",
}
# Keras' own arguments of every layer, which nodes have in other ways.
_EVERY_LAYERS = frozenset({"name", "dtype", "trainable"})
_SUGGESTED = {"int": 32, "float": 0.5, "bool": False, "text": "", "activation": "relu"}


def parameters_of(init: ast.FunctionDef | None, base: Kind | None, *, skip: int = 1) -> dict[str, Parameter]:
    """The parameters of `__init__` without `self`; those of the base where they are passed on by `**kwargs`."""
    inherited = dict(base.parameters) if base is not None else {}
    if init is None:
        return inherited
    positional = [*init.args.posonlyargs, *init.args.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(init.args.defaults)) + [*init.args.defaults]
    given = list(zip(positional, defaults, strict=True))[skip:]
    given += list(zip(init.args.kwonlyargs, init.args.kw_defaults, strict=True))
    own = {arg.arg: _parameter(arg, default) for arg, default in given if arg.arg not in _EVERY_LAYERS}
    return {**own, **{name: known for name, known in inherited.items() if init.args.kwarg and name not in own}}


def _parameter(arg: ast.arg, default: ast.expr | None) -> Parameter:
    value, known = _literal(default)
    type_ = _BY_NAME.get(arg.arg) or _annotated(arg.annotation) or _type_of(value)
    if type_ == "initializer" and not isinstance(value, str | type(None)):
        type_ = "json"
    required = default is None
    return Parameter(
        arg.arg,
        type_,
        default=value,
        required=required,
        nullable=not required and value is None,
        suggested=_SUGGESTED.get(type_) if required else None,
        help="" if known else f"Without a value: {ast.unparse(default) if default is not None else ''}",
    )


def _literal(default: ast.expr | None) -> tuple[Any, bool]:
    """The value of a default, and whether it is one that can be read; others count as not given."""
    if default is None:
        return None, True
    try:
        value = ast.literal_eval(default)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None, False
    plain = isinstance(value, str | int | float | bool | list | tuple | dict | type(None))
    return (list(value) if isinstance(value, tuple) else value, True) if plain else (None, False)


def _annotated(annotation: ast.expr | None) -> str:
    if isinstance(annotation, ast.BinOp):
        return _annotated(annotation.left) or _annotated(annotation.right)
    return _TYPES.get(annotation.id, "") if isinstance(annotation, ast.Name) else ""


def _type_of(value: Any) -> str:
    return {bool: "bool", int: "int", float: "float", str: "text"}.get(type(value), "json")


def ports_of(call: ast.FunctionDef | None, base: Kind | None) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
    """Inputs and outputs by the arguments and the result of `call`. The first input is called `inputs`, as in Keras."""
    if call is None:
        return (base.inputs, base.outputs) if base is not None else ((Port("inputs"),), (Port("output"),))
    positional = [*call.args.posonlyargs, *call.args.args][1:]
    without = len(positional) - len(call.args.defaults)
    inputs = []
    for index, arg in enumerate(positional):
        if arg.arg in _AT_CALL or (index and index >= without):
            continue
        name = arg.arg if inputs else "inputs"
        inputs.append(Port(name, argument="" if name == arg.arg else arg.arg, many=_is_list(arg.annotation)))
    count = _results(call.returns)
    outputs = tuple(Port(f"output_{number}") for number in range(1, count + 1)) if count > 1 else (Port("output"),)
    return tuple(inputs) or (Port("inputs"),), outputs


def _is_list(annotation: ast.expr | None) -> bool:
    outer = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return isinstance(outer, ast.Name) and outer.id in ("list", "List")


def _results(returns: ast.expr | None) -> int:
    if not isinstance(returns, ast.Subscript) or not isinstance(returns.value, ast.Name):
        return 1
    several = returns.value.id in ("tuple", "Tuple") and isinstance(returns.slice, ast.Tuple)
    return len(returns.slice.elts) if several and isinstance(returns.slice, ast.Tuple) else 1
