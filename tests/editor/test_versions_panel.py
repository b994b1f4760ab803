"""Earlier versions on the page: what each changed in words, the difference from now, and restore as one gesture."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.editor.crashes import CELL, add, start, units, write_start
from weftwork.compiler.apply_change import apply_all
from weftwork.compiler.changes import AddCell, Change, Disconnect, MoveNodes, RemoveCell, RemoveNode, SetField
from weftwork.compiler.document import NetworkCell, Position, TextCell
from weftwork.editor import autosave
from weftwork.editor.listed_versions import listed, restoring
from weftwork.editor.notices import Applied
from weftwork.editor.one_writer import Holder
from weftwork.editor.open_notebook import OpenNotebook
from weftwork.editor.pages.file_notices import held_html, question_html
from weftwork.editor.pages.network_difference import network_difference
from weftwork.editor.pages.versions_html import panel_html
from weftwork.editor.version_words import differences, summary
from weftwork.editor.versions import keep_version


@pytest.fixture(autouse=True)
def _slow_autosave(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are written when a test says so."""
    monkeypatch.setattr(autosave.Autosave.schedule, "__defaults__", (1000.0,))


def words(*changes: Change) -> str:
    before = start()
    return summary(differences(before, apply_all(before, list(changes))))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([units(8)], "net: node Dense units 3 → 8"),
        ([add("dropout_1")], "net: node Dropout added"),
        ([add("dropout_1"), add("dropout_2")], "net: 2 nodes added"),
        ([Disconnect(cell=CELL, wire="wire_1")], "net: wire Input → Dense removed"),
        ([RemoveNode(cell=CELL, node="dense_1")], "net: 1 node removed, 2 wires removed"),
        ([SetField(cell="text_1", field="text", value="# A much longer text than before it")], "intro: text rewritten"),
        ([RemoveCell(cell="text_1")], "intro removed"),
        ([AddCell(cell=TextCell(id="t", name="end"))], "end added"),
        ([MoveNodes(cell=CELL, positions={"dense_1": Position(9, 9)})], "Only places of nodes"),
    ],
)  # fmt: skip
def test_what_lies_between_two_versions_is_said_in_words(changes: list[Change], said: str) -> None:
    assert words(*changes) == said


def test_the_drawing_shows_what_was_added_removed_and_changed() -> None:
    before, after = start(), apply_all(start(), [units(8), add("dropout_1"), RemoveNode(cell=CELL, node="input_1")])
    old, new = before.cell_by_id(CELL), after.cell_by_id(CELL)
    assert isinstance(old, NetworkCell)
    assert isinstance(new, NetworkCell)
    svg = network_difference(old, new)
    assert svg is not None
    assert 'aria-label="The network\'s nodes: 1 added, 1 changed, 1 removed"' in svg.replace("&#x27;", "'")
    for state in ("added", "changed", "removed"):
        assert svg.count(f'class="node {state}"') == 1
    assert svg.count("<rect") == 4
    assert network_difference(None, None) is None


def test_versions_are_listed_newest_first_each_with_what_it_changed(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    for number, change in enumerate([units(8), add("dropout_1"), units(9)], 1):
        notebook.perform("tab_a", number, "Edit", [change])
        assert notebook.save()
    (tmp_path / ".weftwork" / "versions" / "a.notes.weft").write_text("of somebody else")
    found = listed(notebook)
    assert [one.words for one in found] == [
        "net: node Dropout added",
        "net: node Dense units 3 → 8",
        "The earliest that was kept",
    ]
    html = panel_html(found, found[0].version.name, notebook.notebook, "", now=datetime.now(UTC) + timedelta(hours=3))
    assert html.count('class="version"') == 3
    assert html.count("3 hours ago") + html.count("2 hours ago") == 3
    assert "units 9 → 8" in html
    assert html.count("Restore this version") == 1
    notebook.close()


def test_restoring_is_one_gesture_that_undo_takes_back(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    changes = [units(8), add("dropout_1"), RemoveCell(cell="text_1")]
    notebook.perform("tab_a", 1, "Edit", changes)
    assert notebook.save()
    edited = notebook.notebook
    (earliest,) = listed(notebook)
    label, change = restoring(notebook.notebook, earliest)
    assert label.startswith("Restore the version of ")
    assert isinstance(notebook.perform("tab_a", None, label, [change]), Applied)
    assert notebook.notebook == start()
    assert notebook.undo_label("tab_a") == label
    assert isinstance(notebook.undo("tab_a"), Applied)
    assert notebook.notebook == edited
    notebook.close()


def test_a_version_of_another_program_says_so_and_the_same_version_offers_nothing(tmp_path: Path) -> None:
    notebook = OpenNotebook(write_start(tmp_path))
    keep_version(notebook.path, notebook.path.read_bytes(), "outside")
    (one,) = listed(notebook)
    html = panel_html([one], one.version.name, notebook.notebook, "", now=datetime.now(UTC))
    assert "Written by another program" in html
    assert "The same as now." in html
    assert "Restore this version" not in html
    assert "No earlier version yet" in panel_html([], "", notebook.notebook, "", now=datetime.now(UTC))
    notebook.close()


def test_the_page_says_who_has_the_file_and_what_both_sides_changed(tmp_path: Path) -> None:
    held = held_html(Holder("ada", "loom-7", 41), "It is still running and has it open.")
    assert "Another Weftwork of ada on loom-7 (process 41)" in held
    assert 'data-action="take-over"' in held
    notebook = OpenNotebook(write_start(tmp_path))
    notebook.perform("tab_a", 1, "Set units", [units(30)])
    notebook.path.write_text(notebook.path.read_text().replace('"units": 3', '"units": 5'))
    notebook.file.look()
    assert notebook.file.question is not None
    asked = question_html("a.weft", notebook.file.question, notebook.notebook)
    assert "Dense in net" in asked
    for choice in ("mine", "theirs", "copy"):
        assert f'data-action="{choice}"' in asked
    assert notebook.file.question.kept in asked
    notebook.close()
