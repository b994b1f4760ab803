"""What a run has seen of its layers, read from its files as it grows. Knows neither Panel nor TensorFlow."""

from __future__ import annotations

import time

from ...compiler.pipeline import check
from ...runtime.health.diagnose import Trouble, diagnose
from ...runtime.health.health_file import Health, read_health
from ...runtime.run_directory import RunDirectory

# Twice a second: lines are looked at, not read.
_LOOK_S = 0.5
# Looks that are kept in view: enough for the lines and for what was usual before.
LOOKS = 60
# With the rate below this share of its first value, still weights are meant.
_RATE_IS_LOW = 0.02


class HealthFollower:
    """`health` holds the last looks, `troubles` what is wrong by them, `nodes` the nodes of each layer."""

    def __init__(self, run: RunDirectory) -> None:
        self.run = run
        self.health = Health()
        self.troubles: list[Trouble] = []
        self.network = str(run.info().get("network") or "")
        self.cost = 0.0
        # Why the run has given up looking, in words.
        self.off = ""
        self._nodes: dict[str, tuple[str, ...]] | None = None
        self._last = 0.0
        self._size = -1
        self._run_seen = 0.0

    @property
    def nodes(self) -> dict[str, tuple[str, ...]]:
        """Layer → nodes of the network as it was drawn when the run was made."""
        if self._nodes is None:
            self._nodes = nodes_of(self.run, self.network)
        return self._nodes

    def look(self, *, now: bool = False) -> bool:
        """Reads what is new, at most twice a second unless `now`; gives whether there was anything."""
        if not now and time.monotonic() - self._last < _LOOK_S:
            return False
        self._last = time.monotonic()
        went_off = self._has_gone_off()
        try:
            size = (self.run.path / "health.bin").stat().st_size
        except OSError:
            return went_off
        if size == self._size:
            return went_off
        self._size = size
        info = self.run.info()
        self.cost = float((info.get("health") or {}).get("cost") or 0.0)
        self.health = read_health(self.run.path, info, LOOKS)
        self.troubles = diagnose(self.health, rate_falls=self._rate_falls())
        return True

    def _has_gone_off(self) -> bool:
        """Whether the run has said, since the last look, that it gives up looking."""
        try:
            written = (self.run.path / "run.json").stat().st_mtime
        except OSError:
            return False
        if written == self._run_seen:
            return False
        self._run_seen = written
        before, self.off = self.off, str((self.run.info().get("health") or {}).get("off") or "")
        return self.off != before

    def _rate_falls(self) -> bool:
        """Whether a schedule has brought the learning rate near its end."""
        columns = self.run.columns()
        if "learning_rate" not in columns or not len(self.health):
            return False
        last = self.run.metrics(max(int(self.health.steps[-1]) - 1, 0))
        first = _first_row(self.run, len(columns))
        place = columns.index("learning_rate")
        return len(last) > 0 and first is not None and last[0, place] < _RATE_IS_LOW * first[place]


def nodes_of(run: RunDirectory, network: str) -> dict[str, tuple[str, ...]]:
    """Layer → the nodes that use its weights, by path, by the run's own snapshot; empty where it cannot be read."""
    try:
        program = check(run.notebook()).programs.get(network)
    except OSError:
        return {}
    if program is None:
        return {}
    found: dict[str, tuple[str, ...]] = {layer.name: () for layer in program.layers.values()}
    for call in program.calls:
        if call.layer:
            found[program.layers[call.layer].name] += (call.node,)
    return found


def _first_row(run: RunDirectory, columns: int):
    import numpy as np

    try:
        row = np.fromfile(run.path / "metrics.bin", "<f8", columns)
    except OSError:
        return None
    return row if len(row) == columns else None
