"""A run in words: its state, its time, its metrics. Pure."""

from __future__ import annotations

from collections.abc import Mapping

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


def duration(seconds: float) -> str:
    """0.8 s, 42 s, 3 min 5 s, 2 h 10 min."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def metric_name(name: str) -> str:
    """`val_sparse_categorical_accuracy` → `validation accuracy`."""
    validation = name.startswith("val_")
    plain = name.removeprefix("val_")
    if plain.endswith("accuracy") and "_output" not in plain:
        plain = "accuracy"
    return ("validation " if validation else "") + plain.replace("_", " ")


def metric_value(name: str, value: float) -> str:
    """Accuracies as percent, everything else in four figures."""
    if name.endswith(("accuracy", "auc", "precision", "recall")) and 0 <= value <= 1:
        return f"{value * 100:.1f} %"
    return f"{value:.4g}"


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
