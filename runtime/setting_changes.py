"""Which commands change what a run's weights become, and what they say. Needs no TensorFlow."""

from __future__ import annotations

from typing import Any

CHANGING = ("learning_rate", "set")


def is_change(event: dict[str, Any]) -> bool:
    """Whether an event tells of a setting that was changed while the run trained."""
    return event.get("event") == "command" and bool(event.get("accepted")) and event.get("command") in CHANGING


def change_of(event: dict[str, Any]) -> dict[str, Any]:
    """of, parameter, value, and the step at which it took effect."""
    value = event["value"]
    if event["command"] == "learning_rate":
        value = {"of": "optimizer", "parameter": "learning_rate", "value": value}
    return {**value, "step": event["step"]}
