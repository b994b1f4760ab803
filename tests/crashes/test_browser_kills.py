"""`kill -9` of the browser in the middle of drawing: what it was told is done is in journal and file."""

from __future__ import annotations

import json
import random
import secrets
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.browser.waiting import at_rest
from tests.editor.running_server import PATIENCE_S, RunningServer
from tests.editor.small_notebook import write_small_notebook
from weftwork.compiler.document_file import read_notebook_file

from .scenario import Table

NODES = ("input_1", "dense_1", "dense_2", "output_1")
# How many edits the page has not been told of that they are done.
_WAITING = """() => {
  for (const key in sessionStorage) {
    if (key.startsWith("weftwork:unacknowledged")) return JSON.parse(sessionStorage[key]).length
  }
  return 0
}"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    (tmp_path / "folder").mkdir()
    running = RunningServer(tmp_path / "folder", tmp_path / "state")
    running.start()
    running.let_in()
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.communicate()


def muted(path: Path) -> dict[str, bool]:
    network: Any = read_notebook_file(path)[0].cell("classifier")
    return {id_: node.muted for id_, node in network.nodes.items()}


def kill_browser(mark: str) -> None:
    """The browser's main process, which takes the others with it."""
    for process in psutil.Process().children(recursive=True):
        try:
            command = process.cmdline()
        except psutil.Error:
            continue
        if f"--weft-mark={mark}" in command and not any(part.startswith("--type=") for part in command):
            process.send_signal(signal.SIGKILL)
            return
    raise AssertionError("there is no such browser")


def kills(server: RunningServer, launch_chromium: Callable[..., Any], count: int, seed: int) -> Table:
    """Draws and kills `count` times; then the server is asked to stop, and the file is read."""
    dice = random.Random(seed)
    table = Table()
    untold = 0  # edits that no page was told of
    path = write_small_notebook(server.folder)
    journal = path.parent / ".weftwork" / "journal" / f"{path.name}.jsonl"
    for _ in range(count):
        mark = secrets.token_hex(8)
        browser = launch_chromium(f"--weft-mark={mark}")
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(PATIENCE_S * 1000)
        page.goto(f"http://127.0.0.1:{server.port}/notebook?file={path.name}&token={server.token}")
        page.locator('[data-testid="canvas"][data-loaded="true"]').wait_for()
        page.get_by_test_id("node:dense_1").scroll_into_view_if_needed()
        at_rest(page)
        pressed: list[str] = []
        for _ in range(dice.randrange(2, 7)):
            id_ = dice.choice(NODES[1:3])
            box = page.get_by_test_id(f"node:{id_}").bounding_box()
            page.mouse.click(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.3)
            page.keyboard.press("m")
            pressed.append(id_)
        waiting = page.evaluate(_WAITING)
        kill_browser(mark)
        browser.close()
        table.kills["browser"] += 1
        table.edits += len(pressed)
        # What had not been acknowledged may have arrived or not, or be on its way still; what had, must have.
        untold += waiting
        done = [json.loads(line) for line in journal.read_text().splitlines()]
        table.lost = max(0, table.edits - untold - sum("act" in entry for entry in done))
        assert table.lost == 0
        assert sum("act" in entry for entry in done) <= table.edits
    code, output = server.stop()
    assert code == 0, output
    final = dict.fromkeys(NODES, False)
    for entry in map(json.loads, journal.read_text().splitlines()):
        for (_, part, id_), _, new in entry.get("records", ()):
            if part == "nodes" and new is not None:
                final[id_] = new["muted"]
    assert muted(path) == final
    return table


def test_two_killed_browsers_lose_nothing(
    server: RunningServer, launch_chromium: Callable[..., Any], crash_table: Callable[[str], None]
) -> None:
    table = kills(server, launch_chromium, 2, seed=1)
    assert table.kills["browser"] == 2
    crash_table(table.row("browser, quick"))


@pytest.mark.long
def test_ten_killed_browsers_lose_nothing(
    server: RunningServer, launch_chromium: Callable[..., Any], crash_table: Callable[[str], None]
) -> None:
    table = kills(server, launch_chromium, 10, seed=2)
    assert table.kills["browser"] == 10
    crash_table(table.row("browser, seed 2"))
