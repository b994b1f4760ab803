"""Which runs belong to a training cell, what each was made of, and whether it is what the cell would give now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..compiler.document import Notebook, TrainingCell
from ..compiler.keys import cell_keys
from ..compiler.what_changed import what_changed
from .run_directory import RunDirectory, list_runs

# A stopped run has learnt something too; its network is saved.
TRAINED = ("finished", "stopped")

# Options of a run that stand in the place of the cell's own settings.
_OVERRIDES = ("epochs", "batch_size", "seed")

# Older runs than these are not looked at for one that fits the cell as it is now.
_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Made:
    """What a run was made of: the notebook, the cell's name in it, and the fingerprint of its data."""

    notebook: Notebook
    cell: str
    fingerprint: str


def runs_of(
    folder: Path, file: str, cell: TrainingCell, runs: Iterable[RunDirectory] | None = None
) -> list[RunDirectory]:
    """The runs of a training cell of the notebook `file`, newest first. A renamed cell keeps its runs."""
    return [run for run in (list_runs(folder) if runs is None else runs) if _is_of(run.info(), file, cell)]


def _is_of(info: dict[str, Any], file: str, cell: TrainingCell) -> bool:
    if info.get("notebook") != file:
        return False
    # Runs of the first versions say the name only.
    return info["cell_id"] == cell.id if info.get("cell_id") else info.get("cell") == cell.name


def has_network(run: RunDirectory) -> bool:
    """Whether a run has left a trained network behind."""
    return run.state() in TRAINED and run.model_path.exists()


def trained_run(
    runs: Iterable[RunDirectory], notebook: Notebook, cell: TrainingCell, fingerprints: Mapping[str, str]
) -> RunDirectory | None:
    """Of the runs of a cell that left a network, the newest that is fresh, else the newest."""
    trained = [run for run in runs if has_network(run)]
    fresh = (run for run in trained[:_LOOKED_AT] if is_fresh(run, notebook, cell, fingerprints))
    return next(fresh, trained[0] if trained else None)


def is_fresh(run: RunDirectory, notebook: Notebook, cell: TrainingCell, fingerprints: Mapping[str, str]) -> bool:
    """Whether the cell, as it stands in the notebook, would make this run again."""
    made = made_from(run)
    if made is None:
        return False
    then, now = _fingerprints(made, notebook, cell, fingerprints)
    key = cell_keys(notebook, now).get(cell.name)
    return key is not None and cell_keys(made.notebook, then).get(made.cell) == key


def why_stale(
    run: RunDirectory, notebook: Notebook, cell: TrainingCell, name: str, fingerprints: Mapping[str, str]
) -> list[str]:
    """What is different now, in the cell `name` and all that it uses, from what the run was made of."""
    made = made_from(run)
    if made is None:
        return ["what the run was made of can no longer be read"]
    then, now = _fingerprints(made, notebook, cell, fingerprints)
    return what_changed(made.notebook, notebook, name, fingerprints_before=then, fingerprints=now)


def made_from(run: RunDirectory) -> Made | None:
    """What a run was made of, None where its snapshot cannot be read."""
    info = run.info()
    options = info.get("options") or {}
    overrides = tuple((name, options[name]) for name in _OVERRIDES if name in options)
    made = _snapshot(run.path, str(info.get("cell", "")), overrides)
    return made and Made(made.notebook, made.cell, str(info.get("data_fingerprint") or ""))


@lru_cache(maxsize=64)
def _snapshot(path: Path, cell: str, overrides: tuple[tuple[str, Any], ...]) -> Made | None:
    """A run's snapshot never changes."""
    try:
        notebook = RunDirectory(path).notebook()
    except OSError:
        return None
    changed = tuple(
        one.model_copy(update=dict(overrides)) if one.name == cell and isinstance(one, TrainingCell) else one
        for one in notebook.cells
    )
    return Made(notebook.model_copy(update={"cells": changed}), cell, "")


def _fingerprints(
    made: Made, notebook: Notebook, cell: TrainingCell, fingerprints: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Those of the run's data and of the cell's, by the data cells' names then and now. What is not known of one is
    taken to be that of the other: data that are still being read make nothing stale."""
    training = next((one for one in made.notebook.cells if one.name == made.cell), None)
    data_then = training.data if isinstance(training, TrainingCell) else ""
    ours = fingerprints.get(cell.data, "")
    if not made.fingerprint or not ours:
        return {}, {}
    return {data_then: made.fingerprint}, {cell.data: ours}
