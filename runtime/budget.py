"""How long a run may last at most: options `budget_seconds` and `budget_steps` of a training cell or of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .failure import RunFailed

UNBOUNDED = 1 << 60


class Budget:
    """A run whose budget is used up ends as finished: its last epoch is validated where it stands."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        """Raises RunFailed where an entry is no positive number."""
        self._seconds = _positive(options, "budget_seconds")
        self._steps = _positive(options, "budget_steps")

    def left(self, step: int) -> int:
        """Steps after `step` that the budget allows."""
        return UNBOUNDED if self._steps is None else max(int(self._steps) - step, 0)

    def used_up(self, step: int, seconds: Callable[[], float]) -> str:
        """What is used up, in words; empty while there is some left. `seconds` gives the training time so far."""
        if self._steps is not None and step >= int(self._steps):
            return f"its budget of {int(self._steps):,} steps"
        if self._seconds is not None and step and seconds() >= self._seconds:
            return f"its budget of {self._seconds:g} s"
        return ""


def _positive(options: Mapping[str, Any], name: str) -> float | None:
    value = options.get(name)
    if value in (None, ""):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise RunFailed(f"{name} is a number above 0, not {value!r}.", {"parameter": f"options.{name}"})
    return float(value)
