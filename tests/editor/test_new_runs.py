"""Runs that another process begins are noticed once, and only when they can be read."""

from __future__ import annotations

from weftwork.compiler.document import Notebook, TrainingCell
from weftwork.editor.cells.new_runs import NewRuns
from weftwork.runtime.run_directory import create_run

NOTEBOOK = Notebook(cells=(TrainingCell(id="training_1", name="train"),))


def test_run_begun_elsewhere_is_noticed_once(tmp_path):
    nothing_yet = NewRuns(tmp_path)
    assert not nothing_yet.look()
    create_run(tmp_path, NOTEBOOK, "train", notebook_name="n.weft")
    later = NewRuns(tmp_path)
    assert [nothing_yet.look(), nothing_yet.look(), later.look()] == [True, False, False]
    create_run(tmp_path, NOTEBOOK, "train", notebook_name="n.weft")
    assert [later.look(), later.look()] == [True, False]


def test_run_is_noticed_when_its_record_is_there_and_not_before(tmp_path):
    new = NewRuns(tmp_path)
    folder = tmp_path / ".weftwork" / "runs" / "one"
    folder.mkdir(parents=True)
    assert [new.look(), new.look()] == [False, False]
    (folder / "run.json").write_text("{}")
    assert [new.look(), new.look()] == [True, False]
