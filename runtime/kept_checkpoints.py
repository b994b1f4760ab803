"""The checkpoints of a run as a reader sees them. Needs no Keras."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from .run_state import RunRefused


@dataclass(frozen=True, slots=True)
class KeptCheckpoint:
    """`epoch` counts completed epochs, `step_in_epoch` the steps of the one after them."""

    path: Path
    step: int
    epoch: int
    step_in_epoch: int
    best: bool
    pinned: bool


def kept_checkpoints(run: Path) -> list[KeptCheckpoint]:
    """The whole checkpoints of a run (its directory), newest first."""
    folder = run / "checkpoints"
    best = best_name(folder)
    found = []
    for path in sorted(folder.glob("step-*"), reverse=True):
        try:
            position = json.loads((path / "state.json").read_text())["position"]
            place = (position["step"], position["epoch"], position["step_in_epoch"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        found.append(KeptCheckpoint(path, *place, best=path.name == best, pinned=(path / "pinned").exists()))
    return found


def find_checkpoint(run: Path, step: int | None = None) -> KeptCheckpoint:
    """The checkpoint of that step, or the newest. Raises RunRefused, telling those that there are."""
    kept = kept_checkpoints(run)
    for checkpoint in kept:
        if step is None or checkpoint.step == step:
            return checkpoint
    if not kept:
        raise RunRefused(f"Run {run.name} has no checkpoint yet.")
    steps = ", ".join(str(checkpoint.step) for checkpoint in kept)
    raise RunRefused(f"Run {run.name} has no checkpoint of step {step}; there are those of {steps}.")


def pin_checkpoint(run: Path, step: int | None = None) -> int:
    """Keeps a checkpoint for good and gives its step. Raises RunRefused."""
    checkpoint = find_checkpoint(run, step)
    (checkpoint.path / "pinned").touch()
    return checkpoint.step


def best_name(folder: Path) -> str:
    """The name of the best checkpoint; empty where there is none yet."""
    try:
        return str(json.loads((folder / "best.json").read_text())["name"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def copy_checkpoint(checkpoint: KeptCheckpoint, folder: Path) -> None:
    """Copies a checkpoint into another run's folder, where it is kept for good: that run begins with it."""
    target = folder / checkpoint.path.name
    temporary = folder / f".{target.name}.tmp"
    shutil.copytree(checkpoint.path, temporary)
    (temporary / "pinned").touch()
    temporary.rename(target)
