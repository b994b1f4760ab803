"""Rules for Outputs that learn classes. The first that speaks is the cause; the others would be its echoes."""

from __future__ import annotations

from ..problems import Fix, Problem
from .choose_loss import gives_probabilities, is_one_hot
from .loss_case import BINARY, CROSSENTROPIES, ONE_HOT, QUANTITIES, SPARSE, LossCase
from .values import shown


def constant_softmax(case: LossCase) -> Problem | None:
    if case.units != 1 or case.activation != "softmax":
        return None
    two = case.rebuild(activation="sigmoid", loss=case.usual_loss(1, "sigmoid"))
    message = f"{case.name} is a softmax over one unit, which is always 1."
    return case.problem("T413", message, two, _one_unit_each(case))


def loss_for_quantities(case: LossCase) -> Problem | None:
    if case.loss.kind not in QUANTITIES:
        return None
    # On zeros and ones it trains, only more slowly; on class numbers it takes 9 for nearer to 8 than to 1.
    harmless = is_one_hot(case.target) or (case.units == 1 and len(case.target.classes) <= 2)
    return case.problem(
        "T414",
        f"{case.loss.kind} is meant for quantities, but {case.target.name} holds classes.",
        case.use(case.usual_loss()),
        severity="warning" if harmless else "error",
    )


def wrong_form(case: LossCase) -> Problem | None:
    name = case.target.name
    if case.loss.kind in SPARSE and is_one_hot(case.target):
        message = f"{case.loss.kind} expects class numbers, but {name} is one-hot."
    elif case.loss.kind in ONE_HOT and not is_one_hot(case.target):
        message = f"{case.loss.kind} expects one-hot targets, but {name} holds class numbers."
    else:
        return None
    return case.problem("T412", message, case.use(case.usual_loss()))


def binary_units(case: LossCase) -> Problem | None:
    classes = len(case.target.classes)
    if case.loss.kind not in BINARY or is_one_hot(case.target) or case.units is None:
        return None
    if case.units > 1:
        one = case.rebuild(units=1, activation="sigmoid", loss=case.usual_loss(1, "sigmoid"))
        message = f"{case.loss.kind} compares one unit with each class number, but {case.name} has {case.units}."
        return case.problem("T413", message, case.use(case.usual_loss()), one if classes == 2 else None)
    if classes > 2:
        message = f"{case.loss.kind} tells two classes apart, but {case.target.name} has {classes}."
        return case.problem("T413", message, _one_unit_each(case))
    return None


def axes(case: LossCase) -> Problem | None:
    if case.shape is None or case.loss.kind not in SPARSE | ONE_HOT:
        return None
    wanted = len(case.target.shape) + (case.loss.kind in SPARSE)
    if len(case.shape) == wanted:
        return None
    fixes = case.fewer_axes() if len(case.shape) > wanted == 1 else []
    message = f"{case.name} gives {shown(case.shape)} for each row, but {case.target.name} is one class."
    if case.target.shape:
        message = f"{case.name} gives {shown(case.shape)}, but {case.target.name} is {shown(case.target.shape)}."
    return case.problem("T408", message, *fixes)


def units_for_classes(case: LossCase) -> Problem | None:
    classes = len(case.target.classes)
    if case.units is None or not classes or case.loss.kind not in SPARSE | ONE_HOT or case.units == classes:
        return None
    spare = case.loss.kind in SPARSE and case.units > classes
    units = "1 unit" if case.units == 1 else f"{case.units} units"
    return case.width_problem(
        "T409",
        f"{case.name} has {units}, but {case.target.name} has {classes} classes.",
        _one_unit_each(case),
        case.use(case.usual_loss()) if case.units == 1 and classes == 2 else None,
        severity="warning" if spare else "error",
    )


def logits(case: LossCase) -> Problem | None:
    """Probabilities for a loss that expects logits, or the reverse. Both train, and both learn badly."""
    if case.loss.kind not in CROSSENTROPIES or not case.activation:
        return None
    probabilities = gives_probabilities(case.activation)
    if case.from_logits and probabilities:
        return case.problem(
            "T410",
            f"{case.loss.kind} expects logits, but {case.name} gives the probabilities of a {case.activation}.",
            case.expect_logits(False),
            case.rebuild(activation="linear"),
        )
    if not case.from_logits and not probabilities:
        better = "sigmoid" if case.loss.kind in BINARY else "softmax"
        return case.problem(
            "T411",
            f"{case.loss.kind} expects probabilities, but {case.name} ends in {case.activation}.",
            case.expect_logits(True) if case.activation == "linear" else None,
            case.rebuild(activation=better),
        )
    return None


def _one_unit_each(case: LossCase) -> Fix | None:
    classes = len(case.target.classes)
    activation = case.activation if case.activation in ("softmax", "linear") else "softmax"
    return case.rebuild(units=classes, activation=activation, loss=case.usual_loss(classes, activation))


CLASS_RULES = (
    constant_softmax,
    loss_for_quantities,
    wrong_form,
    binary_units,
    axes,
    units_for_classes,
    logits,
)
