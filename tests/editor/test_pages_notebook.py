"""The notebook page keeps in step with the notebook, and its controls do what they say. No browser, no TensorFlow."""

import json
import re

import numpy as np
import pytest

from weftwork.compiler.changes import AddCell, MoveCell, RemoveCell, SetField
from weftwork.compiler.document import CodeCell, EvaluationCell, Notebook, TextCell, TrainingCell, UnknownCell
from weftwork.compiler.problems import Fix, Location, Problem
from weftwork.compiler.write_notebook import write_notebook
from weftwork.editor.findings import Findings
from weftwork.editor.open_notebook import OpenNotebook
from weftwork.editor.pages.notebook_bar import save_state
from weftwork.editor.pages.notebook_page import NotebookPage
from weftwork.runtime.control import PAUSE
from weftwork.runtime.distribution.here import this_machine
from weftwork.runtime.run_directory import list_runs
from weftwork.runtime.run_record import RunRecord

COLUMNS = ["step", "epoch", "seconds", "loss", "accuracy"]


class FakeHost:
    """Stands in for the host process: takes runs and answers calls."""

    def __init__(self, state: str = "ready") -> None:
        self.state, self.message = state, ""
        self.runs, self.calls = [], []
        self.answer = {}

    def start_run(self, run) -> None:
        self.runs.append(run)

    def call(self, function, arguments, timeout=0.0):
        if function.endswith(":list_devices"):
            return this_machine().to_json()
        self.calls.append((function, arguments))
        return self.answer


@pytest.fixture
def host():
    return FakeHost()


@pytest.fixture
def page(tmp_path, host):
    path = tmp_path / "a.weft"
    cells = (
        TextCell(id="text_0001", name="intro", text="# Hello"),
        TrainingCell(id="training_0001", name="Training", network="Reader", data="Digits"),
        CodeCell(id="code_0001", name="code", code="print(1 < 2)"),
        UnknownCell(id="other_0001", name="later", kind="hologram"),
    )
    path.write_text(write_notebook(Notebook(cells=cells)), encoding="utf-8")
    opened = OpenNotebook(path)
    page = NotebookPage(opened, host)
    yield page
    page.close()
    opened.close()


def shown(page) -> list[str]:
    """The cells on the page by test id, from top to bottom."""
    by_view = {id(view.view): view.frame.attributes["data-testid"] for view in page.views.values()}
    return [by_view[id(part)] for part in page.column.objects if id(part) in by_view]


def send(markup, action, value=None, **more):
    markup._handle_msg({"action": action, "value": value, **more})


def training(page):
    return page.views["training_0001"]


def test_page_shows_every_cell_in_order(page):
    assert shown(page) == ["cell:intro", "cell:Training", "cell:code", "cell:later"]
    assert "print(1 &lt; 2)" in re.sub("<[^>]*>", "", page.views["code_0001"].body.html)
    assert "hologram" in page.views["other_0001"].body.html


def test_an_edit_from_another_tab_is_shown(page):
    page.context.open.perform("other", None, "Move", [MoveCell(cell="code_0001", index=0)])
    assert shown(page)[0] == "cell:code"
    page.context.open.perform("other", None, "Write", [SetField(cell="text_0001", field="text", value="Changed")])
    assert "Changed" in page.views["text_0001"].head.html
    page.context.open.perform("other", None, "Delete", [RemoveCell(cell="text_0001")])
    assert "text_0001" not in page.views


def test_cell_menu_moves_renames_and_removes(page):
    view = page.views["code_0001"]
    send(view.head, "up")
    assert shown(page)[1] == "cell:code"
    send(view.head, "rename")
    send(view.head, "renamed", fields={"name": "script"})
    assert shown(page)[1] == "cell:script"
    send(view.head, "remove")
    assert "cell:script" not in shown(page)


def test_page_gestures_undo_and_redo_what_this_tab_did(page):
    send(page.views["code_0001"].head, "remove")
    send(page.shell.bar, "undo")
    assert "cell:code" in shown(page)
    send(page.shell.bar, "redo")
    assert "cell:code" not in shown(page)


def test_plus_cell_adds_below_and_takes_what_there_is(page):
    send(page.views["text_0001"].adder.view, "add", "evaluation")
    assert shown(page)[1] == "cell:evaluation"
    assert page.context.open.notebook.cell("evaluation").training == "Training"
    send(page.first.view, "add", "text")
    assert shown(page)[0] == "cell:text"


def test_text_is_written_by_the_editor(page):
    head = page.views["text_0001"].head
    send(head, "edit")
    assert "<textarea" in head.html
    send(head, "write", fields={"text": "New *text*"})
    assert "<em>text</em>" in head.html
    assert page.context.open.notebook.cell("intro").text == "New *text*"


def test_a_refused_gesture_is_told_at_the_top(page):
    send(page.views["code_0001"].head, "rename")
    send(page.views["code_0001"].head, "renamed", fields={"name": "intro"})
    assert "Not done" in page.notes.view.html
    send(page.notes.view, "dismiss")
    assert page.notes.view.html == ""


def test_settings_are_edited_and_faults_are_told(page):
    body = training(page).body
    send(body, "set", "5", field="epochs")
    assert page.context.open.notebook.cell("Training").epochs == 5
    send(body, "set", "none", field="epochs")
    assert "This must be a whole number" in body.html
    assert page.context.open.notebook.cell("Training").epochs == 5
    send(body, "set", "0.01", field="learning_rate")
    assert page.context.open.notebook.cell("Training").optimizer.params == {"learning_rate": 0.01}
    send(body, "set", "SGD", field="optimizer")
    chosen = page.context.open.notebook.cell("Training").optimizer
    assert (chosen.kind, chosen.params) == ("SGD", {"learning_rate": 0.01})
    send(body, "set", "4", field="patience")
    assert page.context.open.notebook.cell("Training").callbacks[0].params["patience"] == 4
    send(body, "set", "", field="patience")
    assert page.context.open.notebook.cell("Training").callbacks == ()


def test_run_is_made_and_given_to_the_host(page, host):
    send(training(page).body, "run")
    assert [run.info()["cell"] for run in host.runs] == ["Training"]
    assert 'data-testid="stop:Training"' in training(page).panel.html


def test_run_pressed_while_the_host_loads_waits_and_says_so(page, host):
    host.state = "starting"
    send(training(page).body, "run")
    assert len(host.runs) == 1
    assert "TensorFlow is loading. The run starts in a moment." in training(page).panel.html


def test_run_with_an_error_says_which_and_leads_to_it(page, host):
    problem = Problem("W101", "output has no wire", Location("Reader", "output_1"))
    page.context.open.findings = Findings(problems=(problem,))
    send(training(page).body, "run")
    assert host.runs == []
    assert "Run has to wait: output has no wire" in training(page).panel.html
    assert 'data-reveal="node:output_1"' in training(page).panel.html


def test_run_without_a_host_says_why_not(page):
    page.context.host = None
    send(training(page).body, "run")
    assert "cannot train" in training(page).panel.html


def going(page) -> RunRecord:
    """A run of the cell, with two epochs written, by the pen that a trainer uses."""
    send(training(page).body, "run")
    record = RunRecord(list_runs(page.context.folder)[0])
    record.begin(on_stop=lambda: None)
    record.open_metrics(COLUMNS, 0)
    record.built()
    record.set_state("running")
    steps = np.arange(1, 101, dtype=float)
    record.rows(np.column_stack([steps, steps, steps, 1 / steps, 1 - 1 / steps]))
    record.event("epoch", epoch=2, epochs=4, step=100, metrics={"val_loss": 0.1, "val_accuracy": 0.9}, seconds_left=8.2)
    return record


def test_a_run_draws_itself_and_can_be_paused_and_stopped(page):
    record = going(page)
    page.tick()
    view = training(page)
    attributes = view.plots.frame.attributes
    assert (attributes["data-points"], attributes["data-step"]) == ("100", "100")
    assert attributes["data-testid"] == "live-plot:Training"
    assert view.plots.frame.visible
    assert "epoch 2 of 4" in view.panel.html
    assert "8.2 s left" in view.panel.html
    send(view.body, "pause")
    assert record.control.read() == PAUSE
    record.set_state("paused")
    page.tick()
    assert "Resume" in view.panel.html
    send(view.body, "go-on")
    send(view.body, "stop")
    record.end("stopped")
    page.tick()
    assert "Stopped before its end" in view.panel.html
    assert 'data-testid="run:Training"' in view.panel.html


def test_reopening_the_page_attaches_to_a_run_that_goes_on(page):
    record = going(page)
    again = NotebookPage(page.context.open, page.context.host)
    assert again.views["training_0001"].plots.frame.attributes["data-points"] == "100"
    assert again.views["training_0001"].state().words == "running"
    again.close()
    record.end("finished")


def test_a_finished_run_is_fresh_until_the_cell_is_edited(page):
    record = going(page)
    record.end("finished")
    page.tick()
    assert training(page).state().words == "fresh"
    send(training(page).body, "set", "99", field="epochs")
    assert training(page).state().words == "stale"
    send(page.shell.bar, "undo")
    assert training(page).state().words == "fresh"


def test_a_fix_is_an_edit_that_can_be_undone(page):
    fix = Fix("Use 8 epochs", (SetField(cell="training_0001", field="epochs", value=8),))
    problem = Problem("T410", "too many epochs", Location("Training"), fixes=(fix,))
    page.context.open.findings = Findings(problems=(problem,))
    view = training(page)
    view.refresh()
    pressed = re.search(r'data-action="fix" data-value="([^"]+)"', view.body.html)
    send(view.body, "fix", pressed[1])
    assert page.context.open.notebook.cell("Training").epochs == 8
    send(page.shell.bar, "undo")
    assert page.context.open.notebook.cell("Training").epochs == 10


def trained(page):
    """The run of `going`, ended with a network; evaluation and export cells below it."""
    record = going(page)
    record.run.model_path.write_bytes(b"a model")
    record.end("finished")
    page.tick()
    for kind in ("export", "evaluation"):
        send(page.views["other_0001"].adder.view, "add", kind)
    cells = page.context.open.notebook.cells
    views = {cell.kind: page.views[cell.id] for cell in cells}
    return record.run, views


def test_evaluation_asks_the_host_once_for_each_run_and_shows_what_it_found(page, host):
    host.answer = {
        "metrics": {"accuracy": 0.9},
        "confusion": {"classes": ["yes", "no"], "matrix": [[9, 1], [1, 9]]},
        "worst": [{"row": 3, "expected": "yes", "predicted": "no", "loss": 2.5}],
    }
    run, views = trained(page)
    for _ in range(3):
        page.tick()
    assert host.calls == [
        ("weftwork.runtime.evaluate:evaluate_run", {"run_path": str(run.path), "folder": str(page.context.folder)})
    ]
    html = views["evaluation"].body.html
    assert "90.0 %" in html
    assert "1 of 10 yes taken for no (10.0%)" in html
    assert views["evaluation"].state().words == "evaluated"


def test_what_cannot_be_saved_is_told_above_the_cells_until_it_can(page):
    opened = page.context.open
    opened._announce_and_tell("failed: no space left on device (a.weft)")
    html = page.file_notices.view.html
    assert "Not saved: no space left on device (a.weft)." in html
    assert "what you draw is kept by this tab only" in html
    assert opened.save()
    assert page.file_notices.view.html == ""


def test_opening_a_notebook_starts_nothing(page, host):
    record = going(page)
    record.run.model_path.write_bytes(b"a model")
    record.end("finished")
    page.close()
    cell = EvaluationCell(id="evaluation_0001", name="Evaluation", training="Training")
    page.context.open.perform("tab", None, "Add", [AddCell(cell=cell, index=0)])
    again = NotebookPage(page.context.open, page.context.host)
    for _ in range(3):
        again.tick()
    assert host.calls == []
    assert again.views["evaluation_0001"].state().words == "not evaluated"
    again.close()


def test_evaluation_without_a_run_says_train_first(page):
    send(page.views["other_0001"].adder.view, "add", "evaluation")
    view = page.views[page.context.open.notebook.cell("evaluation").id]
    assert "Train first" in view.body.html
    assert 'data-reveal="cell:Training"' in view.body.html


def test_export_shows_path_difference_and_source(page, host):
    _, views = trained(page)
    folder = page.context.folder
    (folder / "a.py").write_text("x = 1 < 2")
    host.answer = {"path": str(folder / "a.py"), "format": "python", "difference": 0.0, "source": "x = 1 < 2"}
    send(views["export"].body, "export", "python")
    function, arguments = host.calls[-1]
    assert function == "weftwork.runtime.headless:export_task"
    assert arguments == {"file": str(folder / "a.weft"), "to": "python", "cell": "export"}
    html = views["export"].body.html
    assert "predicts exactly the same" in html
    assert "x = 1 &lt; 2" in html
    assert json.loads((folder / "a.weft").read_text())["cells"]


def test_save_state_tells_a_failure():
    assert 'data-state="failed"' in save_state("failed: the disk is full")
    assert "Not saved: the disk is full" in save_state("failed: the disk is full")
    assert 'data-state="saved"' in save_state("saved")


def test_what_a_trial_of_speed_measured_stands_among_the_settings(page):
    words = "Chosen: float32 with XLA. A short trial took, for a step: float32 with XLA 2 ms."
    going(page).update(speed={"words": words, "measured": [{"precision": "float32", "xla": True}]})
    page.tick()
    assert words in training(page).body.html
