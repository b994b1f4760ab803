"""Where validation turns: the epoch after which the network learnt only its training rows. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# Of fewer epochs nobody can tell a turn from chance.
LEAST = 5
# Epochs whose mean is taken for the validation loss of now, and how many of them there must be without a better one.
NOW, AFTER = 3, 2
# How much higher than at its best it must be: of that best, and of the whole way down to it.
RISE, OF_THE_WAY = 0.02, 0.01
# And by so many standard deviations more than the lowest of as many equal epochs lies below them by chance.
BEYOND_CHANCE = 2.5


@dataclass(frozen=True, slots=True)
class Best:
    """The epoch (from 1) with the lowest validation loss, its last step, and whether the network overfits since."""

    epoch: int
    step: int
    loss: float
    now: float
    overfits: bool

    @property
    def words(self) -> str:
        if self.overfits:
            return (
                f"Overfits since epoch {self.epoch}: validation loss was {self.loss:.4g} there and is {self.now:.4g} "
                "now, while the loss on the training rows still falls."
            )
        return f"Best epoch so far: {self.epoch}, validation loss {self.loss:.4g}."


def best_epoch(epochs: Sequence[dict[str, Any]]) -> Best | None:
    """From the epochs' events in order; None without validation."""
    known = [event for event in epochs if math.isfinite(_value(event, "val_loss"))]
    if not known:
        return None
    losses = [_value(event, "val_loss") for event in known]
    place = losses.index(min(losses))
    best, last = known[place], known[-1]
    learns_on = _value(last, "loss") < _value(best, "loss")
    overfits = learns_on and _turns(losses, place)
    return Best(int(best["epoch"]), int(best.get("step") or 0), losses[place], losses[-1], overfits)


def _turns(losses: list[float], place: int) -> bool:
    """Whether the losses have risen since their lowest one, at `place`, by more than they jump about anyway."""
    since = losses[place + 1 :]
    if len(losses) < LEAST or len(since) < AFTER:
        return False
    lowest, count = losses[place], len(losses)
    by_chance = _noise(losses) * (math.sqrt(2 * math.log(count)) + BEYOND_CHANCE)
    rise = statistics.fmean(since[-NOW:]) - lowest
    return rise > max(RISE * abs(lowest), OF_THE_WAY * (max(losses) - lowest), by_chance)


def _noise(losses: list[float]) -> float:
    """The standard deviation of what is no trend, from second differences: of noise alone, these have 6 times its
    variance. Of few values it is told too large rather than too small."""
    bends = [abs(a - 2 * b + c) for a, b, c in zip(losses, losses[1:], losses[2:], strict=False)]
    return statistics.median(bends) / 0.6745 / math.sqrt(6) * (1 + 2 / len(bends))


def _value(event: dict[str, Any], name: str) -> float:
    value = (event.get("metrics") or {}).get(name)
    return float(value) if isinstance(value, int | float) else math.nan
