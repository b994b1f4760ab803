"""Cells are run one after another, in order, once, for all tabs; a failure stops what uses it. No TensorFlow."""

import json

import pytest

from weftwork.compiler.changes import SetField
from weftwork.compiler.document import EvaluationCell, ExportCell, NetworkCell, Notebook, TextCell, TrainingCell
from weftwork.compiler.problems import Location, Problem
from weftwork.compiler.write_notebook import write_notebook
from weftwork.editor.cell_work import CellWork
from weftwork.editor.findings import Findings
from weftwork.editor.open_notebook import OpenNotebook

CELLS = (
    ExportCell(id="out", name="out", training="fit"),
    EvaluationCell(id="look", name="look", training="fit"),
    TrainingCell(id="fit", name="fit", network="net", data="rows"),
    NetworkCell(id="net", name="net"),
    TextCell(id="text", name="text", text="{{fit.loss}}"),
)


class InstantHost:
    """Ends each run at once in `state`, and answers every call."""

    def __init__(self, folder) -> None:
        self.folder, self.state, self.done = folder, "finished", []
        self.failing = ""

    def start_run(self, run) -> None:
        self.done.append(run.info()["cell"])
        (run.path / "run.json").write_text(json.dumps(run.info() | {"state": self.state, "message": "Too hot."}))
        if self.state == "finished":
            run.model_path.write_bytes(b"a model")

    def call(self, function, arguments, timeout=0.0):
        name = function.rpartition(":")[2]
        self.done.append((name, arguments.get("to", "")))
        if name == self.failing:
            raise RuntimeError("No room.")
        path = self.folder / f"a.{arguments.get('to')}"
        path.write_text("x")
        return {"path": str(path), "metrics": {"loss": 1.0}}


@pytest.fixture
def work(tmp_path):
    path = tmp_path / "a.weft"
    path.write_text(write_notebook(Notebook(cells=CELLS)))
    opened = OpenNotebook(path)
    yield CellWork(opened, InstantHost(tmp_path), inline=True)
    opened.close()


def states(work):
    return {name: standing.state for name, standing in work.standings().items()}


def test_work_runs_in_the_order_of_use_whatever_order_it_was_asked_in(work):
    work.start(["out", "look", "fit"], formats=["python"])
    assert work.host.done == ["fit", ("export_task", "python"), ("evaluate_run", "")]
    assert states(work) == {"fit": "fresh", "look": "fresh", "out": "fresh"}
    assert (work.running, work.waiting, work.faults) == ("", [], {})


def test_nothing_starts_by_itself(work):
    work.opened.perform("tab", None, "Edit", [SetField(cell="fit", field="epochs", value=3)])
    assert states(work)["fit"] == "missing"
    assert work.host.done == []


def test_a_run_that_does_not_finish_stops_what_uses_it_and_says_why(work):
    work.host.state = "failed"
    work.start(["fit", "look", "out"], formats=["python"])
    assert work.host.done == ["fit"]
    assert work.faults["fit"] == "Too hot."
    assert work.faults["look"] == work.faults["out"] == "Not run, because fit did not get to its end."
    work.host.state = "finished"
    work.start(["fit"])
    assert work.faults.get("fit") is None


def test_an_error_of_what_it_uses_lets_a_training_wait(work):
    work.opened.findings = Findings(problems=(Problem("W101", "no wire", Location("net")),))
    work.start(["fit"])
    assert work.faults["fit"] == "Run has to wait: no wire"
    assert work.host.done == []


def test_a_failed_evaluation_is_told_and_nothing_is_kept(work):
    work.start(["fit"])
    work.host.failing = "evaluate_run"
    work.start(["look"])
    assert work.faults["look"] == "No room."
    assert states(work)["look"] == "missing"


def test_undoing_an_edit_makes_outputs_fresh_again_without_running(work):
    work.start(["fit", "look"])
    done = list(work.host.done)
    work.opened.perform("tab", None, "Edit", [SetField(cell="fit", field="epochs", value=3)])
    assert states(work)["fit"] == states(work)["look"] == "stale"
    work.opened.undo("tab")
    assert states(work)["fit"] == states(work)["look"] == "fresh"
    assert work.host.done == done


def test_outputs_are_there_in_a_server_that_was_started_anew(work):
    work.start(["fit", "look", "out"], formats=["python", "keras"])
    again = CellWork(work.opened, None, inline=True)
    standing = again.standings()
    assert standing["look"].outputs[""].content["metrics"] == {"loss": 1.0}
    assert set(standing["out"].outputs) == {"python", "keras"}
    assert states(again) == {"fit": "fresh", "look": "fresh", "out": "fresh"}
