"""Another program writes the file of an open notebook: merged, or asked about; nothing of either side is lost."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from tests.editor.crashes import CELL, add, crash, in_file, start, units, write_start
from weftwork.compiler.changes import SetField
from weftwork.compiler.document import NetworkCell, Notebook
from weftwork.compiler.document_file import write_notebook
from weftwork.editor import autosave, file_watch
from weftwork.editor.file_watch import FileWatch
from weftwork.editor.notices import Applied, Changed, FileChanged, Notice
from weftwork.editor.open_notebook import OpenNotebook
from weftwork.editor.outside_changes import OUTSIDE
from weftwork.editor.versions import all_versions


@pytest.fixture(autouse=True)
def _slow_autosave(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are written when a test says so."""
    monkeypatch.setattr(autosave.Autosave.schedule, "__defaults__", (1000.0,))


def text(notebook: Notebook) -> str:
    cell: Any = notebook.cell("intro")
    return cell.text


def layer(notebook: Notebook) -> dict[str, Any]:
    cell = notebook.cell_by_id(CELL)
    assert isinstance(cell, NetworkCell)
    return cell.nodes["dense_1"].params


def write_theirs(path: Path, *, prose: str = "# Start", count: int = 3) -> Notebook:
    theirs = start().with_cell(start().cell("intro").model_copy(update={"text": prose}))
    network = theirs.cell_by_id(CELL)
    assert isinstance(network, NetworkCell)
    dense = network.nodes["dense_1"].model_copy(update={"params": {"units": count}})
    theirs = theirs.with_cell(network.model_copy(update={"nodes": {**network.nodes, "dense_1": dense}}))
    path.write_text(write_notebook(theirs))
    return theirs


def test_what_another_program_changed_elsewhere_is_merged_told_and_shown_to_every_tab(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    told: list[Notice] = []
    notebook.subscribe(told.append)
    notebook.perform("tab_a", 1, "Set units", [units(30)])
    write_theirs(notebook.path, prose="# Theirs")
    notebook.file.look()
    assert (text(notebook.notebook), layer(notebook.notebook)) == ("# Theirs", {"units": 30})
    changed = [notice for notice in told if isinstance(notice, Changed) and notice.tab == OUTSIDE]
    assert [records[0] for records in changed[0].records] == [("text_1",)]
    assert [problem.code for problem in notebook.problems] == ["F620"]
    assert FileChanged() in told
    assert notebook.save()
    assert in_file(notebook.path) == notebook.notebook
    assert isinstance(notebook.undo("tab_a"), Applied)
    assert text(notebook.notebook) == "# Theirs"
    notebook.close()


def test_a_file_that_nobody_touched_is_left_alone(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    notebook.perform("tab_a", 1, "Set units", [units(30)])
    notebook.save()
    notebook.file.look()
    assert notebook.problems == ()
    assert notebook.revision == 1
    notebook.close()


@pytest.mark.parametrize("choice", ["mine", "theirs", "copy"])
def test_where_both_changed_the_same_somebody_is_asked_and_both_sides_stay(tmp_path: Path, choice: Any) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    notebook.perform("tab_a", 1, "Set units", [units(30)])
    theirs = write_theirs(notebook.path, prose="# Theirs", count=5)
    assert not notebook.save()
    assert notebook.save_state == "failed: please choose below"
    question = notebook.file.question
    assert question is not None
    assert [conflict.address for conflict in question.conflicts] == [(CELL, "nodes", "dense_1")]
    assert in_file(notebook.path) == theirs
    copy = notebook.file.answer(choice)
    assert notebook.file.question is None
    assert notebook.save_state == "saved"
    assert text(in_file(notebook.path)) == "# Theirs"
    assert layer(in_file(notebook.path)) == {"units": 5 if choice == "theirs" else 30}
    assert in_file(notebook.path) == notebook.notebook
    assert copy == ("a (theirs).weft" if choice == "copy" else "")
    if copy:
        assert in_file(tmp_path / copy) == theirs
    kept = [version for version in all_versions(notebook.path) if version.note == "outside"]
    assert [version.read() for version in kept] == [theirs]
    notebook.close()


def test_edits_go_on_while_the_question_stands_and_a_crash_loses_none_of_them(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    notebook.perform("tab_a", 1, "Set units", [units(30)])
    theirs = write_theirs(notebook.path, count=5)
    notebook.file.look()
    assert isinstance(notebook.perform("tab_a", 2, "Add", [add("dropout_1")]), Applied)
    again = OpenNotebook(crash(notebook))
    network = again.notebook.cell_by_id(CELL)
    assert isinstance(network, NetworkCell)
    assert "dropout_1" in network.nodes
    assert layer(again.notebook) == {"units": 5}
    assert [problem.code for problem in again.problems] == ["F621"]
    aside = [version for version in all_versions(again.path) if version.note == "unsaved"]
    assert [layer(version.read()) for version in aside] == [{"units": 30}]
    assert aside[0].name in again.problems[0].message
    assert in_file(again.path) == theirs
    OpenNotebook(crash(again)).close()
    assert len([version for version in all_versions(again.path) if version.note == "unsaved"]) == 1


def test_their_second_change_asks_again_about_what_was_not_decided(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    notebook.perform("tab_a", 1, "Set units", [units(30)])
    write_theirs(notebook.path, count=5)
    notebook.file.look()
    write_theirs(notebook.path, prose="# Theirs", count=5)
    notebook.file.look()
    assert text(notebook.notebook) == "# Theirs"
    assert notebook.file.question is not None
    notebook.path.write_text(write_notebook(start()))
    notebook.file.look()
    assert notebook.file.question is None
    assert notebook.save()
    assert layer(in_file(notebook.path)) == {"units": 30}
    notebook.close()


def test_a_file_that_became_unreadable_is_kept_and_what_is_here_is_saved(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    notebook.path.write_text("<<<<<<< HEAD\n")
    notebook.file.look()
    assert [problem.code for problem in notebook.problems] == ["F620"]
    assert notebook.notebook == start()
    notebook.perform("tab_a", 1, "Set units", [units(30)])
    assert notebook.save()
    assert [version.path.read_text() for version in all_versions(notebook.path)] == ["<<<<<<< HEAD\n"]
    assert in_file(notebook.path) == notebook.notebook
    notebook.close()


def test_different_settings_of_one_node_are_merged_after_a_crash_too(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    notebook.perform("tab_a", 1, "Prose", [SetField(cell="text_1", field="text", value="# Mine")])
    path = crash(notebook)
    renamed = start().cell("intro").model_copy(update={"name": "opening"})
    path.write_text(write_notebook(start().with_cell(renamed)))
    again = OpenNotebook(path)
    cell: Any = again.notebook.cell("opening")
    assert cell.text == "# Mine"
    assert again.problems == ()
    again.close()


def test_the_watch_notices_a_change_within_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_watch, "POLL_S", 0.02)
    notebook = OpenNotebook(write_start(tmp_path))
    merged = threading.Event()
    notebook.subscribe(lambda notice: merged.set() if isinstance(notice, Changed) else None)
    watch = FileWatch(notebook)
    write_theirs(notebook.path, prose="# Theirs")
    assert merged.wait(30)
    watch.close()
    assert text(notebook.notebook) == "# Theirs"
    notebook.close()
