"""From an argument in a signature to a Parameter: its widget, its range and its sentence."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from .catalogue_types import Parameter
from .introspect_docstring import argument_texts, plain_sentence
from .overlay import parameter_help, parameter_types


def signature_parameters(
    function: Any, docstring: str | None, owner: str, *, leave_out: Iterable[str] = ()
) -> dict[str, Parameter]:
    """The named arguments of `function` in their order; `owner` is the name under which the overlay speaks."""
    texts = argument_texts(docstring)
    found = {}
    for name, argument in inspect.signature(function).parameters.items():
        if name == "self" or name in leave_out or argument.kind in (argument.VAR_KEYWORD, argument.VAR_POSITIONAL):
            continue
        required = argument.default is inspect.Parameter.empty
        default = None if required else json_value(argument.default)
        found[name] = describe(owner, name, default, required, texts)
    return found


def describe(owner: str, name: str, default: Any, required: bool, texts: Mapping[str, str]) -> Parameter:
    """One argument, with what the overlay says of it: of this owner's first, else of the name anywhere."""
    parameter = Parameter(
        name,
        type=_type_of(default),
        default=default,
        required=required,
        nullable=not required and default is None,
        help=parameter_help.for_argument(owner, name) or plain_sentence(texts.get(name, "")),
    )
    fields = parameter_types.for_argument(owner, name)
    if not (required or fields.get("required")):
        fields = {key: value for key, value in fields.items() if key != "suggested"}
    return replace(parameter, **fields)


def json_value(default: Any) -> Any:
    """A default as JSON can hold it: tuples become lists, functions and classes their names."""
    if isinstance(default, tuple | list):
        return [json_value(item) for item in default]
    if default is None or isinstance(default, bool | int | float | str):
        return default
    return getattr(default, "__name__", None) or str(default)


def _type_of(default: Any) -> str:
    if isinstance(default, bool):
        return "bool"
    if isinstance(default, int):
        return "int"
    if isinstance(default, float):
        return "float"
    return "text" if isinstance(default, str) else "json"
