"""Tensors that are to be merged and differ in shape."""

from __future__ import annotations

from ..problems import Fix, Problem
from .chains import width_setter
from .refusal_case import Arrival, RefusalCase
from .values import shown

_MERGING = frozenset({"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot"})


def unequal_shapes(case: RefusalCase) -> Problem | None:
    """Which wire brings which shape, and how one could be made like the other."""
    if case.kind.name not in _MERGING and case.kind.group != "op":
        return None
    arrivals = [arrival for arrival in case.arrivals if arrival.shape is not None]
    if len(arrivals) < 2 or len({arrival.shape for arrival in arrivals}) == 1:
        return None
    shapes = " and ".join(f"{shown(arrival.shape)} from {case.draft.name(arrival.source)}" for arrival in arrivals[:3])
    more = ", and more" if len(arrivals) > 3 else ""
    joins = case.kind.name == "Concatenate"
    return case.problem(
        "S204",
        f"{case.name} cannot {'join' if joins else 'merge'} {shapes}{more}.",
        *_same_width(case, arrivals),
        _same_padding(case, arrivals),
        *_flattened(case, arrivals),
        help="All but the joined axis must be equal." if joins else "",
    )


def _same_width(case: RefusalCase, arrivals: list[Arrival]) -> list[Fix]:
    """The units or filters of one set to those of another, for each that can be set."""
    fixes = []
    for changed in arrivals:
        setter = width_setter(changed.source, case.steps)
        for kept in arrivals:
            width = kept.shape[-1] if kept.shape else None
            if setter is None or width is None or not changed.shape or changed.shape[-1] == width:
                continue
            title = f"Set {setter[1]} of {case.draft.name(setter[0])} to {width}"
            fixes.append(case.fix(title, case.set(setter[0], setter[1], width)))
            break
    # The later wire is the one that was just drawn, most likely.
    return fixes[::-1]


def _same_padding(case: RefusalCase, arrivals: list[Arrival]) -> Fix | None:
    """Padding for the windows that made pictures of different sizes."""
    padded: dict[str, None] = {}
    for arrival in arrivals:
        step = case.steps(arrival.source)
        while step is not None and step.owner:
            declared = case.draft.graph.catalogue.kinds[step.kind].parameters.get("padding")
            if declared is not None and "same" in declared.choices:
                if step.params.get("padding", declared.default) != "same":
                    padded[step.owner] = None
                break
            step = case.steps(step.source) if step.source else None
    if not padded:
        return None
    names = " and ".join(case.draft.name(owner) for owner in padded)
    return case.fix(f"Pad {names} to the same size", *(case.set(owner, "padding", "same") for owner in padded))


def _flattened(case: RefusalCase, arrivals: list[Arrival]) -> list[Fix]:
    """Flatten on the way of a tensor with more axes, where another has one."""
    if min(len(arrival.shape) for arrival in arrivals) != 1:
        return []
    deep = [arrival for arrival in arrivals if len(arrival.shape) > 1]
    changes = [change for arrival in deep for change in case.insert(arrival, "Flatten").changes]
    return [case.fix(f"Insert Flatten after {' and '.join(case.draft.name(a.source) for a in deep)}", *changes)]
