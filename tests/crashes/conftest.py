"""The table of the crash suite: what was killed, what was made, what was lost."""

from __future__ import annotations

from pathlib import Path

import pytest

HEAD = [
    "",
    "## Kills",
    "",
    "| scenario | kills | edits made | acknowledged edits lost | runs resumed | runs finished |",
    "|---|---|---|---|---|---|",
]

_ROWS = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash.setdefault(_ROWS, [])


@pytest.fixture
def crash_table(request: pytest.FixtureRequest) -> list[str]:
    """Takes rows for tests/long-results.md."""
    return request.config.stash.setdefault(_ROWS, [])


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    rows = config.stash.get(_ROWS, [])
    path = config.getoption("--long-results")
    if not rows:
        return
    for line in [*HEAD, *rows]:
        terminalreporter.write_line(line)
    if path:
        with Path(path).open("a") as file:
            file.write("\n".join([*HEAD, *rows]) + "\n")
