"""Runs on a disk that is full, in a folder that may only be read, and by a clock that jumps: told, and nothing lost."""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.runtime.small_notebooks import notebook
from weftwork.runtime import atomic_file, events, metrics_file, run_directory
from weftwork.runtime.checkpoints import Checkpoints
from weftwork.runtime.run_directory import RunDirectory, create_run, list_runs
from weftwork.runtime.train_here import resume_here, train_here

from .disks import fill, mount, mount_small, unmount

pytestmark = pytest.mark.keras

EPOCHS = 4


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 2 MiB where the test may mount one, else any folder."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = mount_small(folder, 2048)
    yield folder
    if mounted:
        unmount(folder)


def new_run(folder: Path, **training: Any) -> RunDirectory:
    folder.mkdir(exist_ok=True)
    made = notebook(folder, epochs=EPOCHS, **training)
    return create_run(folder, made, "train", notebook_name="test.weft", options={"seed": 3})


def uninterrupted(folder: Path) -> np.ndarray:
    """The rows of the same run where nothing happens; time aside."""
    run = new_run(folder)
    assert train_here(run) == "finished"
    return without_time(run)


def without_time(run: RunDirectory) -> np.ndarray:
    return np.delete(run.metrics(), 2, axis=1)


def at_second_epoch(act: Any) -> Any:
    """Hears a run's events, and acts once, when its second epoch is over."""
    heard = []

    def listen(event: dict[str, Any]) -> None:
        if event["event"] == "epoch":
            heard.append(event)
            if len(heard) == 2:
                act()

    return listen


def test_run_on_a_full_disk_says_so_and_resumes_to_the_same_numbers(disk, tmp_path, monkeypatch):
    run = new_run(disk)
    filler = disk / "filler"

    def fill_up() -> None:
        if os.path.ismount(disk):
            with suppress(OSError):
                fill(filler)
            assert os.statvfs(disk).f_bavail == 0
        else:
            monkeypatch.setattr(Checkpoints, "save", no_space)
            monkeypatch.setattr(metrics_file.MetricsWriter, "append", no_space)

    assert train_here(run, at_second_epoch(fill_up)) == "failed"
    assert re.fullmatch(r"The disk is full( \(.*\))?\. Free some space, then resume\.", run.message())
    assert run.state() == "failed"
    kept = without_time(run)

    monkeypatch.undo()
    filler.unlink(missing_ok=True)
    assert resume_here(run) == "finished"
    wanted = uninterrupted(tmp_path / "else")
    np.testing.assert_array_equal(without_time(run), wanted)
    np.testing.assert_array_equal(kept, wanted[: len(kept)])
    assert len(kept) >= 2 * len(wanted) // EPOCHS


def test_run_in_a_folder_that_turns_read_only_is_lost_and_resumes_to_the_same_numbers(tmp_path, monkeypatch):
    run = new_run(tmp_path / "here")
    control = run.path / "control"

    def only_read(*_: Any, **__: Any) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(control))

    def turn() -> None:
        # No disk can be turned while a file on it is open to be written; this is how one that turns itself looks.
        for module, name in (
            (metrics_file.MetricsWriter, "append"),
            (Checkpoints, "save"),
            (atomic_file.os, "replace"),
            (events.os, "open"),
            (Path, "unlink"),
        ):
            monkeypatch.setattr(module, name, only_read)

    assert train_here(run, at_second_epoch(turn)) == "failed"
    monkeypatch.undo()
    # What run.json said last; its process being gone, readers take the run for lost.
    assert run.info()["state"] == "running"
    monkeypatch.setattr("weftwork.runtime.run_state.is_running", lambda *_: False)
    assert run.state() == "lost"
    assert resume_here(run) == "finished"
    np.testing.assert_array_equal(without_time(run), uninterrupted(tmp_path / "else"))


def test_run_cannot_be_made_in_a_read_only_folder_and_that_is_one_line(disk):
    from weftwork.runtime.failure import one_line

    made = notebook(disk, epochs=1)
    if os.path.ismount(disk):
        assert mount("-o", "remount,ro", str(disk))
        with pytest.raises(OSError, match="Read-only") as refused:
            create_run(disk, made, "train", notebook_name="test.weft")
        assert one_line(refused.value) == f"{disk / '.weftwork'} cannot be written: Read-only file system."
    assert list_runs(disk) == []


def test_clock_that_jumps_back_costs_a_run_nothing_and_its_order_holds(tmp_path, monkeypatch):
    run = new_run(tmp_path / "here")
    now = time.time

    def jump() -> None:
        monkeypatch.setattr(time, "time", lambda: now() - 30 * 86_400)

    assert train_here(run, at_second_epoch(jump)) == "finished"
    np.testing.assert_array_equal(without_time(run), uninterrupted(tmp_path / "else"))
    seconds = run.metrics()[:, 2]
    assert (np.diff(seconds) >= 0).all()

    class Earlier(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(UTC) - timedelta(days=30)

    monkeypatch.setattr(run_directory, "datetime", Earlier)
    later = [new_run(tmp_path / "here") for _ in range(3)]
    assert [one.id for one in list_runs(tmp_path / "here")] == [one.id for one in (*reversed(later), run)]


def no_space(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
