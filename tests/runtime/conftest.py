"""Runs for the tests of the runtime: one warm host for all of them, and notebooks that train in a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from weftwork.compiler.document import Notebook, TrainingCell
from weftwork.runtime.host import Host
from weftwork.runtime.run_directory import RunDirectory, create_run

PATIENCE_S = 120


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    host = Host()
    host.start()
    assert host.wait_ready(PATIENCE_S), host.message
    yield host
    host.close()


@pytest.fixture
def empty_run(tmp_path: Path) -> RunDirectory:
    """A queued run whose notebook says nothing; for tests that bring their own model."""
    notebook = Notebook(cells=(TrainingCell(id="training_1", name="train"),))
    return create_run(tmp_path, notebook, "train", notebook_name="test.weft")


@pytest.fixture
def new_run(tmp_path: Path) -> Callable[..., RunDirectory]:
    """Makes a queued run of a notebook of `small_notebooks`."""

    def make(notebook: Notebook, **options: object) -> RunDirectory:
        return create_run(tmp_path, notebook, "train", notebook_name="test.weft", options=options)

    return make
