"""The canvas with 1,000 and 5,000 rich nodes in headless Chromium, against React Flow's plain stress page."""

from __future__ import annotations

import functools
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from tests.chromium import FLAGS, chromium_path
from weftwork.compiler.document import NetworkCell, Node, Notebook, Position, Source, Target, Wire
from weftwork.compiler.document_file import write_notebook

from .figures import Figure, percentile
from .frames import frames_while_dragging
from .react_flow_stress import stress_page
from .report import report
from .wire_times import LISTEN, WireTimes

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_SIZE = {"width": 1440, "height": 900}
_WAIT_MS = 120_000


def grid(count: int) -> NetworkCell:
    """Rows of Dense layers beside each other; every third node of a column also takes its neighbour's output."""
    nodes: dict[str, Node] = {"input": Node(kind="Input", params={"shape": [16]}, label="numbers")}
    wires: dict[str, Wire] = {}
    layout = {"input": Position(-320, 0)}
    rows = round(sqrt(count))
    for number in range(count - 1):
        column, row = divmod(number, rows)
        id_ = f"node_{column:03}_{row:02}"
        before = "input" if column == 0 else f"node_{column - 1:03}_{row:02}"
        merges = column > 0 and row % 3 == 0
        nodes[id_] = Node(kind="Add") if merges else Node(kind="Dense", params={"units": 16, "activation": "relu"})
        wires[f"w_{id_}"] = Wire(source=Source(before), target=Target(id_))
        if merges:
            other = f"node_{column - 1:03}_{row + 1 if row + 1 < rows else row - 1:02}"
            wires[f"v_{id_}"] = Wire(source=Source(other), target=Target(id_, "inputs", 1))
        layout[id_] = Position(column * 320, row * 144)
    return NetworkCell(id="net_0001", name="net", nodes=nodes, wires=wires, layout=layout)


def main(rounds: int = 3) -> None:
    found = chromium_path()
    if found is None:
        sys.exit("There is no Chromium; `python tests/chromium.py` installs one.")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as name:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        folder = Path(name)
        for count in (1000, 5000):
            _bench(browser, folder, count, rounds)
        browser.close()


def _bench(browser: Browser, folder: Path, count: int, rounds: int) -> None:
    network = grid(count)
    (folder / f"grid{count}.weft").write_text(write_notebook(Notebook(cells=(network,))), encoding="utf-8")
    stress = stress_page(folder, count, len(network.wires))
    opened: list[float] = []
    ours: dict[str, list[float]] = {"drag": [], "pan": [], "fit": []}
    theirs: dict[str, list[float]] = {"pan": [], "fit": []}
    times: dict[str, list[float]] = {}
    with _server(folder) as address, _files(folder) as files:
        for _ in range(rounds):
            page = browser.new_context(viewport=_SIZE).new_page()
            page.add_init_script(LISTEN)
            start = time.perf_counter()
            page.goto(address.replace("/?", f"/notebook?file=grid{count}.weft&"), wait_until="commit")
            page.locator(".react-flow__node").first.wait_for(state="visible", timeout=_WAIT_MS)
            opened.append(time.perf_counter() - start)
            _measure_ours(page, ours, times, count)
            page.context.close()
            page = browser.new_context(viewport=_SIZE).new_page()
            page.goto(f"{files}/{stress.name}")
            page.locator(".react-flow__node").first.wait_for(state="visible", timeout=_WAIT_MS)
            page.wait_for_timeout(1000)
            theirs["pan"].append(frames_while_dragging(page, (700, 20)))
            page.evaluate("flow.fitView()")
            page.wait_for_timeout(500)
            theirs["fit"].append(frames_while_dragging(page, (30, 880)))
            page.context.close()
    _report(count, len(network.wires), opened, ours, theirs, times)


def _measure_ours(page: Page, frames: dict[str, list[float]], times: dict[str, list[float]], count: int) -> None:
    page.locator('[data-testid="canvas"][data-loaded="true"]').wait_for(timeout=_WAIT_MS)
    page.get_by_text("TensorFlow ready").wait_for(timeout=_WAIT_MS)
    pane = page.locator(".react-flow__pane")
    pane.click(position={"x": 4, "y": 4})
    node = page.get_by_test_id("node:node_000_01")
    page.keyboard.press("Control+f")
    page.keyboard.type("numbers")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.get_by_text("· × 16").first.wait_for(timeout=_WAIT_MS)
    page.wait_for_timeout(600)
    box = node.bounding_box()
    assert box is not None
    frames["drag"].append(frames_while_dragging(page, (box["x"] + 20, box["y"] + 14)))
    if count == 1000:
        for what, seconds in WireTimes(page).measure(page.get_by_test_id("node:node_000_00")).items():
            times.setdefault(what, []).extend(seconds)
    area = pane.bounding_box()
    assert area is not None
    empty = area["x"] + area["width"] - 20, area["y"] + 6
    frames["pan"].append(frames_while_dragging(page, empty))
    page.keyboard.press("f")
    page.wait_for_timeout(800)
    frames["fit"].append(frames_while_dragging(page, empty))


def _report(
    count: int,
    wires: int,
    opened: list[float],
    ours: dict[str, list[float]],
    theirs: dict[str, list[float]],
    times: dict[str, list[float]],
) -> None:
    def fps(values: list[float]) -> str:
        return f"{statistics.median(values):.0f} fps"

    what = f"canvas, {count:,} rich nodes, {wires:,} wires"
    near = "≥ 55 fps" if count == 1000 else "≥ 30 fps"
    rows = [
        Figure(f"{what}: opened", f"{statistics.median(opened):.2f} s", "", "≤ 3 s" if count == 1000 else ""),
        Figure(f"{what}: dragging a node", fps(ours["drag"]), "", near),
        Figure(f"{what}: panning", fps(ours["pan"]), f"plain React Flow nodes: {fps(theirs['pan'])}", near),
        Figure(
            f"{what}: panning, all in view",
            fps(ours["fit"]),
            f"plain React Flow nodes: {fps(theirs['fit'])}",
            "≥ 30 fps" if count == 1000 else "",
        ),
    ]
    budgets = {
        "one node's parameter → its text": "≤ 15 ms",
        "all shapes → their texts": "≤ 100 ms",
        "edit sent → acknowledged": "≤ 20 ms",
        "bytes on the wire for a record changed": "≤ 1 KB",
    }
    for name, values in times.items():
        unit = f"{max(values):.0f} B" if name.startswith("bytes") else f"{percentile(values, 0.95):.1f} ms (p95)"
        rows.append(Figure(f"{what}: {name}", unit, "", budgets[name]))
    report(*rows)


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "weftwork.editor", "--no-browser", "--port", "0"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield next(found[0] for line in process.stdout if (found := re.search(r"http://\S+", line)))
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None: ...


@contextmanager
def _files(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
