"""Options of the suite, and the table of the long tests."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("weftwork")
    group.addoption("--long-results", metavar="FILE", help="write the outcome of each test into this table")
    group.addoption("--write-expected", action="store_true", help="write expected renderings instead of comparing")


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
