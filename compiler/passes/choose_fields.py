"""Which data field goes to which Input and Output, where the training cell does not say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ..specs import DataDescription, DataField, Shape


@dataclass(frozen=True, slots=True)
class Boundary:
    """An Input or Output that wants a field; `shape` has no batch axis, None while it is unknown."""

    node: str
    name: str
    shape: Shape | None


@dataclass(slots=True)
class Assignment:
    """What was chosen, by node; for the others `candidates` are the fields that could be meant."""

    chosen: dict[str, str] = field(default_factory=dict)
    candidates: dict[str, tuple[str, ...]] = field(default_factory=dict)


def choose_inputs(inputs: Sequence[Boundary], taken: Iterable[str], data: DataDescription) -> Assignment:
    """A feature for each Input: the one of its name, else the only one, else the only one of its shape."""
    features = [given for given in data.fields.values() if given.role == "feature" and given.name not in set(taken)]
    return _assign(inputs, features, lambda boundary, given: same_shape(boundary.shape, given.shape))


def choose_targets(outputs: Sequence[Boundary], taken: Iterable[str], data: DataDescription) -> Assignment:
    """A target for each Output: the one of its name, else the only one, else the only one that fits."""
    targets = [given for given in data.fields.values() if given.role == "target" and given.name not in set(taken)]
    return _assign(outputs, targets, lambda boundary, given: target_fits(boundary.shape, given))


def choose_inputs_as_targets(outputs: Sequence[Boundary], inputs: Sequence[Boundary]) -> dict[str, str]:
    """For Outputs without a target: the one Input whose shape they have, as an autoencoder gives back what it got."""
    chosen = {}
    for output in outputs:
        alike = [given.node for given in inputs if output.shape is not None and same_shape(output.shape, given.shape)]
        if len(alike) == 1:
            chosen[output.node] = alike[0]
    return chosen


def same_shape(left: Shape | None, right: Shape | None) -> bool:
    """Whether two shapes may be equal; unknown sizes may be anything."""
    if left is None or right is None:
        return True
    return len(left) == len(right) and all(None in pair or pair[0] == pair[1] for pair in zip(left, right, strict=True))


def target_fits(shape: Shape | None, target: DataField) -> bool:
    """Whether an output of this shape can be compared with the target: codes want a unit for each class, or one."""
    if shape is None or same_shape(shape, target.shape):
        return True
    if shape[-1:] == (1,) and same_shape(shape[:-1], target.shape):
        return True
    return (
        target.content == "category"
        and same_shape(shape[:-1], target.shape)
        and (not target.classes or shape[-1] in (None, len(target.classes)))
    )


def _assign(
    boundaries: Sequence[Boundary], fields: Sequence[DataField], fits: Callable[[Boundary, DataField], bool]
) -> Assignment:
    result = Assignment()
    free = {given.name: given for given in fields}
    for boundary in boundaries:
        named = next((name for name in free if name.lower() == boundary.name.lower()), None)
        if named:
            result.chosen[boundary.node] = named
            del free[named]
    waiting = [boundary for boundary in boundaries if boundary.node not in result.chosen]
    if len(waiting) == 1 and len(free) == 1:
        result.chosen[waiting[0].node] = next(iter(free))
        return result
    progress = True
    while progress and waiting:
        progress = False
        for boundary in list(waiting):
            possible = [name for name, given in free.items() if fits(boundary, given)]
            rivals = [
                other
                for other in waiting
                if other is not boundary and any(fits(other, free[name]) for name in possible)
            ]
            if len(possible) == 1 and not rivals:
                result.chosen[boundary.node] = possible[0]
                del free[possible[0]]
                waiting.remove(boundary)
                progress = True
    for boundary in waiting:
        possible = [name for name, given in free.items() if fits(boundary, given)]
        result.candidates[boundary.node] = tuple(possible or free)
    return result
