"""A disk that is full, a folder that may only be read, a clock that jumps: told, and nothing lost that was on disk."""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.editor.crashes import CELL, add, crash, in_file, units, write_start
from tests.editor.simulated_browser import SimulatedBrowser
from weftwork.compiler.document import NetworkCell
from weftwork.editor import autosave, saving
from weftwork.editor import journal as journal_module
from weftwork.editor.notices import Applied
from weftwork.editor.open_notebook import OpenNotebook
from weftwork.editor.versions import all_versions

from .disks import fill, mount, mount_small, unmount

Trouble = Callable[[], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def _slow_autosave(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are written when a test says so."""
    monkeypatch.setattr(autosave.Autosave.schedule, "__defaults__", (1000.0,))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[tuple[Path, bool]]:
    """A folder on a disk of 256 KiB, where the test may mount one; else any folder, and False."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = mount_small(folder, 256)
    yield folder, mounted
    if mounted:
        unmount(folder)


@pytest.fixture
def full(small_disk: tuple[Path, bool], monkeypatch: pytest.MonkeyPatch) -> Trouble:
    folder, mounted = small_disk

    @contextmanager
    def really() -> Iterator[None]:
        filler = folder / "filler"
        with pytest.raises(OSError, match="No space left"):
            fill(filler)
        yield
        filler.unlink()

    @contextmanager
    def injected() -> Iterator[None]:
        def no_space(*_: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with monkeypatch.context() as patched:
            patched.setattr(journal_module.os, "write", no_space)
            patched.setattr(saving.os, "fsync", no_space)
            yield

    return really if mounted else injected


@pytest.fixture
def read_only(small_disk: tuple[Path, bool], monkeypatch: pytest.MonkeyPatch) -> Trouble:
    folder, mounted = small_disk

    @contextmanager
    def really() -> Iterator[None]:
        assert mount("-o", "remount,ro", str(folder))
        yield
        assert mount("-o", "remount,rw", str(folder))

    @contextmanager
    def injected() -> Iterator[None]:
        opened = os.open

        def only_read(path: str, flags: int, *rest: int) -> int:
            if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                raise OSError(errno.EROFS, os.strerror(errno.EROFS))
            return opened(path, flags, *rest)

        with monkeypatch.context() as patched:
            patched.setattr(os, "open", only_read)
            yield

    return really if mounted else injected


def layers(notebook: OpenNotebook) -> NetworkCell:
    cell = notebook.notebook.cell_by_id(CELL)
    assert isinstance(cell, NetworkCell)
    return cell


def test_a_full_disk_is_told_loses_nothing_that_was_written_and_is_forgotten_when_there_is_room(
    small_disk: tuple[Path, bool], full: Trouble
) -> None:
    notebook = OpenNotebook(write_start(small_disk[0]))
    notebook.perform("tab_a", 1, "Set units", [units(30)])
    with full():
        for number in range(2, 40):
            assert isinstance(notebook.perform("tab_a", number, "Add", [add(f"dropout_{number}")]), Applied)
        assert not notebook.save()
        assert "no space left on device" in notebook.save_state.lower()
    assert notebook.save()
    assert in_file(notebook.path) == notebook.notebook
    assert len(layers(notebook).nodes) == 41
    again = OpenNotebook(crash(notebook))
    assert again.notebook == notebook.notebook
    again.close()


def test_a_crash_while_the_disk_is_full_keeps_what_was_journalled_before(
    small_disk: tuple[Path, bool], full: Trouble
) -> None:
    notebook = OpenNotebook(write_start(small_disk[0]))
    notebook.perform("tab_a", 1, "Set units", [units(30)])
    with full():
        notebook.save()
        path = crash(notebook)
        again = OpenNotebook(path)
        assert layers(again).nodes["dense_1"].params == {"units": 30}
        crash(again)
    last = OpenNotebook(path)
    assert layers(last).nodes["dense_1"].params == {"units": 30}
    assert last.close()
    assert in_file(path) == last.notebook


def test_what_a_full_disk_did_not_take_is_not_acknowledged_and_comes_again_after_a_crash(
    small_disk: tuple[Path, bool], full: Trouble
) -> None:
    notebook = OpenNotebook(write_start(small_disk[0]))
    browser = SimulatedBrowser(notebook, CELL, "tab_a")
    browser.gesture("Set units", units(30))
    browser.deliver()
    assert browser.waiting == []
    with full():
        assert not notebook.save()
        # The first may still have room in the journal's last block.
        for number in range(40):
            browser.gesture("Add", add(f"dropout_{number}"))
        browser.deliver()
        browser.resend()
        browser.come_back()
        browser.deliver()
        assert len(layers(notebook).nodes) == 43
        unkept = len(browser.waiting)
        assert unkept > 0
        assert notebook.save_state.startswith("failed")
        crash(notebook)
    again = OpenNotebook(notebook.path)
    assert len(layers(again).nodes) == 43 - unkept
    browser.connect(again)
    browser.deliver()
    assert browser.waiting == []
    assert len(layers(again).nodes) == 43
    assert layers(again).nodes["dense_1"].params == {"units": 30}
    again.close()


def test_what_a_full_disk_did_not_take_is_acknowledged_once_there_is_room(
    small_disk: tuple[Path, bool], full: Trouble
) -> None:
    notebook = OpenNotebook(write_start(small_disk[0]))
    browser = SimulatedBrowser(notebook, CELL, "tab_a")
    browser.deliver()
    with full():
        assert not notebook.save()
        for number in range(40):
            browser.gesture("Add", add(f"dropout_{number}"))
        browser.deliver()
        assert browser.waiting
    assert notebook.save()
    browser.deliver()
    assert browser.waiting == []
    assert sorted(browser.settled) == list(range(1, 41))
    again = OpenNotebook(crash(notebook))
    assert len(layers(again).nodes) == 43
    again.close()


def test_a_folder_that_turns_read_only_opens_and_takes_edits_that_are_written_when_it_may_be(
    small_disk: tuple[Path, bool], read_only: Trouble
) -> None:
    path = write_start(small_disk[0])
    with read_only():
        notebook = OpenNotebook(path)
        assert isinstance(notebook.perform("tab_a", 1, "Set units", [units(30)]), Applied)
        assert not notebook.save()
        assert re.match("failed: (the file may not be written|read-only file system)", notebook.save_state.lower())
    assert notebook.save()
    assert in_file(path) == notebook.notebook
    notebook.close()


def test_a_clock_that_jumps_back_costs_no_edit_and_no_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    now = time.time
    for number in range(1, 7):
        notebook.perform("tab_a", number, "Set units", [units(30 + number)])
        assert notebook.save()
        monkeypatch.setattr(time, "time", lambda number=number: now() - number * 86_400)
        os.utime(notebook.path, (1, 1))
    again = OpenNotebook(crash(notebook))
    assert again.notebook == notebook.notebook
    assert again.problems == ()
    kept = [layers_of(version.read()) for version in all_versions(again.path)]
    assert kept == [3, 31, 32, 33, 34, 35]
    again.close()


def layers_of(notebook: object) -> int:
    cell = notebook.cell_by_id(CELL)  # type: ignore[attr-defined]
    return cell.nodes["dense_1"].params["units"]
