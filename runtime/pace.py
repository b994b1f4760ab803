"""How many steps to run in one call: as many as fit into the time in which pause and stop must be heard."""

from __future__ import annotations

# Half of it is lost on average before a pressed key is seen; 200 ms are promised.
_CALL_S = 0.05
MOST = 256


class Pace:
    """Steps a call, `most` at most, found from the calls made so far. What is computed does not depend on it."""

    def __init__(self, most: int = MOST) -> None:
        self.steps = 1
        self._most = max(1, most)
        self._measured = False

    def took(self, steps: int, seconds: float) -> None:
        """Takes note of a call. The first one is left out: it traced the graph."""
        if not self._measured:
            self._measured = True
            return
        fitting = int(_CALL_S * steps / max(seconds, 1e-6))
        # At most doubled, since a few short steps measured with a coarse clock promise too much.
        self.steps = max(1, min(fitting, 2 * self.steps, self._most))
