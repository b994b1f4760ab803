"""`weftwork` started → gallery painted in a browser that is running, against a bare Panel page painted there."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.chromium import FLAGS, chromium_path

from .figures import Figure, interleaved, ratio
from .report import report

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_CARD = "gallery-card:digits"

_BARE_PAGE = f"""
import panel as pn

def page():
    return pn.pane.HTML('<button data-testid="{_CARD}">A card</button>')

def tell(server):
    print(f"http://127.0.0.1:{{server.port}}/", flush=True)

pn.extension()
server = pn.serve(page, port=0, address="127.0.0.1", show=False, start=False, verbose=False)
tell(server)
server.start()
server.io_loop.start()
"""

_OURS = [sys.executable, "-m", "weftwork.editor", "--no-browser", "--port", "0"]
_BARE = [sys.executable, "-c", _BARE_PAGE]


def main(rounds: int = 5) -> None:
    found = chromium_path()
    if found is None:
        sys.exit("There is no Chromium; `python tests/chromium.py` installs one.")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        seconds = interleaved(
            rounds,
            {
                "ours": lambda: _until_painted(browser, _OURS, Path(folder)),
                "bare": lambda: _until_painted(browser, _BARE, Path(folder)),
            },
        )
        browser.close()
    report(
        Figure(
            "`weftwork` → gallery painted, browser running",
            f"{statistics.median(seconds['ours']):.2f} s, {ratio(seconds, 'ours', 'bare')}",
            f"a bare Panel page: {statistics.median(seconds['bare']):.2f} s",
            "≤ 3 s",
        )
    )


def _until_painted(browser: Browser, command: list[str], folder: Path) -> float:
    """Seconds from the start of the process until the card can be seen. A new profile each time: nothing is cached."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = next((found[0] for line in process.stdout if (found := re.search(r"http://\S+", line))), None)
        if address is None:
            sys.exit(f"{command[1:3]} ended without an address")
        context = browser.new_context()
        page = context.new_page()
        page.goto(address, wait_until="commit")
        page.get_by_test_id(_CARD).wait_for(state="visible", timeout=120_000)
        seconds = time.perf_counter() - start
        context.close()
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()
    return seconds
