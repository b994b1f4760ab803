"""How often layers are looked at: seldom enough that nobody waits for it. Pure."""

from __future__ import annotations

# Five times a second and one step in ten, whichever is rarer.
EVERY_S = 0.2
EVERY_STEPS = 10
# Of the time of training. What the looks have taken so far stays below; 5 % are promised.
SHARE = 0.03


class Sampling:
    """Decides at which steps to look. A look that takes long makes the next one come later; `expected` is how many
    seconds the first one is thought to take."""

    def __init__(
        self, every_s: float = EVERY_S, every_steps: int = EVERY_STEPS, share: float = SHARE, expected: float = 0.0
    ) -> None:
        self._every_s, self._every_steps, self._share = every_s, every_steps, share
        self._began: float | None = None
        self._last_time = self._last_step = 0.0
        self._expected = expected
        self.samples = 0
        self.spent = 0.0

    def is_due(self, step: int, now: float) -> bool:
        """Whether the step after `step` is to be looked at. The clock starts with the first call."""
        if self._began is None:
            self._began = self._last_time = now
            self._last_step = step
        if now - self._last_time < self._every_s or step - self._last_step < self._every_steps - 1:
            return False
        return self.spent + self._expected <= self._share * (now - self._began)

    def took(self, step: int, now: float, seconds: float) -> None:
        """Takes note of a look at `step`, which cost `seconds` more than the step alone."""
        self._last_time, self._last_step = now, step
        self.samples += 1
        self.spent += seconds
        # The first look of all makes things that the later ones only use.
        self._expected = seconds if self.samples <= 2 else 0.7 * self._expected + 0.3 * seconds

    def rested(self, seconds: float) -> None:
        """Leaves out a pause: it is no time of training."""
        if self._began is not None:
            self._began += seconds

    def cost(self, now: float) -> float:
        """The share of the time so far that went into looking, 0 to 1."""
        return self.spent / (now - self._began) if self._began is not None and now > self._began else 0.0
