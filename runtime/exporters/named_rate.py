"""The learning rate as a constant at the head of a script, where people look for it, and the length of its schedule as
what it comes from. Pure."""

from __future__ import annotations

from typing import Any

from ...compiler.catalogue import catalogue
from ...compiler.document import Choice
from ...compiler.nesting.expressions import expression

LEARNING_RATE = "LEARNING_RATE"
# The variable for all steps of a training.
STEPS = "steps"


def named_rate(optimizer: Choice, steps: int = 0) -> tuple[Choice, float | None]:
    """The optimizer with the constant in the place of its rate, or of the one that its schedule begins with; and the
    number itself, None where there is none that stands for it. A schedule over all `steps` is over `STEPS`."""
    known = catalogue().optimizers[optimizer.kind].parameters.get("learning_rate")
    rate: Any = optimizer.params.get("learning_rate", known.default if known else None)
    if _is_number(rate):
        return _with(optimizer, expression(LEARNING_RATE)), float(rate)
    if not isinstance(rate, dict) or not isinstance(rate.get("params"), dict):
        return optimizer, None
    params: dict[str, Any] = dict(rate["params"])
    begin: Any = params.get("initial_learning_rate")
    if steps and params.get("decay_steps") == steps:
        params["decay_steps"] = expression(STEPS)
    if _is_number(begin):
        params["initial_learning_rate"] = expression(LEARNING_RATE)
    return _with(optimizer, {**rate, "params": params}), float(begin) if _is_number(begin) else None


def _with(optimizer: Choice, rate: Any) -> Choice:
    return optimizer.model_copy(update={"params": {**optimizer.params, "learning_rate": rate}})


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
