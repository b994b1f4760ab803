"""Checks the Keras objects that a training cell names: optimizer, losses, metrics, callbacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..catalogue import catalogue
from ..changes import SetField
from ..document import Choice, TrainingCell
from ..problems import Fix, Location, Problem
from .find_faults import find_faults
from .nested_objects import closest_name

Replace = Callable[[dict[str, Any] | None], SetField]


def check_choices(cell: TrainingCell) -> Iterator[Problem]:
    """Objects that Keras does not have, and arguments that they do not take."""

    def whole(field: str) -> Replace:
        return lambda choice: SetField(cell=cell.id, field=field, value=choice or {"kind": "Adam"})

    def entry(field: str, key: str) -> Replace:
        return lambda choice: SetField(cell=cell.id, field=field, key=key, value=choice)

    def item(field: str, choices: tuple[Choice, ...], index: int, key: str | None = None) -> Replace:
        def change(choice: dict[str, Any] | None) -> SetField:
            kept = [other.model_dump() for other in choices]
            kept[index : index + 1] = [choice] if choice else []
            return SetField(cell=cell.id, field=field, key=key, value=kept)

        return change

    yield from _choice(cell, "optimizer", "optimizer", cell.optimizer, whole("optimizer"))
    for key, loss in cell.losses.items():
        yield from _choice(cell, "loss", "losses", loss, entry("losses", key), key)
    for key, metrics in cell.metrics.items():
        for index, metric in enumerate(metrics):
            yield from _choice(cell, "metric", "metrics", metric, item("metrics", metrics, index, key), key)
    for index, callback in enumerate(cell.callbacks):
        yield from _choice(cell, "callback", "callbacks", callback, item("callbacks", cell.callbacks, index))


def _choice(
    cell: TrainingCell, type: str, field: str, choice: Choice, replaced: Replace, node: str = ""
) -> Iterator[Problem]:
    registry = {"loss": catalogue().losses, "metric": catalogue().metrics, "optimizer": catalogue().optimizers}.get(
        type, catalogue().callbacks
    )
    entry, at = registry.get(choice.kind), Location(cell.name, node=node, parameter=field)
    remove = () if type == "optimizer" else (Fix(f"Remove {choice.kind}", (replaced(None),)),)
    if entry is None or entry.unbuildable:
        close = closest_name(type, choice.kind)
        offered = (Fix(f"Use {close}", (replaced({"kind": close, "params": choice.params}),)),) if close else ()
        reason = f"cannot be used here. {entry.unbuildable}" if entry else "is none that Keras has."
        yield Problem("T416", f"The {type} {choice.kind} {reason}", at, fixes=(*offered, *remove))
        return
    for fault in find_faults(choice.params, entry.parameters, choice.kind):
        if fault.path == ("learning_rate",) and fault.code == "P305":
            continue  # check_settings says more about it
        yield Problem(
            fault.code,
            fault.message,
            Location(cell.name, node=node, parameter=".".join((field, *fault.path))),
            help=fault.help,
            fixes=tuple(
                Fix(title, (replaced({"kind": choice.kind, "params": params}),)) for title, params in fault.repairs
            ),
        )
