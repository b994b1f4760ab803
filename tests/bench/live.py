"""A run of the digits notebook, pressed in the browser: batch done → point on the plot, and pause and stop → heard."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from weftwork.gallery.cards import copy_card
from weftwork.runtime.run_directory import ENDED, RunDirectory, list_runs

from .figures import Figure, percentile
from .open_editor import WAIT_MS, open_editor
from .report import report

_WATCH_S = 8.0
_LOOK_S = 0.004

# Notes when the plot gets to which step, by the same clock as the trainer's.
_NOTE_STEPS = """plot => {
    window.seen = []
    const note = () => window.seen.push([Date.now() / 1000, Number(plot.dataset.step)])
    new MutationObserver(note).observe(plot, {attributes: true, attributeFilter: ['data-step']})
}"""


def main(rounds: int = 15) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_card("digits", folder)
        with open_editor(folder, "digits.weft") as (page, _):
            page.get_by_test_id("run:Training").click()
            plot = page.locator('[data-testid="live-plot:Training"][data-step]').first
            plot.wait_for(state="attached")
            plot.evaluate(_NOTE_STEPS)
            page.wait_for_timeout(1000 * _WATCH_S)
            seen = page.evaluate("window.seen")
            run = list_runs(folder)[0]
            delays = _delays(run, seen)
            pauses = [_pause(run, 0.3 + 0.037 * number) for number in range(rounds)]
            stop = _seconds_until(run, run.stop, ENDED)
    pause = f"{1000 * percentile(pauses, 0.5):.0f} ms, p95 {1000 * percentile(pauses, 0.95):.0f} ms"
    shown = f"{1000 * percentile(delays, 0.5):.0f} ms, p95 {1000 * percentile(delays, 0.95):.0f} ms"
    report(
        Figure(f"batch done → point on the plot, {len(delays)} batches (median)", shown, "", "p95 ≤ 250 ms"),
        Figure("pause pressed → paused, with its checkpoint (median)", pause, "", "≤ 200 ms or one batch"),
        Figure("stop pressed → ended, the model saved", f"{1000 * stop:.0f} ms", "", ""),
    )


def _delays(run: RunDirectory, seen: list[tuple[float, int]]) -> list[float]:
    """For each batch that was watched the seconds from its end until the plot showed it."""
    if len(seen) < 2:
        sys.exit(f"the plot of the run, which is {run.state()}, did not move")
    # The trainer tells the time since its start together with the time of day once a second.
    told = [event for event in run.events()[0] if event["event"] == "progress"]
    zero = float(np.median([event["time"] - event["seconds"] for event in told]))
    rows = run.metrics()
    shown_at, shown_step = np.array(seen).T
    rows = rows[(rows[:, 0] > shown_step[0]) & (rows[:, 0] <= shown_step[-1])]
    first_showing = np.searchsorted(shown_step, rows[:, 0])
    return list(shown_at[first_showing] - (zero + rows[:, 2]))


def _pause(run: RunDirectory, after: float) -> float:
    """Seconds from the key until the run is paused; it goes on again afterwards."""
    time.sleep(after)
    seconds = _seconds_until(run, run.pause, ("paused",))
    _seconds_until(run, run.resume, ("running",))
    return seconds


def _seconds_until(run: RunDirectory, act, states: tuple[str, ...]) -> float:
    start = time.perf_counter()
    act()
    while (state := run.state()) not in states:
        if state in (*ENDED, "lost") or time.perf_counter() - start > WAIT_MS / 1000:
            sys.exit(f"the run is {state}, which was not asked for")
        time.sleep(_LOOK_S)
    return time.perf_counter() - start
