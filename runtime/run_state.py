"""The states of a run, and what may be done in each. Needs no TensorFlow."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from .process_identity import is_running

ACTIVE = ("building", "running", "paused")
ENDED = ("finished", "stopped", "diverged", "failed")

# A run on another machine cannot be asked for its process; it writes its heartbeat every second.
_SILENT_S = 60.0


class RunRefused(Exception):
    """Something that cannot be done with a run in its present state; the message says why."""


def resolve_state(info: dict[str, Any]) -> str:
    """The state that run.json tells of, or lost where it cannot be true any more."""
    state = str(info.get("state") or "lost")
    if state in ENDED:
        return state
    if info.get("machine") != platform.node():
        age = time.time() - float(info.get("heartbeat") or info.get("created_at") or 0.0)
        return state if age < _SILENT_S else "lost"
    # Before the trainer takes over, the pid is that of the process that made the run and is to start it.
    return state if is_running(int(info.get("pid") or 0), str(info.get("process_start") or "")) else "lost"


def read_state(read: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], str]:
    """What `read` gives of a run.json, and the state that it tells of.

    Who finds no process reads once more: the end may have been written between the reading and the looking.
    """
    info = read()
    if (state := resolve_state(info)) == "lost":
        info = read()
        state = resolve_state(info)
    return info, state


def latest_states(folder: Path) -> dict[str, str]:
    """The state of the newest run of each notebook in a folder, by the notebook's file name."""
    states: dict[str, str] = {}
    # The names of runs sort by time.
    for path in sorted((folder / ".weftwork" / "runs").glob("*/run.json"), reverse=True):
        info = read_info(path)
        if info and (notebook := str(info.get("notebook", ""))) not in states:
            states[notebook] = read_state(partial(read_info, path))[1]
    return states


def read_info(path: Path) -> dict[str, Any]:
    """What a run.json says; empty where it cannot be read."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
