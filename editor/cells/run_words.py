"""A run in words: its state, its time, its metrics. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from ...runtime.shown_values import duration, metric_value
from .run_follower import Progress

TONES = {
    "queued": "info",
    "building": "info",
    "running": "info",
    "paused": "warning",
    "finished": "ok",
    "stopped": "warning",
    "diverged": "error",
    "failed": "error",
    "lost": "error",
}

ENDINGS = {
    "stopped": "Stopped before its end. What it had learnt is kept; Resume goes on from there.",
    "diverged": "Diverged: the gradient is no finite number any more. Lower the learning rate, then resume or fork.",
    "failed": "Failed.",
    "lost": "The training process is gone. Resume goes on from the last checkpoint.",
}


def metric_name(name: str) -> str:
    """`val_sparse_categorical_accuracy` → `validation accuracy`."""
    validation = name.startswith("val_")
    plain = name.removeprefix("val_")
    if plain.endswith("accuracy") and "_output" not in plain:
        plain = "accuracy"
    return ("validation " if validation else "") + plain.replace("_", " ")


def metrics_line(metrics: Mapping[str, float], limit: int = 4) -> str:
    """The metrics that say most, validation first."""
    ranked = sorted(metrics, key=lambda name: (not name.startswith("val_"), name.endswith("loss"), name))
    return ", ".join(f"{metric_name(name)} {metric_value(name, metrics[name])}" for name in ranked[:limit])


def now_words(progress: Progress) -> str:
    """What the run is doing, for the line under the bar."""
    match progress.state:
        case "queued":
            return progress.message or "Waiting for the training process"
        case "building":
            return "Building the network"
        case "paused":
            return "Paused"
        case "running" if not progress.step:
            return "First batch"
        case "running":
            return "Training"
    return progress.state.capitalize()


def end_words(progress: Progress) -> str:
    """How the run ended, in a sentence or two."""
    if progress.state == "finished":
        found = metrics_line(progress.metrics)
        return f"Finished in {duration(progress.seconds)}" + (f": {found}." if found else ".")
    words = ENDINGS.get(progress.state, "")
    message = progress.message.strip()
    return message if message and progress.state in ("failed", "diverged") else words
