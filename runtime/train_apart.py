"""A run trained in a process of its own and followed from here: what another backend than this process' needs."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from typing import Any

from .child_process import spawn_child
from .run_directory import RunDirectory, fail_unstarted

_LOOK_S = 0.05


def train_apart(
    run: RunDirectory, environment: Mapping[str, str], progress: Callable[[dict[str, Any]], None] | None
) -> str:
    """Trains a run that is to be started, and gives the state it ended in; `progress` hears its events.

    Ctrl-C stops the run after its batch, waits for that, and is passed on."""
    offset = run.events()[1]
    try:
        process, link = spawn_child("run-now", str(run.path.absolute()), environment)
    except OSError as error:
        fail_unstarted(run, f"No process could be started: {error}")
        return "failed"
    try:
        while process.poll() is None:
            offset = _tell(run, offset, progress)
            _wait(process)
    except KeyboardInterrupt:
        run.stop()
        process.wait()
        raise
    finally:
        link.close()
        _tell(run, offset, progress)
    if run.state() == "queued":
        fail_unstarted(run, f"The training process could not begin. {_last_words(run)}".strip())
    return run.state()


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_LOOK_S)
    except subprocess.TimeoutExpired:
        return


def _tell(run: RunDirectory, offset: int, progress: Callable[[dict[str, Any]], None] | None) -> int:
    events, offset = run.events(offset)
    for event in events if progress is not None else ():
        progress(event)  # pyright: ignore[reportOptionalCall] (looked at in the line above)
    return offset


def _last_words(run: RunDirectory) -> str:
    try:
        lines = (run.path / "log.txt").read_text(errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")
