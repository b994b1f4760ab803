"""Options of the suite, the one Playwright of a process, and the table of the long tests."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import chromium as chromium_finder


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("weftwork")
    group.addoption("--long-results", metavar="FILE", help="write the outcome of each test into this table")
    group.addoption("--write-expected", action="store_true", help="write expected renderings instead of comparing")


@pytest.fixture(scope="session")
def launch_chromium() -> Iterator[Callable[..., Any]]:
    """Starts a Chromium with more arguments than the usual. Playwright allows itself to be started once a process."""
    from playwright.sync_api import sync_playwright

    path = chromium_finder.chromium_path()
    assert path, "browser tests need Chromium: run `python tests/chromium.py`"
    with sync_playwright() as playwright:
        yield lambda *more: playwright.chromium.launch(executable_path=path, args=[*chromium_finder.FLAGS, *more])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    path = config.getoption("--long-results")
    if not path:
        return
    rows = [
        (report.nodeid, outcome, report.duration)
        for outcome in ("passed", "failed", "error", "skipped")
        for report in terminalreporter.stats.get(outcome, ())
        if report.when == "call" or outcome != "passed"
    ]
    lines = [
        "# Long tests: the last run",
        "",
        f"Python {platform.python_version()}, {platform.system()}. Made by `make test-long`.",
        "",
        "| test | outcome | seconds |",
        "|---|---|---|",
        *(f"| {name} | {outcome} | {seconds:.1f} |" for name, outcome, seconds in sorted(rows)),
    ]
    Path(path).write_text("\n".join(lines) + "\n")
