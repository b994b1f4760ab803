"""How a kind is called: which arguments stand without their names. Both back ends call alike. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .catalogue_types import Kind

# Functions with **kwargs: the entries of this argument are arguments of their own.
UNPACKED = {"ops.rearrange": "axes_lengths"}

# Functions whose signature mixes tensors and constants: so many arguments of ours stand at its beginning.
IN_PLACE = {"ops.average": 1, "ops.batch_normalization": 3, "ops.full": 0, "ops.image.scale_and_translate": 1}

# Constants that these functions take as tensors only, lists refused.
AS_TENSORS = {("ops.digitize", "bins"), ("ops.searchsorted", "sorted_sequence")}


def as_tensor(kind: Kind, name: str, value: Any) -> bool:
    """Whether a constant of a call has to be made a tensor: where Keras takes no list, and where it would take a list
    between two tensors for no numbers."""
    if (kind.name, name) in AS_TENSORS:
        return True
    return kind.group == "op" and name in ("x1", "x2") and isinstance(value, list | tuple)


def split_params(kind: Kind, params: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A layer's own arguments, and those that it takes when it is called (`use_causal_mask`)."""
    at_call = {name for name, known in kind.parameters.items() if known.at_call}
    return (
        {name: value for name, value in params.items() if name not in at_call},
        {name: value for name, value in params.items() if name in at_call},
    )


def call_arguments(kind: Kind, given: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """`given` as positional and named arguments of a call of this kind, in the order of its signature.

    A layer takes its required tensors by place and all else by name; an operation its tensors and required
    constants. An argument that begins with `*` is spread over places of its own."""
    rest = dict(given)
    positional: list[Any] = []
    for name in places(kind):
        if name not in rest:
            break
        value = rest.pop(name)
        if name.startswith("*"):
            positional += value if isinstance(value, list | tuple) else [value]
        else:
            positional.append(value)
    unpacked = rest.get(UNPACKED.get(kind.name, ""))
    if isinstance(unpacked, Mapping):
        del rest[UNPACKED[kind.name]]
        rest.update(unpacked)
    return positional, rest


def places(kind: Kind) -> list[str]:
    """The names of a call's arguments that may stand without their names, in order."""
    ports = list(dict.fromkeys(port.argument or port.name for port in kind.inputs))
    if kind.group != "op":
        required = {port.argument or port.name for port in kind.inputs if port.required}
        return [name for index, name in enumerate(ports) if name in required or index == 0]
    constants = [name for name, known in kind.parameters.items() if known.required and name not in ports]
    spread = [name for name in ports if name.startswith("*")]
    in_order = constants + spread if spread else ports + constants
    return in_order[: IN_PLACE.get(kind.name)]
