"""A run repeated and compared with itself. Imports TensorFlow."""

from __future__ import annotations

from typing import Any

from .begin_from import repeat_run
from .run_directory import RunDirectory
from .run_result import run_result
from .train_here import Progress, train_here

# What a run may have been trained with that this machine does not have.
_SURROUNDINGS = ("versions", "device", "machine", "intra_op_threads")


def reproduce(run: RunDirectory, progress: Progress | None = None) -> dict[str, Any]:
    """Repeats an ended run from its own snapshot, seed, commands and choices, and compares the weights' digests.

    Gives the result of the new run with `reproduces` (the id), `matched`, `digests` (before, now), and `differs`: what
    of versions, device, machine and threads is not as it was. Raises RunRefused, OSError.
    """
    again = repeat_run(run)
    train_here(again, progress)
    before, now = run.info(), again.info()
    digests = [before.get("weights_digest"), now.get("weights_digest")]
    differs = {name: [before.get(name), now.get(name)] for name in _SURROUNDINGS if before.get(name) != now.get(name)}
    matched = digests[0] == digests[1] and before.get("weights_step") == now.get("weights_step")
    return {**run_result(again), "reproduces": run.id, "matched": matched, "digests": digests, "differs": differs}
