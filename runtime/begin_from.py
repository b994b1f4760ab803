"""New runs that begin where another one was: a fork goes its own way from there, a reproduction the same way again.

Needs no TensorFlow: what a run begins with is a checkpoint in its folder.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .atomic_file import write_atomically, write_json_atomically
from .events import append_line
from .kept_checkpoints import KeptCheckpoint, copy_checkpoint, find_checkpoint
from .metrics_file import MetricsWriter
from .run_directory import ACTIVE, RunDirectory, RunRefused, create_run
from .setting_changes import is_change

REPLAY_FILE = "replay.json"
Change = tuple[str, str, float]
# What decides the bits of a run on one machine; see machine.py.
_DECIDED = ("intra_op_threads", "inter_op_threads", "xla", "precision", "data_fingerprint")
# Options that say when one run is to end and are not handed on.
_ENDS = ("until", "budget_steps", "budget_seconds", "at_once")


def fork_run(
    run: RunDirectory, step: int | None = None, *, options: dict[str, Any] | None = None, changes: Iterable[Change] = ()
) -> RunDirectory:
    """Makes a run that begins with the weights, optimizer, seeds and place in the data of a checkpoint of `run`, of
    its newest where no step is given.

    `options` (epochs, budgets) hold instead of the run's own; `changes` (of, parameter, value) are set before its first
    step. It is still to be started. Raises RunRefused, OSError.
    """
    checkpoint = find_checkpoint(run.path, step)
    info = run.info()
    kept = {name: value for name, value in (info.get("options") or {}).items() if name not in _ENDS}
    chosen = {**kept, **(options or {})}
    epochs, steps = int(chosen.get("epochs") or info.get("epochs") or 0), int(info.get("steps_per_epoch") or 0)
    if checkpoint.step >= epochs * steps:
        raise RunRefused(f"Step {checkpoint.step} is the end of its {epochs} epochs; a fork needs more of them.")
    fork = _begin(run, checkpoint, chosen, {"parent": {"run": run.id, "step": checkpoint.step}}, inherited=True)
    for of, parameter, value in changes:
        fork.set(of, parameter, value)
    return fork


def repeat_run(run: RunDirectory) -> RunDirectory:
    """Makes a run that is to repeat `run` bit for bit: its snapshot, seed, commands and choices, from where it began to
    where it ended. It is still to be started. Raises RunRefused, OSError."""
    info, state = run.info(), run.state()
    if state in (*ACTIVE, "queued"):
        raise RunRefused(f"Run {run.id} is {state}; only what has ended can be repeated.")
    if not info.get("weights_digest"):
        raise RunRefused(
            f"Run {run.id} is {state} and left no digest of its weights; there is nothing to compare with."
        )
    options = {name: value for name, value in (info.get("options") or {}).items() if name not in _ENDS}
    # Where time or a hand ended it, a step does now.
    if state != "finished":
        options["until"] = info["weights_step"]
    elif info["weights_step"] < int(info["epochs"]) * int(info["steps_per_epoch"]):
        options["budget_steps"] = info["weights_step"]
    parent = info.get("parent")
    start = find_checkpoint(run.path, int(parent["step"])) if parent else None
    facts: dict[str, Any] = {"reproduces": run.id} | ({"parent": parent} if parent else {})
    again = _begin(run, start, options, facts, inherited=False)
    own = [event for event in run.events()[0] if is_change(event) and not event.get("inherited")]
    write_json_atomically(again.path / REPLAY_FILE, own)
    return again


def _begin(
    run: RunDirectory, start: KeptCheckpoint | None, options: dict[str, Any], facts: dict[str, Any], *, inherited: bool
) -> RunDirectory:
    info = run.info()
    decided = {name: info[name] for name in _DECIDED if name in info}
    notebook = run.notebook()
    folder = run.path.parents[2]
    new = create_run(
        folder, notebook, info["cell"], notebook_name=info["notebook"], options=options, facts={**decided, **facts}
    )
    # The very bytes: a field that this version does not know stays.
    write_atomically(new.path / "notebook.weft", (run.path / "notebook.weft").read_text(encoding="utf-8"))
    if start is not None:
        _copy_history(run, new, start)
        copy_checkpoint(start, new.path / "checkpoints")
    return new


def _copy_history(run: RunDirectory, new: RunDirectory, start: KeptCheckpoint) -> None:
    """Rows, epochs and changes up to the checkpoint: the new run's past is that of the old one."""
    rows = run.metrics()
    if len(rows):
        writer = MetricsWriter(new.path / "metrics.bin", rows.shape[1])
        writer.append(rows[rows[:, 0] <= start.step])
        writer.sync()
        writer.close()
    for event in run.epochs():
        if int(event["epoch"]) <= start.epoch:
            append_line(new.path / "events.jsonl", event)
    for event in run.events()[0]:
        if is_change(event) and (event["step"], event.get("epoch", 0)) <= (start.step, start.epoch):
            append_line(new.path / "events.jsonl", {**event, "inherited": True})
