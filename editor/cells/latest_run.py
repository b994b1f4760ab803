"""Which run the cells below a training cell speak of: its newest that has a trained network."""

from __future__ import annotations

from ...runtime.run_directory import RunDirectory, list_runs
from ..open_notebook import OpenNotebook

# A stopped run has learnt something too; its network is saved.
_TRAINED = ("finished", "stopped")


def latest_trained(opened: OpenNotebook, training: str) -> RunDirectory | None:
    """The newest run of a training cell that left a network behind."""
    for run in list_runs(opened.folder):
        info = run.info()
        mine = info.get("notebook") == opened.path.name and info.get("cell") == training
        if mine and run.state() in _TRAINED and run.model_path.exists():
            return run
    return None
