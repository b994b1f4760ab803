"""Where validation turns: the epoch after which the network learnt only its training rows. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# Epochs without a better one before anything is said; a single bad one is chance.
AFTER = 2
# How much higher than at its best the validation loss must be by now.
RISE = 0.02


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
    since = losses[place + 1 :]
    now = sum(since[-AFTER:]) / AFTER if len(since) >= AFTER else losses[-1]
    rose = len(since) >= AFTER and now - losses[place] > RISE * abs(losses[place])
    learns_on = _value(last, "loss") < _value(best, "loss")
    return Best(int(best["epoch"]), int(best.get("step") or 0), losses[place], losses[-1], rose and learns_on)


def _value(event: dict[str, Any], name: str) -> float:
    value = (event.get("metrics") or {}).get(name)
    return float(value) if isinstance(value, int | float) else math.nan
