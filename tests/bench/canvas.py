"""The canvas with 1,000 and 5,000 rich nodes in headless Chromium, against React Flow's plain stress page."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.chromium import FLAGS, chromium_path
from weftwork.compiler.document import Notebook
from weftwork.compiler.document_file import write_notebook

from .canvas_grid import ALONE, grid, node_id
from .figures import Figure, percentile
from .frames import frames_while_dragging, words
from .react_flow_stress import stress_page
from .report import report
from .served import editor_on, files_of
from .wire_times import LISTEN, WireTimes

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_WAIT_MS = 120_000
_FEW = 1000
_BUDGETS = {
    "a parameter pressed → on its node": "≤ 15 ms",
    "one node's shape come → on the node": "≤ 15 ms",
    "all shapes come → on the nodes in sight": "≤ 100 ms",
    "connect sent → acknowledged": "≤ 20 ms",
    "bytes sent for a record changed": "≤ 1 KB",
    "bytes answered for a record changed": "≤ 1 KB",
}
_HAND = {"dragging a node": "drag", "panning at working zoom": "pan", "panning with all in view": "fit"}

Frames = dict[str, list[float]]


def main(rounds: int = 3) -> None:
    found = chromium_path()
    if found is None:
        sys.exit("There is no Chromium; `python tests/chromium.py` installs one.")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as name:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        for count in (_FEW, 5000):
            _bench(browser, Path(name), count, rounds)
        browser.close()


def _bench(browser: Browser, folder: Path, count: int, rounds: int) -> None:
    network = grid(count)
    text = write_notebook(Notebook(cells=(network,)))
    stress = stress_page(folder, count, len(network.wires))
    ours, theirs, times = defaultdict(list), defaultdict(list), defaultdict(list)
    with editor_on(folder) as address, files_of(folder) as files:
        for number in range(rounds):
            file = f"grid{count}-{number}.weft"
            (folder / file).write_text(text, encoding="utf-8")
            page = _open(browser, address.replace("/?", f"/notebook?file={file}&"), ours)
            _measure_ours(page, ours, times, count)
            page.context.close()
            page = _open(browser, f"{files}/{stress.name}", theirs)
            _measure_theirs(page, theirs)
            page.context.close()
    _report(f"canvas, {count:,} rich nodes, {len(network.wires):,} wires", count, ours, theirs, times)


def _open(browser: Browser, address: str, found: Frames) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(_WAIT_MS)
    page.add_init_script(LISTEN)
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(".react-flow__node").first.wait_for()
    found["opened"].append(time.perf_counter() - start)
    return page


def _measure_ours(page: Page, frames: Frames, times: Frames, count: int) -> None:
    page.locator('[data-testid="canvas"][data-loaded="true"]').wait_for()
    page.get_by_test_id("host-state").get_by_text("ready").wait_for()
    pane = page.locator(".react-flow__pane")
    pane.click(position={"x": 4, "y": 4})
    alone = node_id(0, ALONE)
    _bring(page, alone)
    page.get_by_test_id(f"node:{alone}").get_by_text("· × 16").wait_for()
    box = page.get_by_test_id(f"node:{node_id(0, 1)}").bounding_box()
    assert box is not None
    frames["drag"] += frames_while_dragging(page, (box["x"] + 20, box["y"] + 14))
    if count == _FEW:
        wire = WireTimes(page)
        wire.one_node(page.get_by_test_id(f"node:{alone}"), alone)
        ends = f"port:{node_id(0, 1)}:out:output", f"port:{node_id(1, ALONE)}:in:inputs"
        wire.connect(*map(page.get_by_test_id, ends))
        _bring(page, "numbers")
        wire.all_shapes(page.get_by_test_id("node:input"), ("5, 16", "16"))
        for what, values in wire.found.items():
            times[what] += values
    area = pane.bounding_box()
    assert area is not None
    empty = area["x"] + area["width"] - 20, area["y"] + 6
    frames["pan"] += frames_while_dragging(page, empty)
    page.keyboard.press("f")
    page.wait_for_timeout(800)
    frames["fit"] += frames_while_dragging(page, empty)


def _bring(page: Page, words: str) -> None:
    """What is found comes into the middle of the view, at working zoom."""
    page.keyboard.press("Control+f")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.wait_for_timeout(600)


def _measure_theirs(page: Page, frames: Frames) -> None:
    page.wait_for_timeout(1000)
    frames["drag"] += frames_while_dragging(page, (20, 20))
    frames["pan"] += frames_while_dragging(page, (700, 60))
    page.evaluate("flow.fitView()")
    page.wait_for_timeout(500)
    frames["fit"] += frames_while_dragging(page, (30, 880))


def _report(what: str, count: int, ours: Frames, theirs: Frames, times: Frames) -> None:
    few = count == _FEW
    budgets = ("≥ 55 fps", "≥ 55 fps", "≥ 30 fps") if few else ("≥ 30 fps", "≥ 30 fps", "")
    against = f"React Flow's plain nodes: {statistics.median(theirs['opened']):.2f} s"
    rows = [Figure(f"{what}: opened", f"{statistics.median(ours['opened']):.2f} s", against, "≤ 3 s" if few else "")]
    for (doing, key), budget in zip(_HAND.items(), budgets, strict=True):
        rows.append(Figure(f"{what}: {doing}", words(ours[key]), f"React Flow's: {words(theirs[key])}", budget))
    for name, values in times.items():
        half, most = percentile(values, 0.5), percentile(values, 0.95)
        measured = f"{max(values):.0f} B at most" if name.startswith("bytes") else f"{half:.1f} ms, p95 {most:.1f} ms"
        rows.append(Figure(f"{what}: {name}", measured, "", _BUDGETS[name]))
    report(*rows)
