"""Holds callbacks against the rest of the training: what they watch must be there, what they change must be free."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..catalogue import catalogue
from ..changes import SetField
from ..document import Choice, TrainingCell
from ..labels import snake_case
from ..metric_names import named
from ..problems import Fix, Location, Problem
from ..program import Program
from ..specs import DataDescription
from .run_callbacks import MONITORING, REFUSED

if TYPE_CHECKING:
    from ..training_choices import TrainingPlan


def check_callbacks(cell: TrainingCell) -> Iterator[Problem]:
    """What can be said without data: callbacks that a run refuses, or that contradict the optimizer."""
    for index, callback in enumerate(cell.callbacks):
        without = _with(cell, index, None, f"Remove {callback.kind}")
        if callback.kind in REFUSED:
            message = f"{callback.kind} is not used in a run. {REFUSED[callback.kind]}"
            yield Problem("T448", message, _at(cell), fixes=(without,))
        elif callback.kind == "SwapEMAWeights" and cell.optimizer.params.get("use_ema") is not True:
            params = {**cell.optimizer.params, "use_ema": True}
            average = SetField(cell=cell.id, field="optimizer", value={"kind": cell.optimizer.kind, "params": params})
            yield Problem(
                "T447",
                "SwapEMAWeights needs an average of the weights, which the optimizer does not keep.",
                _at(cell),
                fixes=(Fix("Let the optimizer keep it (use_ema)", (average,)), without),
            )
        elif callback.kind == "ReduceLROnPlateau" and isinstance(cell.optimizer.params.get("learning_rate"), dict):
            params = {name: value for name, value in cell.optimizer.params.items() if name != "learning_rate"}
            constant = SetField(cell=cell.id, field="optimizer", value={"kind": cell.optimizer.kind, "params": params})
            yield Problem(
                "T447",
                "ReduceLROnPlateau cannot lower a learning rate that follows a schedule.",
                _at(cell),
                fixes=(without, Fix("Give the optimizer a constant learning rate", (constant,))),
            )


def check_monitors(
    cell: TrainingCell, program: Program, plan: TrainingPlan, data: DataDescription
) -> Iterator[Problem]:
    """A callback that watches a value which no epoch has does nothing, and Keras hardly says so."""
    names = logged_names(program, plan, data)
    for index, callback in enumerate(cell.callbacks):
        watched = callback.params.get("monitor", "val_loss")
        if callback.kind not in MONITORING or not isinstance(watched, str) or watched in names:
            continue
        help = f"An epoch has {', '.join(names)}."
        if watched.startswith("val_") and not data.validation_rows:
            help = f"{cell.data} holds back no rows for validation."
        better = watched.removeprefix("val_") if watched.removeprefix("val_") in names else ""
        better = better or ("val_loss" if "val_loss" in names else "loss")
        watching = {"kind": callback.kind, "params": {**callback.params, "monitor": better}}
        yield Problem(
            "T447",
            f"{callback.kind} watches {watched}, which this training does not have.",
            _at(cell),
            severity="warning",
            help=help,
            fixes=(
                _with(cell, index, watching, f"Watch {better}"),
                _with(cell, index, None, f"Remove {callback.kind}"),
            ),
        )


def logged_names(program: Program, plan: TrainingPlan, data: DataDescription) -> list[str]:
    """The values of an epoch as Keras calls them: losses and metrics, and with validation rows those of validation."""
    several = len(program.outputs) > 1
    names = ["loss"]
    names += [f"{output.name}_loss" for output in program.outputs if several]
    for output in program.outputs:
        for metric in plan.metrics.get(output.node, ()):
            name = metric_name(metric)
            names.append(f"{output.name}_{name}" if several else name)
    return [*names, *(f"val_{name}" for name in names)] if data.validation_rows else names


def metric_name(metric: Choice) -> str:
    """What a metric is called in the logs."""
    own = named(metric).params.get("name")
    if own:
        return str(own)
    entry = catalogue().metrics.get(metric.kind)
    declared = entry.parameters.get("name") if entry else None
    if declared is not None and declared.default:
        return str(declared.default)
    return snake_case(metric.kind)


def _with(cell: TrainingCell, index: int, callback: dict[str, Any] | None, title: str) -> Fix:
    kept = [other.model_dump() for other in cell.callbacks]
    kept[index : index + 1] = [callback] if callback else []
    return Fix(title, (SetField(cell=cell.id, field="callbacks", value=kept),))


def _at(cell: TrainingCell) -> Location:
    return Location(cell.name, parameter="callbacks")
