"""Two runs side by side: what was set differently, and what came of it."""

from __future__ import annotations

from typing import Any

from .run_directory import RunDirectory
from .run_result import final_metrics

# What every run has of its own and says nothing of the experiment.
_INCIDENTAL = frozenset({"pid", "pid_started", "heartbeat", "started", "id", "run", "step", "seconds", "message"})


def compare_runs(first: RunDirectory, second: RunDirectory) -> dict[str, Any]:
    """`metrics` and `settings`: name → (value of the first, value of the second). Settings only where they differ."""
    one, other = final_metrics(first), final_metrics(second)
    metrics = {name: (one.get(name), other.get(name)) for name in {**one, **other}}
    before, after = _flat(first.info()), _flat(second.info())
    settings = {
        name: (before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name) and name.split(".")[0] not in _INCIDENTAL
    }
    return {"runs": [first.id, second.id], "metrics": metrics, "settings": settings}


def _flat(value: Any, prefix: str = "") -> dict[str, Any]:
    """Nested objects as one level of dotted names."""
    if not isinstance(value, dict):
        return {prefix: value}
    flat: dict[str, Any] = {}
    for key, entry in value.items():
        flat |= _flat(entry, f"{prefix}.{key}" if prefix else str(key))
    return flat
