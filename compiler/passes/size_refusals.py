"""Sizes that do not work out: windows larger than pictures, reshapes of other sizes, unknown sizes."""

from __future__ import annotations

import math

from ..changes import SetKind
from ..problems import Fix, Problem
from .refusal_case import RefusalCase
from .values import shown

_WINDOWS = ("kernel_size", "pool_size")


def window_too_large(case: RefusalCase) -> Problem | None:
    window = next((name for name in _WINDOWS if name in case.kind.parameters), None)
    if window is None or len(case.arrivals) != 1 or "negative" not in case.reason:
        return None
    arrival, padding = case.arrivals[0], case.kind.parameters.get("padding")
    size = case.params.get(window, case.kind.parameters[window].default)
    pad = None
    if padding is not None and "same" in padding.choices:
        pad = case.fix(f"Set padding of {case.name} to same", case.set(case.owner, "padding", "same"))
    spatial = [length for length in arrival.shape[:-1] if length is not None]
    smaller = None
    if spatial and min(spatial) > 0:
        title = f"Set {window} of {case.name} to {min(spatial)}"
        smaller = case.fix(title, case.set(case.owner, window, min(spatial)))
    return case.problem(
        "S206",
        f"{case.name} slides a window of {shown(size)} over {shown(arrival.shape)}, which is smaller.",
        pad,
        smaller,
        parameter=window,
    )


def reshape_of_other_size(case: RefusalCase) -> Problem | None:
    target = case.params.get("target_shape")
    if case.kind.name != "Reshape" or not isinstance(target, list) or len(case.arrivals) != 1:
        return None
    shape = case.arrivals[0].shape
    if None in shape or not all(isinstance(size, int) for size in target):
        return None
    total = math.prod(size for size in shape if size is not None)
    known = math.prod(size for size in target if size > 0)
    fixes: list[Fix] = []
    for index in reversed(range(len(target))):
        others = math.prod(size for place, size in enumerate(target) if place != index and size > 0)
        if others and total % others == 0:
            fitted = [abs(size) if place != index else total // others for place, size in enumerate(target)]
            fixes.append(_target(case, fitted))
            break
    if not fixes:
        fixes.append(_target(case, [total]))
    values = f"{known} values" if -1 not in target else f"a multiple of {known} values"
    return case.problem(
        "S208",
        f"{case.name} cannot make {shown(target)}, which is {values}, from {shown(shape)}, which is {total}.",
        *fixes,
        parameter="target_shape",
    )


def negative_input(case: RefusalCase) -> Problem | None:
    shape = case.params.get("shape")
    if case.kind.name != "Input" or not isinstance(shape, list) or "egative" not in case.reason:
        return None
    unknown = [None if isinstance(size, int) and size < 0 else size for size in shape]
    return case.problem(
        "S209",
        f"{case.name} has a negative size in {shown(shape)}.",
        case.fix(f"Set the shape to {shown(unknown)}", case.set(case.owner, "shape", unknown)),
        help="A size that is not known beforehand is left open.",
        parameter="shape",
    )


def unknown_size(case: RefusalCase) -> Problem | None:
    if "unknown size" not in case.reason or not case.arrivals:
        return None
    arrival = case.arrivals[0]
    step, fix = case.steps(arrival.source), None
    if step is not None and step.kind == "Flatten" and step.source:
        before = case.draft.shapes.get(step.source)
        axes = len(next(iter(before.outputs.values())).shape) - 2 if before and before.outputs else 0
        pooling = f"GlobalAveragePooling{axes}D"
        if pooling in case.draft.graph.catalogue.kinds:
            change = SetKind(cell=case.draft.network.id, node=arrival.source, kind=pooling)
            fix = case.fix(f"Make {case.draft.name(arrival.source)} a {pooling}", change)
    return case.problem(
        "S210",
        f"{case.name} needs to know the last size of {shown(arrival.shape)} to make its weights.",
        fix,
        help="Give the Input all its sizes, or average over the unknown axis.",
    )


def _target(case: RefusalCase, target: list[int]) -> Fix:
    return case.fix(f"Set target_shape to {shown(target)}", case.set(case.owner, "target_shape", target))
