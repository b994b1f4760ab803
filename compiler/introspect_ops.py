"""Every public function of `keras.ops` as a Kind, named `ops.add`, `ops.image.resize`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import keras

from .catalogue_types import Kind, Parameter, Port
from .introspect_docstring import first_sentence
from .introspect_parameters import signature_parameters
from .overlay import addresses, families, op_help, op_ports, synonyms, unbuildable

_INNER = ("image", "linalg", "nn", "numpy")

# What Keras takes as keywords of any name is one parameter here: an object with those names.
_KEYWORDS = {
    "rearrange": Parameter(
        "axes_lengths", "json", default={}, help="Lengths of axes that the pattern names but the tensor does not tell."
    )
}


def public_functions() -> Iterator[tuple[Any, list[str]]]:
    """Each operation with all of its public paths below `keras.ops`, the shortest first."""
    paths: dict[Any, list[str]] = {}
    for prefix, module in (("", keras.ops), *((f"{name}.", getattr(keras.ops, name)) for name in _INNER)):
        for name in sorted(vars(module)):
            value = getattr(module, name)
            if inspect.isfunction(value) and not name.startswith("_"):
                paths.setdefault(value, []).append(prefix + name)
    yield from paths.items()


def op_kinds() -> dict[str, Kind]:
    """All operations by name."""
    return {f"ops.{paths[0]}": _kind(function, paths) for function, paths in public_functions()}


def _kind(function: Any, paths: list[str]) -> Kind:
    path = paths[0]
    ports = _ports(path, function)
    or_constant = {port.name for port, constant in ports if constant}
    plain = {port.argument or port.name for port, constant in ports if not constant}
    parameters = signature_parameters(function, function.__doc__, f"ops.{path}", leave_out=plain)
    if path in _KEYWORDS:
        parameters |= {_KEYWORDS[path].name: _KEYWORDS[path]}
    return Kind(
        name=f"ops.{path}",
        group="op",
        family=families.of_op(path, function.__module__),
        keras=f"keras.ops.{path}",
        help=op_help.SENTENCES.get(path) or first_sentence(function.__doc__),
        url=addresses.of_op(path, function.__module__),
        inputs=tuple(port for port, _ in ports),
        outputs=(Port("output"),),
        parameters={
            name: _or_tensor(parameter) if name in or_constant else parameter for name, parameter in parameters.items()
        },
        synonyms=(*(f"ops.{other}" for other in paths[1:]), *synonyms.OF_OPS.get(path, ())),
        unbuildable=unbuildable.OPS.get(path, ""),
    )


def _or_tensor(parameter: Parameter) -> Parameter:
    # What may be a tensor may be a number or a list of numbers: any JSON.
    return replace(parameter, type="json", minimum=None, maximum=None, choices=())


def _ports(path: str, function: Any) -> list[tuple[Port, bool]]:
    """Each port, and whether a constant may stand in for it."""
    arguments = inspect.signature(function).parameters
    entries = op_ports.PORTS.get(path)
    if entries is None:
        entries = tuple(name for name in arguments if name in op_ports.TENSORS)
    found = []
    for entry in entries:
        name, _, argument = entry.strip("*=?").partition("<")
        argument = argument or name
        if arguments[argument].kind == inspect.Parameter.VAR_POSITIONAL:
            argument = f"*{argument}"
        port = Port(
            name,
            argument=argument if argument != name else "",
            many=entry.startswith("*"),
            required=entry[-1] not in "=?",
        )
        found.append((port, entry.endswith("=")))
    return found
