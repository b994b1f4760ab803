"""What reaches a call, sorted by the ports and parameters of its kind. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..catalogue_types import Kind
from .argument_values import plain_value
from .model_config import Constant, Foreign, LayerCall, Tensor, tensors_in

# What the training loop decides, and what Keras writes into calls by itself.
_NOT_KEPT = ("training",)

# More numbers than these do not belong in a drawing.
MOST_NUMBERS = 10_000


@dataclass(slots=True)
class Bound:
    """`wires` are port, place in the port's list, and the tensor; `params` the constants of the call."""

    wires: list[tuple[str, int, Tensor]] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)


def bind(kind: Kind, call: LayerCall, names: Sequence[str]) -> Bound:
    """Where each argument of a call goes; `names` are those of the call's arguments, in order.

    Raises Foreign for what no port or parameter takes."""
    bound = Bound()
    for name, value in _named(call, names):
        ports = [port for port in kind.inputs if (port.argument or port.name).removeprefix("*") == name]
        has_tensors = next(tensors_in(value), None) is not None
        if not has_tensors:
            _constant(bound, kind, name, value, bool(ports))
        elif not ports:
            raise Foreign(f"takes a tensor at {name}, where {kind.name} has no port")
        elif len(ports) > 1:
            items = value if isinstance(value, list) else [value]
            if len(items) > len(ports):
                raise Foreign(f"takes {len(items)} tensors at {name}, where {kind.name} has {len(ports)} ports")
            for port, item in zip(ports, items, strict=False):
                if item is not None:
                    bound.wires.append((port.name, 0, _tensor(item, name)))
        elif ports[0].many:
            for place, item in enumerate(_flat(value)):
                if item is None:
                    raise Foreign(f"takes nothing at place {place + 1} of {name}, which only a wire could tell")
                bound.wires.append((ports[0].name, place, _tensor(item, name)))
        else:
            bound.wires.append((ports[0].name, 0, _tensor(value, name)))
    return bound


def _named(call: LayerCall, names: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Arguments with their names: those by place first."""
    args = list(call.args)
    # A recurrent layer may get its states in one list with the sequences, as Keras 1 and 2 wrote them.
    if "initial_state" in names and len(args) == 1 and isinstance(args[0], list) and len(args[0]) > 1:
        yield names[0], args[0][0]
        yield "initial_state", args[0][1:]
        args = []
    for place, value in enumerate(args):
        if place < len(names) and names[place].startswith("*"):
            yield names[place][1:], args[place:]
            break
        if place >= len(names):
            if value is not None:
                raise Foreign(f"is called with {len(args)} arguments, which are more than it takes")
            continue
        yield names[place], value
    yield from call.kwargs.items()


def _constant(bound: Bound, kind: Kind, name: str, value: Any, is_port: bool) -> None:
    if value is None or name in _NOT_KEPT or (name == "mask" and isinstance(value, list)):
        return
    known = kind.parameters.get(name)
    if known is None:
        if value is False or value == []:
            return
        raise Foreign(f"takes a constant at {name}, where {kind.name} {'needs a wire' if is_port else 'takes none'}")
    plain = plain_constant(value)
    if known.required or plain != known.default or isinstance(plain, bool) != isinstance(known.default, bool):
        bound.params[name] = plain


def plain_constant(value: Any) -> Any:
    """A constant as JSON. Raises Foreign for what is too large."""
    if isinstance(value, Constant):
        if _count(value.value) > MOST_NUMBERS:
            raise Foreign(f"holds {_count(value.value):,} numbers, which is too much for a drawing")
        return plain_value(value.value)
    if isinstance(value, list):
        return [plain_constant(item) for item in value]
    if isinstance(value, Mapping) and "class_name" not in value:
        return {key: plain_constant(item) for key, item in value.items()}
    return plain_value(value)


def _count(value: Any) -> int:
    return sum(map(_count, value)) if isinstance(value, list) else 1


def _flat(value: Any) -> list[Any]:
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        return _flat(value[0])
    return value if isinstance(value, list) else [value]


def _tensor(value: Any, name: str) -> Tensor:
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, Tensor):
        return value
    raise Foreign(f"takes something at {name} that is no single tensor")
