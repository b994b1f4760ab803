"""How many steps to run in one call: as many as fit into the time in which pause and stop must be heard."""

from __future__ import annotations

import statistics
from collections import deque

# Half of it is lost on average before a pressed key is seen; 200 ms are promised.
_CALL_S = 0.05
# After a call this long the promise comes before speed, whatever the calls before it took.
_TOO_LONG_S = 0.15
# The machine does other things for a moment now and then: that makes a call slow, but not those that follow.
_REMEMBERED = 7
MOST = 1024


class Pace:
    """Steps a call, `most` at most, found from the calls made so far. What is computed does not depend on it."""

    def __init__(self, most: int = MOST) -> None:
        self.steps = 1
        self._most = max(1, most)
        self._measured = False
        self._step_seconds: deque[float] = deque(maxlen=_REMEMBERED)
        self._was_too_long = False

    @property
    def step_s(self) -> float | None:
        """How long a step takes of late; None before any was measured."""
        return statistics.median(self._step_seconds) if self._step_seconds else None

    def took(self, steps: int, seconds: float) -> None:
        """Takes note of a call. The first one is left out: it traced the graph."""
        if not self._measured:
            self._measured = True
            return
        if 2 * steps < self.steps and seconds < _CALL_S:
            return  # The rest of an epoch: what each call costs, however short, would be taken for slow steps.
        self._step_seconds.append(max(seconds, 1e-6) / steps)
        fitting = int(_CALL_S / statistics.median(self._step_seconds))
        too_long = seconds > _TOO_LONG_S
        if too_long:
            # Halved for the first; the second in a row was no accident, and is believed.
            fitting = min(fitting, int(_CALL_S * steps / seconds) if self._was_too_long else steps // 2)
        self._was_too_long = too_long
        # At most doubled, since a few short steps measured with a coarse clock promise too much.
        self.steps = max(1, min(fitting, 2 * self.steps, self._most))
