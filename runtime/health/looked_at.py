"""The layer that somebody looks at: kept up to date in a file of the run, health/<layer>.json. Needs no TensorFlow
except while it makes one."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..atomic_file import write_json_atomically
from .sampling import Sampling

if TYPE_CHECKING:
    from collections.abc import Callable

    import keras

    from .activations import SampleRows

FOLDER = "health"
# Once a second: a histogram is read, not watched. Of the time, less than all other looks.
_EVERY_S = 1.0
_SHARE = 0.01


def close_look_path(run_path: Path, layer: str) -> Path:
    """Where the latest close look at a layer stands."""
    return Path(run_path) / FOLDER / f"{quote(layer, safe='')}.json"


def read_close_look(run_path: Path, layer: str) -> dict[str, Any] | None:
    """The latest close look at a layer: `step`, `layer`, and what `close_look` gives; None where nobody has looked."""
    try:
        return json.loads(close_look_path(run_path, layer).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


class LookedAt:
    """At most one layer of a run is looked at, by name; "" is none."""

    def __init__(self, model: keras.Model, run_path: Path) -> None:
        self._model, self._path = model, run_path
        self._sampling = Sampling(every_s=_EVERY_S, share=_SHARE)
        self.layer = ""

    def knows(self, layer: str) -> bool:
        return any(one.name == layer for one in self._model.layers)

    def choose(self, layer: str, step: int, rows: Callable[[], SampleRows]) -> None:
        """Looks at a layer at once, and again and again from now on."""
        self.layer = layer
        if layer:
            self._write(layer, step, rows)

    def refresh(self, step: int, rows: Callable[[], SampleRows]) -> None:
        """Looks again, where it is time."""
        now = time.monotonic()
        if self.layer and self._sampling.is_due(step, now):
            self._write(self.layer, step, rows)
            self._sampling.took(step, time.monotonic(), time.monotonic() - now)

    def all(self, step: int, rows: Callable[[], SampleRows], names: list[str], seconds: float) -> None:
        """Looks at each layer once, for those who come when the run is over; begins no further one after so many
        seconds, in which the gradients of all do not count."""
        from .close_look import gradients_of

        gradients = gradients_of(self._model, self._model.trainable_variables, rows())
        began = time.monotonic()
        for name in names:
            if time.monotonic() - began > seconds:
                return
            self._write(name, step, rows, gradients)

    def cost(self, now: float) -> float:
        return self._sampling.cost(now)

    def rested(self, seconds: float) -> None:
        self._sampling.rested(seconds)

    def _write(
        self, name: str, step: int, rows: Callable[[], SampleRows], gradients: dict[str, Any] | None = None
    ) -> None:
        from .close_look import close_look

        path = close_look_path(self._path, name)
        path.parent.mkdir(exist_ok=True)
        try:
            seen = close_look(self._model, self._model.get_layer(name), rows(), gradients)
        except Exception as error:
            # Layers are of any kind, a user's own too: one that cannot be looked at must not end its training.
            print(f"{name} could not be looked at: {error}", file=sys.stderr, flush=True)
            return
        write_json_atomically(path, {"layer": name, "step": step, **seen}, durable=False)
