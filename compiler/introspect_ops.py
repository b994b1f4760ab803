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
from .overlay import addresses, families, op_ports, synonyms, unbuildable

_INNER = ("image", "linalg", "nn", "numpy")


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
    plain = {port.name for port, constant in ports if not constant}
    or_constant = {port.name for port, constant in ports if constant}
    parameters = signature_parameters(function, function.__doc__, f"ops.{path}", leave_out=("name", *plain))
    return Kind(
        name=f"ops.{path}",
        group="op",
        family=families.of_op(path, function.__module__),
        keras=f"keras.ops.{path}",
        help=first_sentence(function.__doc__),
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
    arguments = inspect.signature(function).parameters
    named = op_ports.PORTS.get(path)
    if named is None:
        named = tuple(name for name in arguments if name in op_ports.TENSORS)
    found = []
    for entry in named:
        name = entry.strip("*=")
        argument = arguments[name]
        spread = argument.kind == argument.VAR_POSITIONAL
        or_constant = entry.endswith("=")
        found.append(
            (
                Port(
                    name,
                    argument=f"*{name}" if spread else "",
                    many=spread or entry.startswith("*") or name in op_ports.LISTS,
                    required=not or_constant and argument.default in (inspect.Parameter.empty,),
                ),
                or_constant,
            )
        )
    return found
