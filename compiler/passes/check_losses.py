"""Holds each Output's loss and metrics against its target: what would not train, or would learn something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..changes import SetField
from ..document import Choice, NetworkCell, TrainingCell
from ..problems import Fix, Problem
from ..program import Program
from ..specs import DataDescription
from .chains import steps_of_program
from .choose_loss import choose_metrics, has_classes
from .class_losses import CLASS_RULES
from .data_of_outputs import output_shape, target_field
from .loss_case import LossCase
from .quantity_losses import QUANTITY_RULES

if TYPE_CHECKING:
    from ..training_choices import TrainingPlan

_ACCURACIES = frozenset({"Accuracy", "BinaryAccuracy", "CategoricalAccuracy", "SparseCategoricalAccuracy"})


def check_losses(
    network: NetworkCell, cell: TrainingCell, program: Program, plan: TrainingPlan, data: DataDescription
) -> Iterator[Problem]:
    """At most one problem for the loss of an Output, since one mistake shows in many ways."""
    steps = steps_of_program(program)
    for given in program.outputs:
        target = target_field(plan.targets.get(given.node, ""), plan.inputs, data)
        loss = plan.losses.get(given.node)
        if target is None or loss is None:
            continue
        case = LossCase(
            network,
            cell,
            given.node,
            given.name,
            given.value.node,
            output_shape(program, given.node),
            loss,
            target,
            steps,
            program.shapes,
        )
        found = (rule(case) for rule in (CLASS_RULES if has_classes(target) else QUANTITY_RULES))
        problem = next((problem for problem in found if problem is not None), None)
        if problem is not None:
            yield problem
        else:
            yield from _metrics(case, plan.metrics.get(given.node, ()))


def _metrics(case: LossCase, metrics: tuple[Choice, ...]) -> Iterator[Problem]:
    """Keras takes any accuracy for any target; most combinations give a number that means nothing."""
    usual = choose_metrics(case.target, case.loss)
    right = usual[0].kind if has_classes(case.target) and usual else ""
    for index, metric in enumerate(metrics):
        if metric.kind not in _ACCURACIES or metric.kind == right or (has_classes(case.target) and not right):
            continue
        replaced = [other.model_dump() for other in metrics]
        replaced[index] = usual[0].model_dump()
        change = SetField(cell=case.cell.id, field="metrics", key=case.node, value=replaced)
        yield case.problem(
            "T424",
            f"{metric.kind} says nothing of {case.name}, whose loss is {case.loss.kind}.",
            Fix(f"Use {usual[0].kind}", (change,)),
            severity="warning",
            part="metrics",
        )
