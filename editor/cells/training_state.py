"""What the head of a training cell says of its run, and why the run no longer is what the cell says."""

from __future__ import annotations

from ...compiler.document import TrainingCell
from ...runtime.trained_runs import is_fresh, why_stale
from .cell_head import CellState, reasons
from .context import Context
from .run_follower import RunFollower
from .run_words import TONES


def training_state(context: Context, cell: TrainingCell, follower: RunFollower | None, pending: str) -> CellState:
    """The state that is shown while `pending` is waited for, else that of the run that is followed."""
    if pending:
        return CellState("starting", "info", busy=True)
    if follower is None:
        return CellState("not run yet")
    state = follower.progress.state
    if follower.progress.going:
        return CellState(state, TONES.get(state, ""), busy=state != "paused")
    if state != "finished":
        return CellState(state, TONES.get(state, ""))
    notebook, fingerprints = context.open.notebook, context.work.around().fingerprints
    if is_fresh(follower.run, notebook, cell, fingerprints):
        return CellState("fresh", "ok", why="Trained as it stands here.")
    why = why_stale(follower.run, notebook, cell, cell.name, fingerprints)
    return CellState("stale", "warning", why=reasons(why))
