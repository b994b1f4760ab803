"""Layers that get more or fewer axes than they take: the mistake of every first network."""

from __future__ import annotations

import math
import re

from ..changes import SetKind
from ..problems import Fix, Problem
from ..specs import Shape
from .chains import PASSING
from .refusal_case import Arrival, RefusalCase
from .values import shown

_RECURRENT = frozenset({"LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional"})
_DIMENSIONS = re.compile(r"(?P<before>.*[a-z])(?P<n>[123])D(?P<after>Transpose)?$")
_NAMES = {1: "sequences (steps, channels)", 2: "images (height, width, channels)", 3: "volumes"}


def recurrent_without_sequence(case: RefusalCase) -> Problem | None:
    if case.kind.name not in _RECURRENT | {"TimeDistributed"} or not case.arrivals:
        return None
    arrival = case.arrivals[0]
    if len(arrival.shape) != 1:
        return None
    return case.problem(
        "S205",
        f"{case.name} needs a sequence (steps, features), but gets {shown(arrival.shape)}.",
        sequences_from(case, arrival),
        case.insert(arrival, "Reshape", target_shape=[_open(arrival.shape[0]), 1]),
        port=arrival.port,
        help="A recurrent layer gives only its last step unless return_sequences is true.",
    )


def wrong_rank(case: RefusalCase) -> Problem | None:
    wanted = wanted_axes(case.kind.name)
    if wanted is None or len(case.arrivals) < 1:
        return None
    arrival = case.arrivals[0]
    shape = arrival.shape
    if len(shape) == wanted:
        return None
    message = f"{case.name} takes {_takes(case.kind.name, wanted)}, but gets {shown(shape)}."
    if len(shape) == wanted - 1:
        code = "S203" if wanted > 2 else "S202"
        channel = case.insert(arrival, "Reshape", target_shape=[*map(_open, shape), 1])
        fixes = (sequences_from(case, arrival), channel, _other_dimensions(case, len(shape)))
        return case.problem(code, message, *fixes, port=arrival.port)
    fixes = (_other_dimensions(case, len(shape)), _folded(case, arrival, wanted))
    return case.problem("S202", message, *fixes, port=arrival.port)


def wanted_axes(kind: str) -> int | None:
    """How many axes a kind takes, without the batch axis; None for those that take any number."""
    if kind in _RECURRENT:
        return 2
    if kind == "RepeatVector":
        return 1
    found = _DIMENSIONS.match(kind)
    if found is None:
        return None
    return int(found["n"]) + (2 if kind.startswith("ConvLSTM") else 1)


def sequences_from(case: RefusalCase, arrival: Arrival) -> Fix | None:
    """Lets the recurrent layer before give every step, if there is one."""
    node = arrival.source
    step = case.steps(node)
    while step is not None and step.kind in PASSING:
        node = step.source
        step = case.steps(node)
    if step is None or step.kind not in _RECURRENT:
        return None
    title = f"Let {case.draft.name(step.owner)} return sequences"
    layer = step.params.get("layer")
    if step.kind != "Bidirectional":
        return case.fix(title, case.set(step.owner, "return_sequences", True))
    if not isinstance(layer, dict):
        return None
    wrapped = {**layer, "params": {**(layer.get("params") or {}), "return_sequences": True}}
    return case.fix(title, case.set(step.owner, "layer", wrapped))


def _takes(kind: str, wanted: int) -> str:
    if kind in _RECURRENT:
        return "sequences (steps, features)"
    if wanted == 1:
        return "one axis of features"
    return _NAMES[wanted - 1] if not kind.startswith("ConvLSTM") and wanted - 1 in _NAMES else f"{wanted} axes"


def _other_dimensions(case: RefusalCase, axes: int) -> Fix | None:
    """The same layer for as many dimensions as the tensor has."""
    found = _DIMENSIONS.match(case.kind.name)
    if found is None:
        return None
    other = f"{found['before']}{axes - 1}D{found['after'] or ''}"
    if other not in case.draft.graph.catalogue.kinds:
        return None
    change = SetKind(cell=case.draft.network.id, node=case.owner, kind=other)
    return case.fix(f"Make {case.name} a {other}", change)


def _folded(case: RefusalCase, arrival: Arrival, wanted: int) -> Fix | None:
    """A Reshape that folds axes together, or unfolds a row of pixels into a square picture."""
    shape = arrival.shape
    if wanted == 1:
        return case.insert(arrival, "Flatten")
    if len(shape) > wanted == 2:
        rest = _product(shape[1:])
        return None if rest is None else case.insert(arrival, "Reshape", target_shape=[_open(shape[0]), rest])
    if wanted == 3 and len(shape) == 1 and shape[0] is not None:
        side = math.isqrt(shape[0])
        if side * side == shape[0] and side > 1:
            return case.insert(arrival, "Reshape", target_shape=[side, side, 1])
    return None


def _open(size: int | None) -> int:
    # Reshape may find out one size by itself.
    return -1 if size is None else size


def _product(shape: Shape) -> int | None:
    known = [size for size in shape if size is not None]
    return math.prod(known) if len(known) == len(shape) else None
