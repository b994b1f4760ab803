"""Two runs side by side: what was set differently, and what came of it."""

from __future__ import annotations

from typing import Any

from .run_directory import RunDirectory
from .run_result import final_metrics

# What every run has of its own and says nothing of the experiment.
_INCIDENTAL = frozenset(
    {"format", "id", "message", "pid", "process_start", "heartbeat", "created", "created_at", "started", "ended"}
    | {"step", "seconds", "metrics", "live", "answer", "best", "weights_digest", "weights_step"}
    | {"steps_per_execution", "health"}
)


def compare_runs(first: RunDirectory, second: RunDirectory) -> dict[str, Any]:
    """`metrics` and `settings`: name → (value of the first, value of the second). Settings only where they differ,
    those changed in training among them. `same_weights`: whether both ended with the same bits; None where unknown."""
    one, other = final_metrics(first), final_metrics(second)
    metrics = {name: (one.get(name), other.get(name)) for name in {**one, **other}}
    before, after = ({**_flat(run.info()), **_changed(run)} for run in (first, second))
    digests = [run.info().get("weights_digest") for run in (first, second)]
    settings = {
        name: (before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name) and name.split(".")[0] not in _INCIDENTAL
    }
    same = digests[0] == digests[1] if all(digests) else None
    return {"runs": [first.id, second.id], "metrics": metrics, "settings": settings, "same_weights": same}


def _changed(run: RunDirectory) -> dict[str, str]:
    """What was changed while the run trained: `changed.optimizer.learning_rate` → `0.001 from step 40, …`."""
    found: dict[str, dict[int, str]] = {}
    for change in run.changes():
        name = f"changed.{change['of']}.{change['parameter']}"
        # Of two at one step, a fork's own after its parent's, the last one holds.
        found.setdefault(name, {})[change["step"]] = f"{change['value']:g} from step {change['step']}"
    return {name: ", ".join(values.values()) for name, values in found.items()}


def _flat(value: Any, prefix: str = "") -> dict[str, Any]:
    """Nested objects as one level of dotted names."""
    if not isinstance(value, dict):
        return {prefix: value}
    flat: dict[str, Any] = {}
    for key, entry in value.items():
        flat |= _flat(entry, f"{prefix}.{key}" if prefix else str(key))
    return flat
