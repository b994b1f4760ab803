"""The table of the crash suite: what was killed, what was made, what was lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

HEAD = [
    "",
    "## Kills",
    "",
    "| scenario | kills | edits made | acknowledged edits lost | runs resumed | runs finished |",
    "|---|---|---|---|---|---|",
]

_ROW = "row of the crash table"


@pytest.fixture
def crash_table(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Takes a row for tests/long-results.md. It travels with the test's report, from another process too."""
    return lambda row: request.node.user_properties.append((_ROW, row))


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    rows = [
        row
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, row in report.user_properties
        if name == _ROW
    ]
    path = config.getoption("--long-results")
    if not rows:
        return
    for line in [*HEAD, *rows]:
        terminalreporter.write_line(line)
    if path:
        with Path(path).open("a") as file:
            file.write("\n".join([*HEAD, *rows]) + "\n")
