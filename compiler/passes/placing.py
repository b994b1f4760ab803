"""A flat Program in the place of a node: its calls and layers with longer paths and names, and other tensors arriving.

A hundred nodes for one network hold thousands of calls. After an edit of that network only what differs is made anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from ..identity import Same
from ..nesting.network_kinds import TRAINABLE
from ..program import Call, Layer, Program, Value


class Where(NamedTuple):
    """`prefix` begins the paths of the nodes and `owner` those of the layers: another one's where weights are shared.
    `name` begins the layers' names, but for those in `renamed`; `given` says, by Input, what arrives."""

    prefix: str
    owner: str
    name: str
    given: tuple[tuple[str, Value], ...]
    trainable: bool
    renamed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A network laid out in the place of a node. `calls` are in the order of its own Program."""

    layers: dict[str, Layer]
    calls: tuple[Call, ...]
    outputs: dict[str, Value]


class _Kept(NamedTuple):
    """What two Programs have in common: for each call of the later one the index of the same call in the earlier one,
    None for none; and the layers that are the same."""

    calls: tuple[int | None, ...]
    layers: frozenset[str]


_places: dict[tuple[str, Where], tuple[Program, Placed]] = {}
_REMEMBERED = 5000


def placed_at(program: Program, where: Where) -> Placed:
    """A flat Program in its place."""
    key = program.name, where
    before = _places.pop(key, None)
    if before is not None and before[0] is program:
        one = before[1]
    elif before is not None:
        one = _placed(program, where, before[1], _kept(Same(before[0]), Same(program)))
    else:
        one = _placed(program, where, Placed({}, (), {}), _Kept((None,) * len(program.calls), frozenset()))
    while len(_places) >= _REMEMBERED:
        _places.pop(next(iter(_places)), None)
    _places[key] = program, one
    return one


def _placed(program: Program, where: Where, before: Placed, kept: _Kept) -> Placed:
    prefix, owner, name, given, trainable, renamed = where
    names = dict(renamed)
    values = {Value(node): value for node, value in given}

    def moved(value: Value) -> Value:
        return values.get(value) or Value(prefix + value.node, value.port)

    def call(own: Call) -> Call:
        return Call(
            prefix + own.node,
            names.get(own.node) or f"{name}_{own.name}",
            own.kind,
            owner + own.layer if own.layer else "",
            {
                argument: moved(one) if isinstance(one, Value) else tuple(map(moved, one))
                for argument, one in own.arguments.items()
            },
            own.params,
            own.outputs,
        )

    layers = {}
    for id_, layer in program.layers.items():
        if id_ in kept.layers:
            layers[owner + id_] = before.layers[owner + id_]
            continue
        params = layer.params if trainable else {**layer.params, TRAINABLE: False}
        layers[owner + id_] = Layer(owner + id_, names.get(id_) or f"{name}_{layer.name}", layer.kind, params)
    calls = tuple(
        [
            call(own) if index is None else before.calls[index]
            for own, index in zip(program.calls, kept.calls, strict=True)
        ]
    )
    return Placed(layers, calls, {output.name: moved(output.value) for output in program.outputs})


@lru_cache(maxsize=256)
def _kept(before: Same[Program], after: Same[Program]) -> _Kept:
    places = {call.node: index for index, call in enumerate(before.value.calls)}
    calls: list[int | None] = []
    for call in after.value.calls:
        index = places.get(call.node)
        same = index is not None and _same(call, before.value.calls[index])
        calls.append(index if same else None)
    layers = before.value.layers
    kept = frozenset(id_ for id_, layer in after.value.layers.items() if id_ in layers and _same(layer, layers[id_]))
    return _Kept(tuple(calls), kept)


def _same(one: Any, other: Any) -> bool:
    """Equal, and with arguments that are written alike: 1, 1.0 and True are equal."""
    return one == other and repr(one.params) == repr(other.params)
