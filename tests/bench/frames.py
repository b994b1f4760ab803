"""Frames of a page in headless Chromium while a hand drags in it."""

from __future__ import annotations

import itertools
import statistics
import time
from typing import TYPE_CHECKING

from .figures import percentile

if TYPE_CHECKING:
    from playwright.sync_api import Page

_COUNT = """() => {
    const times = [];
    const tick = (now) => { times.push(now); window.__frames = times; window.__tick = requestAnimationFrame(tick); };
    window.__tick = requestAnimationFrame(tick);
}"""
_STOP = "() => { cancelAnimationFrame(window.__tick); return window.__frames; }"
_FAR = 160


def frames_while_dragging(page: Page, start: tuple[float, float], seconds: float = 3.0) -> list[float]:
    """Milliseconds between frames while the mouse holds what lies at `start` and goes to and fro."""
    mouse = page.mouse
    mouse.move(*start)
    mouse.down()
    mouse.move(start[0] + 8, start[1] + 4)
    page.evaluate(_COUNT)
    end, step = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        step += 1
        swing = _FAR - abs(step * 6 % (2 * _FAR) - _FAR)
        mouse.move(start[0] + swing, start[1] + swing / 3)
    times = page.evaluate(_STOP)
    mouse.up()
    return [after - before for before, after in itertools.pairwise(times)]


def words(intervals: list[float]) -> str:
    """`58 fps (frame p95 19 ms)`: all frames over all the time, and what 95 of 100 frames do not exceed."""
    return f"{1000 / statistics.fmean(intervals):.0f} fps (frame p95 {percentile(intervals, 0.95):.0f} ms)"
