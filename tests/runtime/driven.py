"""Runs in this process that are steered by what they say: each pause is answered by the next action of a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from weftwork.runtime.run_directory import RunDirectory
from weftwork.runtime.train_here import train_here

Action = Callable[[RunDirectory], Any]


def step(what: str) -> Action:
    return lambda run: run.step(what)


def go_on(run: RunDirectory) -> None:
    run.resume()


def drive(run: RunDirectory, *actions: Action) -> tuple[str, list[int]]:
    """Trains with a pause after the first batch; at each pause the next action is done. Gives the end state, and the
    step of each pause."""
    waiting, steps = list(actions), []

    def hear(event: dict[str, Any]) -> None:
        if event["event"] == "state" and event["state"] == "paused":
            steps.append(int(run.metrics()[-1, 0]))
            waiting.pop(0)(run)

    run.pause()
    state = train_here(run, hear)
    assert not waiting
    return state, steps
