"""Finds the Chromium that browser tests drive; run as a script, it installs one where there is none.

In this order: Playwright's own, the system's, then from the distribution's packages.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

# What a browser without a screen, without a sandbox of its own and without a network needs.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_path() -> str | None:
    """The executable, or None where there is none."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if os.path.exists(own):
        return own
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def install() -> None:
    """Installs a Chromium: Playwright's, else the distribution's. Failures show in what is found afterwards."""
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], capture_output=True, check=False)
    if chromium_path() is None and shutil.which("apt-get"):
        root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        # Only what it prints of failures is of interest, and nothing that it merely recommends is needed.
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run([*root, "apt-get", "update", "-qq"], check=False, **quiet)
        wanted = ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"]
        subprocess.run([*root, "apt-get", *wanted], check=False, **quiet)


if __name__ == "__main__":
    if chromium_path() is None:
        print("No Chromium found; installing one for the browser tests.")
        install()
    found = chromium_path()
    if found is None:
        sys.exit("The browser tests need Chromium: install it (for example `apt-get install chromium`).")
