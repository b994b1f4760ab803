"""A run is a directory, and its files are the protocol. Here they are made, found, and made ready to be taken up again.

From then on only the trainer writes run.json, metrics.bin and events.jsonl; run_reader.py is what readers see of them.
"""

from __future__ import annotations

import platform
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ..compiler.device_options import read_placement
from ..compiler.document import NetworkCell, Notebook, TrainingCell
from ..compiler.keys import network_key_in
from ..compiler.write_notebook import write_notebook
from .atomic_file import write_atomically, write_json_atomically
from .control import create_control
from .events import read_lines
from .process_identity import this_process
from .run_reader import BEST, LAST, RunDirectory
from .run_state import ACTIVE, ENDED, RunRefused
from .thread_choice import threads_fact

FORMAT = 1

_STAMP = re.compile(r"20\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])-([01]\d|2[0-3])[0-5]\d[0-5]\d-\d{3}")
_STAMPED = "%Y%m%d-%H%M%S-%f"


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
            **threads_fact(cell, network, options or {}),
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
    """A folder whose name sorts after those of all earlier runs, also where the clock has gone back, and is nobody
    else's."""
    while True:
        last = max((name for entry in runs.iterdir() if _STAMP.match(name := entry.name)), default="")
        stamp = f"{now:%Y%m%d-%H%M%S}-{now.microsecond // 1000:03d}"
        if stamp <= last[: len(stamp)]:
            now = datetime.strptime(last[: len(stamp)], _STAMPED) + timedelta(milliseconds=1)
            continue
        path = runs / f"{stamp}{secrets.token_hex(1)}"
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
