"""What is told of a run when it is over: for the command line, lists and comparisons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .run_directory import RunDirectory, list_runs


class RunNotFound(Exception):
    """No run of that id; the message lists the newest."""


def find_run(folder: Path, run: str) -> RunDirectory:
    """The run with that id, or with that unique beginning of an id. Raises RunNotFound."""
    there = list_runs(folder)
    found = [candidate for candidate in there if candidate.id == run] or [
        candidate for candidate in there if candidate.id.startswith(run)
    ]
    if len(found) == 1:
        return found[0]
    newest = ", ".join(candidate.id for candidate in there[:5]) or "none"
    raise RunNotFound(f"There is no one run {run}; the newest: {newest}.")


def final_metrics(run: RunDirectory) -> dict[str, float]:
    """The metrics at the end of the last epoch that was completed."""
    events, _ = run.events()
    epochs = [event for event in events if event.get("event") == "epoch"]
    return dict(epochs[-1].get("metrics", {})) if epochs else {}


def run_result(run: RunDirectory) -> dict[str, Any]:
    """run, state, directory, steps, seconds, metrics; with a message where the end was none of success."""
    info = run.info()
    result = {
        "run": run.id,
        "state": run.state(),
        "directory": str(run.path),
        "steps": info.get("step", 0),
        "seconds": round(float(info.get("seconds", 0.0)), 3),
        "metrics": final_metrics(run),
    }
    for name in ("parent", "reproduces", "best"):
        if info.get(name):
            result[name] = info[name]
    if info.get("message"):
        result["message"] = info["message"]
    return result


def run_row(run: RunDirectory) -> dict[str, Any]:
    """A line of the list of runs."""
    info = run.info()
    return {
        "run": run.id,
        "notebook": info.get("notebook", ""),
        "cell": info.get("cell", ""),
        "state": run.state(),
        "started": info.get("started", ""),
        "seconds": round(float(info.get("seconds", 0.0)), 3),
        "metrics": final_metrics(run),
    }


def latest_finished(
    folder: Path, notebook: str, cell: str = "", *, network: str = "", network_key: str = ""
) -> RunDirectory | None:
    """The newest finished run of a notebook; of one training cell, or with one network key, where given."""
    for run in list_runs(folder):
        info = run.info()
        if (
            run.state() == "finished"
            and info.get("notebook") == notebook
            and (not cell or info.get("cell") == cell)
            and (not network or info.get("network") == network)
            and (not network_key or info.get("network_key") == network_key)
        ):
            return run
    return None
