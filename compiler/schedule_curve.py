"""What a learning-rate schedule gives at each step, without Keras: for drawing a run before it begins. Pure.

The formulas are those of keras.optimizers.schedules, in float64; a test holds them against Keras itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .catalogue import catalogue
from .passes.find_faults import find_faults

Numbers = np.ndarray


def rates(schedule: Mapping[str, Any], steps: Numbers) -> Numbers | None:
    """The learning rate at each of `steps` (from 0). None for a schedule that is not known here or that has faults."""
    kind, params = schedule.get("kind"), schedule.get("params") or {}
    formula, entry = _FORMULAS.get(str(kind)), catalogue().schedules.get(str(kind))
    if formula is None or entry is None or not isinstance(params, Mapping):
        return None
    if any(True for _ in find_faults(params, entry.parameters, str(kind))):
        return None
    given = {name: params.get(name, known.default) for name, known in entry.parameters.items()}
    try:
        with np.errstate(all="ignore"):
            found = formula(given, np.asarray(steps, dtype=np.float64))
    except (ValueError, TypeError, IndexError, ZeroDivisionError, OverflowError):
        return None
    return found if np.isfinite(found).all() else None


def _cosine(given: Mapping[str, Any], steps: Numbers) -> Numbers:
    first, target, warm = given["initial_learning_rate"], given["warmup_target"], given["warmup_steps"]
    peak = first if target is None else target
    since = steps if target is None else steps - warm
    share = np.clip(since, 0, given["decay_steps"]) / given["decay_steps"]
    falling = peak * ((1 - given["alpha"]) * 0.5 * (1 + np.cos(math.pi * share)) + given["alpha"])
    if target is None:
        return falling
    rising = first + (target - first) * steps / warm if warm else falling
    return np.where(steps < warm, rising, falling)


def _cosine_restarts(given: Mapping[str, Any], steps: Numbers) -> Numbers:
    share = steps / given["first_decay_steps"]
    longer, lower, alpha = given["t_mul"], given["m_mul"], given["alpha"]
    if longer == 1:
        restarts = np.floor(share)
        share = share - restarts
    else:
        restarts = np.floor(np.log(1 - share * (1 - longer)) / math.log(longer))
        share = (share - (1 - longer**restarts) / (1 - longer)) / longer**restarts
    falling = 0.5 * lower**restarts * (1 + np.cos(math.pi * share))
    return given["initial_learning_rate"] * ((1 - alpha) * falling + alpha)


def _exponential(given: Mapping[str, Any], steps: Numbers) -> Numbers:
    return given["initial_learning_rate"] * np.power(given["decay_rate"], _periods(given, steps))


def _inverse_time(given: Mapping[str, Any], steps: Numbers) -> Numbers:
    return given["initial_learning_rate"] / (1 + given["decay_rate"] * _periods(given, steps))


def _periods(given: Mapping[str, Any], steps: Numbers) -> Numbers:
    periods = steps / given["decay_steps"]
    return np.floor(periods) if given["staircase"] else periods


def _pieces(given: Mapping[str, Any], steps: Numbers) -> Numbers:
    values, boundaries = np.asarray(given["values"], dtype=np.float64), given["boundaries"]
    if len(values) != len(boundaries) + 1:
        raise ValueError("a rate for each piece")
    # A boundary belongs to the piece before it.
    return values[np.searchsorted(np.asarray(boundaries, dtype=np.float64), steps, side="left")]


def _polynomial(given: Mapping[str, Any], steps: Numbers) -> Numbers:
    length: Any = given["decay_steps"]
    if given["cycle"]:
        length = length * np.where(steps == 0, 1, np.ceil(steps / length))
    first, last = given["initial_learning_rate"], given["end_learning_rate"]
    return (first - last) * np.power(1 - np.minimum(steps, length) / length, given["power"]) + last


_FORMULAS: dict[str, Callable[[Mapping[str, Any], Numbers], Numbers]] = {
    "CosineDecay": _cosine,
    "CosineDecayRestarts": _cosine_restarts,
    "ExponentialDecay": _exponential,
    "InverseTimeDecay": _inverse_time,
    "PiecewiseConstantDecay": _pieces,
    "PolynomialDecay": _polynomial,
}
