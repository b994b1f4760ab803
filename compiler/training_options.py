"""What the options of a training cell mean: weights, rate factors, precision, XLA. Pure; reads any JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

PLAIN = "float32"
PRECISIONS = (PLAIN, "mixed_bfloat16", "mixed_float16")
# Asks for a short measured trial before the first step, of precision or of XLA.
FASTEST = "fastest"
BALANCED = "balanced"


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """`loss_weights` go by Output id, `rate_factors` by node id, `class_weight` by the class's name.

    `sample_weight` says whether a data column of the role weight is used where there is one. `threads` are those of one
    operation on a CPU; None leaves them to the size of the network."""

    loss_weights: dict[str, float] = field(default_factory=dict)
    class_weight: dict[str, float] | str | None = None
    sample_weight: bool = True
    weighted_metrics: bool = False
    rate_factors: dict[str, float] = field(default_factory=dict)
    precision: str = PLAIN
    xla: bool | str = False
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class Malformed:
    """An option, or with `key` one of its entries, that cannot be meant; `wanted` says what can."""

    name: str
    key: str
    wanted: str


def read_options(options: Mapping[str, Any]) -> TrainingOptions:
    """The options as far as they can be understood; what is malformed counts as not given."""
    wrong = {(found.name, found.key) for found in malformed(options)}
    known: dict[str, Any] = {}
    for name in ("class_weight", "sample_weight", "weighted_metrics", "precision", "xla", "threads"):
        if name in options and (name, "") not in wrong:
            known[name] = options[name]
    for name in ("loss_weights", "rate_factors", "class_weight"):
        if isinstance(options.get(name), Mapping):
            entries = {key: float(value) for key, value in options[name].items() if (name, key) not in wrong}
            known[name] = entries or (None if name == "class_weight" else {})
    return TrainingOptions(**known)


def malformed(options: Mapping[str, Any]) -> Iterator[Malformed]:
    """Every option of ours whose value cannot be meant. Options of other names are left alone."""
    for name in ("loss_weights", "rate_factors"):
        if name in options:
            yield from _numbers(name, options[name], "an object of numbers from 0")
    given = options.get("class_weight")
    if given is not None and given != BALANCED:
        yield from _numbers("class_weight", given, f'"{BALANCED}" or an object of numbers from 0')
    for name in ("sample_weight", "weighted_metrics"):
        if name in options and not isinstance(options[name], bool):
            yield Malformed(name, "", "true or false")
    if "precision" in options and options["precision"] not in (*PRECISIONS, FASTEST):
        yield Malformed("precision", "", f"one of {', '.join((*PRECISIONS, FASTEST))}")
    if "xla" in options and not isinstance(options["xla"], bool) and options["xla"] != FASTEST:
        yield Malformed("xla", "", f"true, false or {FASTEST}")
    threads = options.get("threads")
    if threads is not None and (not isinstance(threads, int) or isinstance(threads, bool) or threads < 1):
        yield Malformed("threads", "", "a whole number from 1")


def _numbers(name: str, value: Any, wanted: str) -> Iterator[Malformed]:
    if not isinstance(value, Mapping):
        yield Malformed(name, "", wanted)
        return
    for key, number in value.items():
        sound = isinstance(number, int | float) and not isinstance(number, bool)
        if not sound or not math.isfinite(number) or number < 0:
            yield Malformed(name, key, "a number from 0")
