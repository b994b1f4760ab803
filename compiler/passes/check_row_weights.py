"""Holds the weights of rows and of classes against what is learned."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ..changes import SetField
from ..document import TrainingCell
from ..problems import Fix, Location, Problem
from ..program import Program
from ..specs import DataDescription, DataField
from .check_options import forget
from .choose_loss import has_classes, is_one_hot
from .data_of_outputs import target_field

if TYPE_CHECKING:
    from ..training_choices import TrainingPlan


def check_row_weights(
    cell: TrainingCell, program: Program, plan: TrainingPlan, data: DataDescription
) -> Iterator[Problem]:
    """Class weights where there are no classes, or not those; both kinds of weights at once, which Keras refuses."""
    if plan.class_weight is None:
        if plan.weighted_metrics and not plan.sample_weight:
            message = "Metrics are to count the weights of rows or classes, but there are none."
            fix = Fix("Count every row alike", (forget(cell, "weighted_metrics"),))
            at = Location(cell.name, parameter="options.weighted_metrics")
            yield Problem("T442", message, at, severity="warning", fixes=(fix,))
        return
    at = Location(cell.name, parameter="options.class_weight")
    no_weights = Fix("Forget the class weights", (forget(cell, "class_weight"),))
    if plan.sample_weight:
        only = SetField(cell=cell.id, field="options", key="sample_weight", value=False)
        yield Problem(
            "T442",
            f"Rows are weighted by {plan.sample_weight} and by their class; Keras takes one of the two.",
            at,
            fixes=(no_weights, Fix(f"Do not weight rows by {plan.sample_weight}", (only,))),
        )
        return
    targets = [target_field(plan.targets.get(output.node, ""), plan.inputs, data) for output in program.outputs]
    reason = _unfit(targets)
    if reason:
        yield Problem("T441", reason, at, fixes=(no_weights,))
    elif isinstance(plan.class_weight, dict) and targets[0] is not None:
        yield from _names(cell, plan.class_weight, targets[0], at)


def classes_of(program: Program, plan: TrainingPlan, data: DataDescription) -> tuple[str, ...]:
    """The classes whose rows can be weighted; () where there are none."""
    targets = [target_field(plan.targets.get(output.node, ""), plan.inputs, data) for output in program.outputs]
    return () if _unfit(targets) or targets[0] is None else targets[0].classes


def _unfit(targets: list[DataField | None]) -> str:
    if len(targets) > 1:
        return "Class weights are for a network with one Output; Keras cannot tell whose classes are meant."
    target = targets[0] if targets else None
    if target is None:
        return ""
    if not has_classes(target) or not target.classes:
        return f"{target.name} has no classes that could be weighted."
    if target.shape and not (is_one_hot(target) and len(target.shape) == 1):
        return f"{target.name} has several classes a row; class weights are for one."
    return ""


def _names(cell: TrainingCell, weights: dict[str, float], target: DataField, at: Location) -> Iterator[Problem]:
    for name in weights:
        if name in target.classes:
            continue
        fixes = [Fix(f"Forget {name}", (forget(cell, "class_weight", name),))]
        free = [other for other in target.classes if other not in weights]
        for close in get_close_matches(name, free, n=1):
            renamed = {close if key == name else key: value for key, value in weights.items()}
            change = SetField(cell=cell.id, field="options", key="class_weight", value=renamed)
            fixes.insert(0, Fix(f"It is called {close}", (change,)))
        listed = ", ".join(target.classes[:12]) + (", …" if len(target.classes) > 12 else "")
        message = f"There is a weight for the class {name}, which {target.name} does not have."
        yield Problem("T441", message, at, help=f"Its classes are {listed}.", fixes=tuple(fixes))
