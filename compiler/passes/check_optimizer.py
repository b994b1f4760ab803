"""Arguments of the optimizer that Keras takes one by one and refuses together."""

from __future__ import annotations

from collections.abc import Iterator

from ..changes import SetField
from ..document import TrainingCell
from ..problems import Fix, Location, Problem
from .values import fits

_CLIPPING = ("clipnorm", "clipvalue", "global_clipnorm")


def check_optimizer(cell: TrainingCell) -> Iterator[Problem]:
    """At most one problem for each contradiction."""
    params = cell.optimizer.params
    clipping = [name for name in _CLIPPING if params.get(name) is not None]
    if len(clipping) > 1:
        yield Problem(
            "T445",
            f"{cell.optimizer.kind} has {' and '.join(clipping)}; gradients are clipped in one way only.",
            Location(cell.name, parameter=f"optimizer.{clipping[-1]}"),
            fixes=tuple(_without(cell, f"Keep {kept}", [n for n in clipping if n != kept]) for kept in clipping),
        )
    batches = params.get("gradient_accumulation_steps")
    if fits("int", batches) and batches == 1:
        yield Problem(
            "T446",
            "Gradients are gathered over 1 batch; Keras takes 2 or more, or nothing.",
            Location(cell.name, parameter="optimizer.gradient_accumulation_steps"),
            fixes=(_without(cell, "Do not gather gradients", ["gradient_accumulation_steps"]),),
        )
    if params.get("use_ema") is not True and params.get("ema_overwrite_frequency") is not None:
        yield Problem(
            "T446",
            "The average of the weights cannot replace them, since the optimizer does not keep one.",
            Location(cell.name, parameter="optimizer.ema_overwrite_frequency"),
            severity="warning",
            fixes=(
                _with(cell, "Let it keep one (use_ema)", use_ema=True),
                _without(cell, "Forget the replacing", ["ema_overwrite_frequency"]),
            ),
        )
    rate = params.get("learning_rate")
    if isinstance(rate, dict) and rate.get("kind") == "PiecewiseConstantDecay":
        yield from _pieces(cell, rate)


def _pieces(cell: TrainingCell, schedule: dict) -> Iterator[Problem]:
    arguments = schedule.get("params")
    arguments = arguments if isinstance(arguments, dict) else {}
    boundaries, values = arguments.get("boundaries"), arguments.get("values")
    if not isinstance(boundaries, list | tuple) or not isinstance(values, list | tuple):
        return
    if len(values) != len(boundaries) + 1:
        message = f"A schedule with {len(boundaries)} boundaries needs {len(boundaries) + 1} rates, not {len(values)}."
    elif any(not fits("float", value) or value < 0 for value in values):
        message = "The rates of a schedule are numbers from 0."
    elif any(not fits("int", step) for step in boundaries) or list(boundaries) != sorted(set(boundaries)):
        message = "The boundaries of a schedule are steps, each later than the one before."
    else:
        return
    yield Problem("T422", message, Location(cell.name, parameter="optimizer.learning_rate"))


def _without(cell: TrainingCell, title: str, names: list[str]) -> Fix:
    return _set(cell, title, {name: value for name, value in cell.optimizer.params.items() if name not in names})


def _with(cell: TrainingCell, title: str, **params: object) -> Fix:
    return _set(cell, title, {**cell.optimizer.params, **params})


def _set(cell: TrainingCell, title: str, params: dict) -> Fix:
    value = {"kind": cell.optimizer.kind, "params": params}
    return Fix(title, (SetField(cell=cell.id, field="optimizer", value=value),))
