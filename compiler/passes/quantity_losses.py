"""Rules for Outputs that learn quantities: numbers, pictures, series. The first that speaks is the cause."""

from __future__ import annotations

from ..document import Choice
from ..problems import Problem
from .choose_fields import target_fits
from .class_losses import logits
from .loss_case import ONE_HOT, QUANTITIES, SPARSE, LossCase
from .values import shown


def loss_for_classes(case: LossCase) -> Problem | None:
    """Rows of probabilities may be learned with a loss for classes; class numbers and single numbers may not."""
    if case.loss.kind not in SPARSE and not (case.loss.kind in ONE_HOT and _single(case)):
        return None
    message = f"{case.loss.kind} is meant for classes, but {case.target.name} is a quantity."
    return case.problem("T412", message, case.use(Choice(kind="MeanSquaredError")))


def bounded(case: LossCase) -> Problem | None:
    if case.activation != "softmax" or not (_single(case) or case.loss.kind in QUANTITIES):
        return None
    return case.problem(
        "T415",
        f"{case.name} ends in a softmax, whose values add up to 1, but {case.target.name} is a quantity.",
        case.rebuild(activation="linear"),
        severity="error" if _single(case) else "warning",
    )


def shapes(case: LossCase) -> Problem | None:
    shape, wanted = case.shape, case.target.shape
    if shape is None or target_fits(shape, case.target):
        return None
    fix = None
    if len(shape) == len(wanted) and shape[:-1] == wanted[:-1] and wanted[-1] is not None:
        fix = case.rebuild(units=wanted[-1])
    elif len(shape) == 1 and not wanted:
        fix = case.rebuild(units=1)
    message = (
        f"{case.name} gives {shown(shape)}, but {case.target.name} is {shown(wanted) if wanted else 'one number'}."
    )
    return case.problem("T408", message, fix)


def _single(case: LossCase) -> bool:
    return case.target.shape in ((), (1,))


QUANTITY_RULES = (loss_for_classes, bounded, shapes, logits)
