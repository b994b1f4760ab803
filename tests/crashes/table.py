"""The table of the crash suite: what was killed, what was made, what was lost."""

from __future__ import annotations

from pathlib import Path

import pytest

ROW = "row of the crash table"

HEAD = [
    "",
    "## Kills",
    "",
    "| scenario | kills | edits made | acknowledged edits lost | runs resumed | runs finished |",
    "|---|---|---|---|---|---|",
]


def crash_table(terminalreporter: pytest.TerminalReporter) -> list[str]:
    """The lines of the table, none where nothing was killed; by whichever process the tests were run."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    rows = [
        row
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, row in report.user_properties
        if name == ROW
    ]
    return [*HEAD, *rows] if rows else []


def show_crash_table(terminalreporter: pytest.TerminalReporter, path: str | None) -> None:
    """Shows the table, and adds it to the file of the long results."""
    lines = crash_table(terminalreporter)
    for line in lines:
        terminalreporter.write_line(line)
    if lines and path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
