"""The real editor on a folder, with one of its notebooks open in a real browser."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.chromium import FLAGS, chromium_path

if TYPE_CHECKING:
    from playwright.sync_api import Page

WAIT_MS = 300_000  # a bound against hanging


@contextmanager
def open_editor(folder: Path, file: str) -> Iterator[tuple[Page, int]]:
    """The page of the notebook `file`, TensorFlow being ready, and the pid of the server."""
    path = chromium_path()
    if path is None:
        sys.exit("There is no Chromium; `python tests/chromium.py` installs one.")
    command = [sys.executable, "-m", "weftwork.editor", "--no-browser", "--port", "0", str(folder / file)]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = next((found[0] for line in server.stdout if (found := re.search(r"http://\S+", line))), None)
        if address is None:
            sys.exit("the editor ended without an address")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.set_default_timeout(WAIT_MS)
            page.goto(address)
            page.locator('[data-testid="canvas"][data-loaded="true"]').wait_for()
            page.get_by_test_id("host-state").get_by_text("ready").wait_for()
            yield page, server.pid
            browser.close()
    finally:
        server.terminate()
        server.wait(60)
        assert server.stdout is not None
        server.stdout.close()
