"""Runs that begin with an earlier one, headless: gone on with, forked, or repeated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from .begin_from import Change, fork_run
from .quiet_tensorflow import quiet_tensorflow
from .run_directory import RunDirectory, RunRefused
from .run_result import find_run, run_result

Progress = Callable[[dict[str, Any]], None]


def take_up(
    folder: Path,
    resume: str | None,
    fork: str | None,
    reproduce: str | None,
    epochs: int | None,
    learning_rate: float | None,
    progress: Progress | None,
) -> dict[str, Any]:
    """Does one of the three and gives the result. Raises RunNotFound, RunRefused, OSError."""
    chosen = [name for name, run in (("resume", resume), ("fork", fork), ("reproduce", reproduce)) if run is not None]
    if len(chosen) > 1:
        raise RunRefused(f"{' and '.join(chosen)} cannot be had together; choose one.")
    if epochs is not None and fork is None:
        raise RunRefused(f"A run that one goes on with or repeats has its own number of epochs; fork it for {epochs}.")
    if reproduce is not None and learning_rate is not None:
        raise RunRefused("A run is repeated with its own learning rate; fork it to try another.")
    quiet_tensorflow()
    from .reproduce import reproduce as repeat
    from .train_here import resume_here, train_here

    if reproduce is not None:
        return repeat(find_run(folder, reproduce), progress)
    if resume is not None:
        run = find_run(folder, resume)
        if learning_rate is not None:
            set_learning_rate(run, learning_rate)
        resume_here(run, progress)
        return run_result(run)
    name, _, step = (fork or "").partition("@")
    if step and not step.isdecimal():
        raise RunRefused(f"A checkpoint goes by its step: RUN@STEP, not @{step}.")
    changes: list[Change] = [] if learning_rate is None else [("optimizer", "learning_rate", learning_rate)]
    options = {} if epochs is None else {"epochs": epochs}
    run = fork_run(find_run(folder, name), int(step) if step else None, options=options, changes=changes)
    train_here(run, progress)
    return run_result(run)


def set_learning_rate(run: RunDirectory, value: float) -> str:
    """Asks the run for another learning rate; one that has ended takes it up when it is resumed."""
    return run.command("learning_rate", value)
