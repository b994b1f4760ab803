"""Options of the suite, the one Playwright of a process, and the table of the long tests."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import chromium as chromium_finder
from tests.crashes.table import show_crash_table


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("weftwork")
    group.addoption("--long-results", metavar="FILE", help="write the outcome of each test into this table")
    group.addoption("--write-expected", action="store_true", help="write expected renderings instead of comparing")


# Files that take a quarter of a minute and more, the longest first. Among several processes the last file to be begun
# decides when all are done; which file is long changes seldom, and a wrong order costs seconds, nothing else.
LONGEST = (
    "tests/gallery/test_headless.py",
    "tests/runtime/test_import_file.py",
    "tests/crashes/test_kills.py",
    "tests/runtime/test_resume.py",
    "tests/editor/test_command_line.py",
    "tests/runtime/test_code_consent.py",
    "tests/runtime/test_host.py",
    "tests/runtime/test_run_control.py",
    "tests/runtime/test_training_loop.py",
    "tests/gallery/test_gallery_quality.py",
    "tests/test_readme.py",
    "tests/runtime/test_health_watch.py",
    "tests/runtime/test_training_settings.py",
    "tests/runtime/test_import_keras_files.py",
    "tests/editor/test_command_train.py",
    "tests/gallery/test_ipynb.py",
    "tests/runtime/test_training_script.py",
    "tests/runtime/test_speed.py",
    "tests/compiler/test_every_kind.py",
    "tests/browser/test_a_users_day.py",
    "tests/browser/test_pages_notebook.py",
    "tests/browser/test_run_control.py",
    "tests/browser/test_own_csv.py",
    "tests/browser/test_restart.py",
    "tests/browser/test_cells.py",
)


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses by the mark
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if "launch_chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    if hasattr(config, "workerinput"):  # one of several processes
        places = {file: place for place, file in enumerate(LONGEST)}
        items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))


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
    if path:
        _write_long_results(terminalreporter, path)
    show_crash_table(terminalreporter, path)


def _write_long_results(terminalreporter: pytest.TerminalReporter, path: str) -> None:
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
