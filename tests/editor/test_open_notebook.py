"""The only writer of a notebook: what was acknowledged is there again after whatever happened."""

from __future__ import annotations

import getpass
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.editor.crashes import CELL, add, crash, in_file, start, units, wire, write_start
from weftwork.compiler.changes import RemoveCell, SetField
from weftwork.compiler.document import NetworkCell, Node
from weftwork.compiler.document_file import write_notebook
from weftwork.editor import autosave, saving
from weftwork.editor.notices import Applied, Changed, Notice, Refused, SaveStateChanged
from weftwork.editor.open_notebook import OpenNotebook
from weftwork.editor.versions import versions


def network(notebook: OpenNotebook) -> NetworkCell:
    cell = notebook.notebook.cell_by_id(CELL)
    assert isinstance(cell, NetworkCell)
    return cell


@pytest.fixture(autouse=True)
def _slow_autosave(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are written when a test says so."""
    monkeypatch.setattr(autosave, "DELAY_S", 1000.0)
    monkeypatch.setattr(autosave.Autosave.schedule, "__defaults__", (1000.0,))


def test_a_gesture_is_applied_told_and_counted(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    told: list[Notice] = []
    notebook.subscribe(told.append)
    reply = notebook.perform("tab_a", 1, "Set units", [units(7)])
    node = Node(kind="Dense", params={"units": 7}).model_dump(mode="json")
    records = (((CELL, "nodes", "dense_1"), node),)
    assert reply == Applied(1, 1, records)
    assert told == [Changed(1, "tab_a", "tab_a", 1, "Set units", records), SaveStateChanged("unsaved")]
    assert network(notebook).nodes["dense_1"].params == {"units": 7}
    notebook.close()


def test_a_refused_gesture_changes_nothing_and_shows_what_is_there(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    reply = notebook.perform("tab_a", 1, "Add", [units(9), wire("wire_9", "output_1", "input_1")])
    assert isinstance(reply, Refused)
    assert reply.reason
    records = dict(reply.records)
    assert records[CELL, "nodes", "dense_1"]["params"] == {"units": 3}
    assert records[CELL, "wires", "wire_9"] is None
    assert notebook.notebook == start()
    assert notebook.revision == 0
    notebook.close()


def test_what_was_applied_is_acknowledged_again_and_not_applied_twice(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    first = notebook.perform("tab_a", 1, "Add", [add("dropout_1")])
    again = notebook.perform("tab_a", 1, "Add", [add("dropout_1")])
    assert isinstance(first, Applied)
    assert again == Applied(1, 1, first.records, duplicate=True)
    notebook.close()


def test_what_was_refused_is_refused_again_even_if_it_would_fit_now(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    too_early = [wire("wire_9", "dropout_1", "output_1")]
    assert isinstance(notebook.perform("tab_a", 1, "Wire", too_early), Refused)
    notebook.perform("tab_a", 2, "Add", [add("dropout_1")])
    assert isinstance(notebook.perform("tab_a", 1, "Wire", too_early), Refused)
    notebook.close()


def test_two_different_gestures_under_one_number_are_told_apart(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    notebook.perform("tab_a", 1, "Add", [add("dropout_1")])
    other = notebook.perform("tab_a", 1, "Add", [add("dropout_2")])
    assert isinstance(other, Refused)
    assert "reload" in other.reason
    notebook.close()


def test_each_tab_undoes_its_own_gestures(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    notebook.perform("tab_a", 1, "Add a", [add("dropout_1")])
    notebook.perform("tab_b", 1, "Add b", [add("dropout_2")])
    assert (notebook.undo_label("tab_a"), notebook.redo_label("tab_a")) == ("Add a", None)
    assert isinstance(notebook.undo("tab_a"), Applied)
    assert set(network(notebook).nodes) == {"input_1", "dense_1", "output_1", "dropout_2"}
    assert (notebook.can_undo("tab_a"), notebook.can_redo("tab_a")) == (False, True)
    assert isinstance(notebook.redo("tab_a"), Applied)
    assert isinstance(notebook.undo("tab_c"), Refused)
    notebook.close()


def test_undo_is_refused_where_another_tab_changed_the_same_since(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    notebook.perform("tab_a", 1, "Set units", [units(7)])
    notebook.perform("tab_b", 1, "Set units", [units(8)])
    reply = notebook.undo("tab_a", 2)
    assert isinstance(reply, Refused)
    assert dict(reply.records)[CELL, "nodes", "dense_1"]["params"] == {"units": 8}
    assert network(notebook).nodes["dense_1"].params == {"units": 8}
    notebook.close()


def test_after_a_crash_everything_is_where_it_was(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    notebook.perform("tab_a", 1, "Add", [add("dropout_1")])
    notebook.perform("tab_a", 2, "Wire", [wire("wire_9", "dropout_1", "output_1")])
    notebook.undo("tab_a", 3)
    notebook.perform("tab_b", 1, "Prose", [SetField(cell="text_1", field="text", value="# Later")])
    path = crash(notebook)
    assert in_file(path) == start()
    again = OpenNotebook(path)
    assert again.notebook == notebook.notebook
    assert again.revision == notebook.revision
    assert again.save_state == "unsaved"
    assert again.problems == ()
    assert (again.undo_label("tab_a"), again.redo_label("tab_a")) == ("Add", "Wire")
    assert again.undo_label("tab_b") == "Prose"
    assert isinstance(again.redo("tab_a", 4), Applied)
    assert again.perform("tab_a", 2, "Wire", [wire("wire_9", "dropout_1", "output_1")]).duplicate  # type: ignore[union-attr]
    again.close()
    assert in_file(path) == again.notebook


def test_removed_cells_come_back_by_undo_after_a_restart(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    notebook.perform("tab_a", 1, "Remove", [RemoveCell(cell=CELL)])
    notebook.close()
    again = OpenNotebook(notebook.path)
    assert [cell.id for cell in again.notebook.cells] == ["text_1"]
    assert isinstance(again.undo("tab_a"), Applied)
    assert again.notebook == start()
    again.close()


def test_history_of_a_saved_notebook_survives_a_restart(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    for count in range(1, 6):
        notebook.perform("tab_a", count, f"{count} units", [units(10 + count)])
    notebook.close()
    again = OpenNotebook(notebook.path)
    assert again.save_state == "saved"
    for _ in range(5):
        assert isinstance(again.undo("tab_a"), Applied)
    assert again.notebook == start()
    again.close()


def test_only_the_last_thousand_gestures_are_kept_over_restarts(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    for count in range(1, 1106):
        notebook.perform("tab_a", count, f"{count} units", [units(count + 3)])
    again = OpenNotebook(crash(notebook))
    assert again.notebook == notebook.notebook
    lines = [json.loads(line) for line in again._ledger.journal.path.read_text().splitlines()]
    assert sum("act" in line for line in lines) == 1000
    duplicate = again.perform("tab_a", 3, "3 units", [units(6)])
    assert isinstance(duplicate, Applied)
    assert duplicate.duplicate
    last = OpenNotebook(crash(again))
    assert last.notebook == notebook.notebook
    last.close()
    assert in_file(last.path) == notebook.notebook


@pytest.mark.parametrize("moment", ["before the file is replaced", "after the file is replaced"])
def test_a_crash_in_the_middle_of_saving_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    class Power(BaseException):
        """The power is cut."""

    notebook = OpenNotebook(write_start(tmp_path))
    notebook.perform("tab_a", 1, "Add", [add("dropout_1")])
    replace = autosave.replace_file

    def cut(path: Path, content: bytes) -> None:
        if moment.startswith("after"):
            replace(path, content)
        raise Power

    with monkeypatch.context() as patched:
        patched.setattr(autosave, "replace_file", cut)
        with pytest.raises(Power):
            notebook.save()
    again = OpenNotebook(crash(notebook))
    assert again.notebook == notebook.notebook
    assert again.problems == ()
    assert isinstance(again.undo("tab_a"), Applied)
    assert again.notebook == start()
    again.close()


def test_edits_that_come_while_the_file_is_written_are_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    notebook.perform("tab_a", 1, "Add", [add("dropout_1")])
    replace = autosave.replace_file

    def edit_meanwhile(path: Path, content: bytes) -> None:
        notebook.perform("tab_a", 2, "Set units", [units(30)])
        replace(path, content)

    monkeypatch.setattr(autosave, "replace_file", edit_meanwhile)
    assert notebook.save()
    assert notebook.save_state == "unsaved"
    monkeypatch.undo()
    again = OpenNotebook(crash(notebook))
    assert network(again).nodes["dense_1"].params == {"units": 30}
    again.close()


def test_the_previous_content_stays_as_a_version(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    notebook.perform("tab_a", 1, "Set units", [units(30)])
    assert notebook.save()
    assert [in_file(version) for version in versions(notebook.path)] == [start()]
    notebook.close()


def test_the_file_is_written_by_itself_after_the_last_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autosave.Autosave.schedule, "__defaults__", (0.05,))
    notebook = OpenNotebook(write_start(tmp_path))
    import threading

    saved = threading.Event()
    notebook.subscribe(lambda notice: saved.set() if notice == SaveStateChanged("saved") else None)
    notebook.perform("tab_a", 1, "Set units", [units(30)])
    assert saved.wait(30)
    assert in_file(notebook.path) == notebook.notebook
    notebook.close()


def test_another_programs_version_is_kept_and_told_before_it_is_overwritten(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    notebook.perform("tab_a", 1, "Set units", [units(30)])
    notebook.path.write_text("theirs")
    assert notebook.save()
    kept = list((tmp_path / ".weftwork" / "versions").glob("*-outside.weft"))
    assert [version.read_text() for version in kept] == ["theirs"]
    assert [problem.code for problem in notebook.problems] == ["F620"]
    assert kept[0].name in notebook.problems[0].message
    assert in_file(notebook.path) == notebook.notebook
    notebook.close()


def test_unsaved_edits_go_over_what_another_program_wrote_meanwhile(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    notebook.perform("tab_a", 1, "Add", [add("dropout_1")])
    path = crash(notebook)
    theirs = start().with_cell(start().cell("intro").model_copy(update={"text": "# Theirs"}))
    path.write_text(write_notebook(theirs))
    again = OpenNotebook(path)
    assert again.notebook.cell("intro").text == "# Theirs"  # type: ignore[union-attr]
    assert "dropout_1" in network(again).nodes
    assert again.problems == ()
    again.close()


def test_unsaved_edits_that_no_longer_fit_are_left_out_and_told(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    notebook.perform("tab_a", 1, "Prose", [SetField(cell="text_1", field="text", value="# Mine")])
    notebook.perform("tab_a", 2, "Add", [add("dropout_1")])
    path = crash(notebook)
    path.write_text(write_notebook(start().with_cell(start().cell("intro").model_copy(update={"text": "# Theirs"}))))
    again = OpenNotebook(path)
    assert again.notebook.cell("intro").text == "# Theirs"  # type: ignore[union-attr]
    assert "dropout_1" in network(again).nodes
    assert [(problem.code, problem.severity) for problem in again.problems] == [("F621", "warning")]
    again.close()


def test_a_damaged_journal_is_kept_and_told(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    for count in range(1, 4):
        notebook.perform("tab_a", count, "Add", [add(f"dropout_{count}")])
    crash(notebook)
    journal = notebook._ledger.journal.path
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[2] = b"damaged\n"
    journal.write_bytes(b"".join(lines))
    again = OpenNotebook(notebook.path)
    assert "dropout_1" in network(again).nodes
    assert [problem.code for problem in again.problems] == ["F622"]
    assert [copy.read_bytes() for copy in journal.parent.glob("*.damaged")] == [b"".join(lines)]
    again.perform("tab_a", 9, "Add", [add("dropout_9")])
    assert set(network(OpenNotebook(crash(again))).nodes) >= {"dropout_1", "dropout_9"}


def test_a_malformed_file_is_shown_with_problems_and_its_original_is_kept(tmp_path: Path) -> None:
    path = write_start(tmp_path)
    original = path.read_text()[:200]
    path.write_text(original)
    notebook = OpenNotebook(path)
    assert [problem.code for problem in notebook.problems] == ["F601"]
    notebook.close()
    assert path.read_text() == original
    again = OpenNotebook(path)
    from weftwork.compiler.changes import AddCell
    from weftwork.compiler.document import TextCell

    assert isinstance(again.perform("tab_a", 1, "Add", [AddCell(cell=TextCell(id="text_9", name="new"))]), Applied)
    assert again.close()
    kept = list((tmp_path / ".weftwork" / "versions").glob("*-original.weft"))
    assert [version.read_text() for version in kept] == [original]


def test_cells_without_ids_keep_the_ids_that_they_got_over_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "by_hand.weft"
    path.write_text('{"format": 1, "cells": [{"name": "intro", "kind": "text", "text": "hello"}]}')
    notebook = OpenNotebook(path)
    cell = notebook.notebook.cells[0]
    notebook.perform("tab_a", 1, "Prose", [SetField(cell=cell.id, field="text", value="changed")])
    again = OpenNotebook(crash(notebook))
    assert again.notebook == notebook.notebook
    assert again.problems == ()
    again.close()


def test_a_folder_that_cannot_be_written_keeps_edits_in_memory_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_start(tmp_path)
    # Stands where the folder of journals would be made, so that it cannot be: as in a folder without leave to write.
    (tmp_path / ".weftwork").write_text("")
    notebook = OpenNotebook(path)
    assert isinstance(notebook.perform("tab_a", 1, "Set units", [units(30)]), Applied)
    assert notebook.save_state.startswith("failed: ")
    assert network(notebook).nodes["dense_1"].params == {"units": 30}
    (tmp_path / ".weftwork").unlink()
    notebook.perform("tab_a", 2, "Add", [add("dropout_1")])
    assert notebook.save_state == "unsaved"
    again = OpenNotebook(crash(notebook))
    assert again.notebook == notebook.notebook
    again.close()


def test_a_full_disk_is_told_and_saving_works_again_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    told: list[Notice] = []
    notebook.subscribe(told.append)
    notebook.perform("tab_a", 1, "Set units", [units(30)])

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full_disk:
        full_disk.setattr(saving.os, "fsync", full)
        assert not notebook.save()
        assert notebook.save_state == "failed: no space left on device (a.weft)"
        assert SaveStateChanged("failed: no space left on device (a.weft)") in told
        assert in_file(notebook.path) == start()
    assert notebook.save()
    assert notebook.save_state == "saved"
    assert in_file(notebook.path) == notebook.notebook
    notebook.close()


def test_a_second_server_may_read_but_not_edit(tmp_path: Path) -> None:
    path = write_start(tmp_path)
    notebook = OpenNotebook(path)
    notebook.perform("tab_a", 1, "Set units", [units(30)])
    other_server = """
import sys; from pathlib import Path
from weftwork.compiler.changes import SetParameter
from weftwork.editor.open_notebook import OpenNotebook
notebook = OpenNotebook(Path(sys.argv[1]))
change = SetParameter(cell="net_1", node="dense_1", parameter="units", value=5)
print(notebook.perform("tab_z", 1, "Set", [change]).reason)
notebook.close()
"""
    done = subprocess.run([sys.executable, "-c", other_server, path], capture_output=True, text=True, timeout=60)
    who = f"another Weftwork of {getpass.getuser()} (process {os.getpid()})"
    assert done.stdout.strip() == f"this notebook is open in {who}", done.stderr
    notebook.perform("tab_a", 2, "Add", [add("dropout_1")])
    again = OpenNotebook(crash(notebook))
    assert again.notebook == notebook.notebook
    again.close()


def test_a_listener_that_fails_keeps_nothing_from_the_others(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    told: list[Notice] = []

    def broken(_: Notice) -> None:
        raise ValueError("a view is broken")

    notebook.subscribe(broken)
    stop = notebook.subscribe(told.append)
    notebook.perform("tab_a", 1, "Set units", [units(30)])
    assert len(told) == 2
    stop()
    notebook.perform("tab_a", 2, "Set units", [units(31)])
    assert len(told) == 2
    notebook.close()


def test_a_listener_may_edit_and_everyone_hears_the_edits_in_order(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    heard: list[int] = []

    def answer(notice: Notice) -> None:
        if isinstance(notice, Changed) and notice.label == "First":
            notebook.perform("tab_b", 1, "Second", [add("dropout_1")])

    notebook.subscribe(answer)
    notebook.subscribe(lambda notice: heard.append(notice.revision) if isinstance(notice, Changed) else None)
    notebook.perform("tab_a", 1, "First", [units(30)])
    assert heard == [1, 2]
    notebook.close()
