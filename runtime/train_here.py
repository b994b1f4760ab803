"""A run trained in the process that asks: what the command line and scripts use. Imports TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .control import STOP
from .distribution.backend_process import environment_for
from .run_directory import RunDirectory, RunRefused, requeue
from .run_lock import RunLocked
from .run_record import RunRecord
from .train_apart import train_apart
from .trainer import train

Progress = Callable[[dict[str, Any]], None]


def train_here(run: RunDirectory, progress: Progress | None = None) -> str:
    """Trains a run that `create_run` made and gives the state it ended in; `progress` hears its events.

    One by another backend than TensorFlow is trained in a process of its own. Raises RunRefused where another process
    trains it. Ctrl-C ends the run as stopped and is passed on.
    """
    if environment := environment_for(run.info()):
        return train_apart(run, environment, progress)
    record = RunRecord(run, progress)
    if record.control.read() == STOP:
        record.end("stopped", "Stopped before the first step.")
        return "stopped"

    def interrupt() -> None:
        import _thread

        # Stop was pressed while the network was being built: the main thread ends as by Ctrl-C.
        _thread.interrupt_main()

    try:
        return train(record, on_stop=interrupt)
    except RunLocked as error:
        raise RunRefused(str(error)) from error


def resume_here(run: RunDirectory, progress: Progress | None = None) -> str:
    """Goes on with a run that was stopped, failed or lost. Raises RunRefused with the reason where it cannot."""
    requeue(run)
    return train_here(run, progress)
