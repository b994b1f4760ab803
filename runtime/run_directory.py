"""A run as a reader sees it: a directory whose files are the protocol. Needs no TensorFlow.

`create_run` makes it; from then on only the trainer writes run.json, metrics.bin and events.jsonl. Readers come and
go as they like and may read at any moment; what they have to say goes into the control byte and commands.jsonl.
"""

from __future__ import annotations

import platform
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from ..compiler.device_options import read_placement
from ..compiler.document import NetworkCell, Notebook, TrainingCell
from ..compiler.document_file import read_notebook
from ..compiler.keys import network_key_in
from ..compiler.write_notebook import write_notebook
from .atomic_file import write_atomically, write_json_atomically
from .control import PAUSE, RUN, STEP, STOP, create_control, write_control
from .events import append_line, read_lines
from .metrics_file import read_metrics
from .process_identity import this_process
from .run_state import ACTIVE, ENDED, RunRefused, read_info, read_state
from .setting_changes import change_of, is_change
from .turns import place_in_line

FORMAT = 1
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


def refuse_to_resume(run: RunDirectory) -> None:
    """Raises RunRefused where a run cannot be taken up again."""
    state = run.state()
    if state == "finished":
        raise RunRefused(f"Run {run.id} has finished; start a new run to train for more epochs.")
    if state in (*ACTIVE, "queued"):
        raise RunRefused(f"Run {run.id} is {state}; it needs no resume.")
    if state == "diverged" and not _has_unanswered_commands(run):
        raise RunRefused(f"Run {run.id} diverged and would again: resume it with a lower learning rate, or fork it.")
    if not (run.path / "notebook.weft").exists():
        raise RunRefused(f"Run {run.id} has no snapshot of its notebook; it cannot be taken up again.")


def _has_unanswered_commands(run: RunDirectory) -> bool:
    """Whether something was asked of the run that it has not done yet."""
    answered = {event.get("id") for event in run.events()[0] if event.get("event") == "command"}
    asked = read_lines(run.path / "commands.jsonl")[0]
    # To look at a layer changes nothing of what would come.
    return any(line.get("id") not in answered and line.get("command") != "look" for line in asked)


def requeue(run: RunDirectory) -> None:
    """Says that a run which has no process is to be taken up again, by a process that this one starts.

    Raises RunRefused where it cannot be."""
    refuse_to_resume(run)
    run.resume()
    pid, start = this_process()
    info = {**run.info(), "state": "queued", "message": "", "machine": platform.node()}
    write_json_atomically(run.path / "run.json", {**info, "pid": pid, "process_start": start})


def create_run(
    folder: Path,
    notebook: Notebook,
    cell_name: str,
    *,
    notebook_name: str,
    options: dict[str, Any] | None = None,
    facts: dict[str, Any] | None = None,
) -> RunDirectory:
    """Makes the directory of a run that is still to be started, under .weftwork/runs beside the notebook.

    `options` are fields of the training cell that hold for this run only (`epochs`, `batch_size`, `seed`), or its
    options (`strategy`, `replicas`, `backend`), `threads`, `steps_per_execution`, the most steps between two looks at
    the control byte, `budget_steps`, `budget_seconds`, `until`, a step to stop at, and `at_once`, beside other runs.
    `facts` are what run.json is to say from the start.
    Raises OSError where the folder cannot be written, KeyError where there is no such cell.
    """
    cell = notebook.cell(cell_name)
    if not isinstance(cell, TrainingCell):
        raise KeyError(f"{cell_name} is no training cell")
    network = next((n for n in notebook.networks() if n.name == cell.network), None)
    runs = Path(folder) / ".weftwork" / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    path = _new_folder(runs, now)
    for name in ("checkpoints", "artefacts"):
        (path / name).mkdir()
    write_atomically(path / "notebook.weft", write_notebook(notebook))
    create_control(path / "control")
    pid, start = this_process()
    write_json_atomically(
        path / "run.json",
        {
            "format": FORMAT,
            "id": path.name,
            "state": "queued",
            "message": "",
            "notebook": notebook_name,
            "cell": cell.name,
            "cell_id": cell.id,
            "network": cell.network,
            "data": cell.data,
            "network_key": network_key_in(notebook, network) if isinstance(network, NetworkCell) else "",
            "options": dict(options or {}),
            **_placement(cell.options, options or {}),
            "created": now.isoformat(timespec="milliseconds"),
            "created_at": now.timestamp(),
            "machine": platform.node(),
            "pid": pid,
            "process_start": start,
            **(facts or {}),
        },
    )
    return RunDirectory(path)


def _placement(*options: Mapping[str, Any]) -> dict[str, Any]:
    """Devices and backend change what comes out, so a run keeps to those that it began with."""
    placement = read_placement(*options).to_json()
    return {"placement": placement} if placement else {}


def fail_unstarted(run: RunDirectory, message: str) -> None:
    """Ends a run whose trainer could not even be started; until then run.json is its maker's to write."""
    info = run.info()
    if info.get("state") == "queued":
        write_json_atomically(run.path / "run.json", {**info, "state": "failed", "message": message})


def _new_folder(runs: Path, now: datetime) -> Path:
    """A folder whose name sorts by time and is nobody else's."""
    while True:
        path = runs / f"{now:%Y%m%d-%H%M%S}-{now.microsecond // 1000:03d}{secrets.token_hex(1)}"
        try:
            path.mkdir()
        except FileExistsError:
            continue
        return path


def list_runs(folder: Path) -> list[RunDirectory]:
    """The runs beside the notebooks of a folder, newest first. Folders without a readable run.json are left out."""
    runs = Path(folder) / ".weftwork" / "runs"
    try:
        names = sorted((entry.name for entry in runs.iterdir() if entry.is_dir()), reverse=True)
    except OSError:
        return []
    return [run for run in (RunDirectory(runs / name) for name in names) if run.info()]


__all__ = [
    "ACTIVE",
    "BEST",
    "ENDED",
    "FORMAT",
    "LAST",
    "RunDirectory",
    "RunRefused",
    "create_run",
    "fail_unstarted",
    "list_runs",
    "refuse_to_resume",
    "requeue",
]
