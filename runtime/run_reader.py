"""A run as a reader sees it: what its files say, and the few words that it takes. Needs no TensorFlow.

Readers come and go as they like and may read at any moment; what they have to say goes into the control byte and
commands.jsonl.
"""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import Any

import numpy as np

from ..compiler.document import Notebook
from ..compiler.document_file import read_notebook
from .control import PAUSE, RUN, STEP, STOP, write_control
from .events import append_line, read_lines
from .metrics_file import read_metrics
from .run_state import ENDED, read_info, read_state
from .setting_changes import change_of, is_change
from .turns import place_in_line

# Which weights of a run are taken.
LAST, BEST = "last", "best"


class RunDirectory:
    """Reads a run, and tells it to pause, go on, stop or do something."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.id = self.path.name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RunDirectory) and other.path == self.path

    def __hash__(self) -> int:
        return hash(self.path)

    def __repr__(self) -> str:
        return f"RunDirectory({str(self.path)!r})"

    @property
    def model_path(self) -> Path:
        """The trained network as drawn; there once the run has ended."""
        return self.artefact("model.keras")

    @property
    def log_path(self) -> Path:
        return self.path / "log.txt"

    @property
    def best_model_path(self) -> Path:
        """The network with the weights of its best epoch; there once the run has ended, unless the last are best."""
        return self.artefact("best.keras")

    def weights_path(self, weights: str = LAST) -> Path:
        """The trained network with its last weights or, for "best", those of its best epoch."""
        best = weights == BEST and self.best_model_path.is_file()
        return self.best_model_path if best else self.model_path

    def artefact(self, name: str) -> Path:
        return self.path / "artefacts" / name

    def info(self) -> dict[str, Any]:
        """What run.json says; empty where it cannot be read."""
        return read_info(self.path / "run.json")

    def state(self) -> str:
        """queued, building, running, paused, finished, stopped, diverged, failed, or lost: without an end and
        without a process."""
        return read_state(self.info)[1]

    def message(self) -> str:
        """What there is to say of the state, in one line."""
        info, state = read_state(self.info)
        if state == "lost":
            return "The training process is gone. Resume goes on from the last checkpoint."
        place = place_in_line(self.path) if info.get("state") == "queued" else 0
        return f"{info['message']} Place {place} in the queue." if place else str(info.get("message", ""))

    def heartbeat(self) -> float:
        """When the trainer last wrote, in seconds since 1970; 0 before it began."""
        return float(self.info().get("heartbeat") or 0.0)

    def columns(self) -> list[str]:
        """The columns of the metrics; empty until the network is built."""
        return list(self.info().get("columns") or [])

    def metrics(self, start_row: int = 0) -> np.ndarray:
        """Rows of the metrics from `start_row` on, one a step, of shape (n, columns)."""
        return read_metrics(self.path / "metrics.bin", len(self.columns()), start_row)

    def events(self, offset: int = 0) -> tuple[list[dict[str, Any]], int]:
        """Events after byte `offset`, and the offset to go on from."""
        return read_lines(self.path / "events.jsonl", offset)

    def epochs(self) -> list[dict[str, Any]]:
        """The event of each completed epoch, in order; of an epoch that was trained again, the last."""
        latest: dict[int, dict[str, Any]] = {}
        for event in self.events()[0]:
            if event.get("event") == "resumed":
                latest = {epoch: kept for epoch, kept in latest.items() if epoch <= event.get("epochs_done", 0)}
            elif event.get("event") == "epoch":
                latest[int(event["epoch"])] = event
        return [latest[epoch] for epoch in sorted(latest)]

    def notebook(self) -> Notebook:
        """The notebook as it was when the run was made."""
        return read_notebook((self.path / "notebook.weft").read_text(encoding="utf-8"))[0]

    def pause(self) -> None:
        write_control(self.path / "control", PAUSE)

    def resume(self) -> None:
        """Lets a paused run go on. A run that has ended is taken up by `Host.resume_run`."""
        write_control(self.path / "control", RUN)

    def stop(self) -> None:
        write_control(self.path / "control", STOP)

    def step(self, what: str) -> str:
        """Lets a paused run do one "batch" or go to the end of its "epoch"; it is paused again after that."""
        # The byte first: without it the command is refused.
        write_control(self.path / "control", STEP)
        return self.command("step", what)

    def set(self, of: str, parameter: str, value: float) -> str:
        """Changes a setting while it trains: of "optimizer", "loss" or a layer, by its name."""
        return self.command("set", {"of": of, "parameter": parameter, "value": value})

    def changes(self) -> list[dict[str, Any]]:
        """The settings that were changed while it trained, in order: of, parameter, value, step."""
        told = {event["id"]: change_of(event) for event in self.events()[0] if is_change(event)}
        return list(told.values())

    def command(self, command: str, value: Any = None) -> str:
        """Asks the trainer for something; the answer is an event "command" with the id that this gives."""
        id_ = secrets.token_hex(4)
        append_line(self.path / "commands.jsonl", {"id": id_, "command": command, "value": value})
        return id_

    def wait(self, states: tuple[str, ...] = (*ENDED, "lost"), timeout: float = 600.0) -> str:
        """Waits for one of the states and gives the state that there is then."""
        end = time.monotonic() + timeout
        while (state := self.state()) not in states and time.monotonic() < end:
            time.sleep(0.02)
        return state
