"""Fresh, stale and why: by runs and outputs on disk, as a trainer and an evaluation leave them."""

import json

import pytest

from weftwork.compiler.apply_change import apply_all
from weftwork.compiler.changes import RenameCell, SetField, SetParameter
from weftwork.compiler.document import (
    DataCell,
    EvaluationCell,
    ExportCell,
    NetworkCell,
    Node,
    Notebook,
    TrainingCell,
)
from weftwork.runtime.keep_results import keep_evaluation, keep_export
from weftwork.runtime.kept_outputs import KeptOutputs
from weftwork.runtime.run_directory import RunDirectory, create_run
from weftwork.runtime.run_notebook import run_stale
from weftwork.runtime.standing import Surroundings, standings

FILE = "a.weft"
NOTEBOOK = Notebook(
    cells=(
        ExportCell(id="out", name="out", training="fit"),
        EvaluationCell(id="look", name="look", training="fit"),
        TrainingCell(id="fit", name="fit", network="net", data="rows"),
        NetworkCell(id="net", name="net", nodes={"a": Node(kind="Dense", params={"units": 1})}),
        DataCell(id="data", name="rows"),
    )
)
EPOCHS = SetField(cell="fit", field="epochs", value=20)
UNITS = SetParameter(cell="net", node="a", parameter="units", value=2)


@pytest.fixture
def around(tmp_path):
    return Surroundings(tmp_path, FILE, KeptOutputs(tmp_path), {"rows": "first"})


def train(around, notebook, state="finished", fingerprint="first", **options) -> RunDirectory:
    """A run as a trainer leaves it."""
    run = create_run(around.folder, notebook, "fit", notebook_name=FILE, options=options)
    info = run.info() | {"state": state, "data_fingerprint": fingerprint}
    (run.path / "run.json").write_text(json.dumps(info))
    run.model_path.write_bytes(b"a model")
    return run


def evaluate(around, notebook, run):
    keep_evaluation(notebook.cell("look"), run, {"metrics": {"loss": 1.0}}, around)


def export(around, notebook, to="python"):
    path = around.folder / f"a.{to}"
    path.write_text("exported")
    keep_export(notebook, notebook.cell("out"), to, {"path": str(path), "difference": 0.0}, around)
    return path


def states(around, notebook):
    return {name: standing.state for name, standing in standings(notebook, around).items()}


def why(around, notebook, name):
    return list(standings(notebook, around)[name].why)


def test_what_was_never_run_is_missing_and_says_so(around):
    assert states(around, NOTEBOOK) == {"fit": "missing", "look": "missing", "out": ""}
    assert why(around, NOTEBOOK, "look") == ["training cell fit has not run yet"]


def test_an_edit_makes_all_that_depends_on_it_stale_and_undoing_it_fresh_again(around):
    run = train(around, NOTEBOOK)
    evaluate(around, NOTEBOOK, run)
    export(around, NOTEBOOK)
    fresh = {"fit": "fresh", "look": "fresh", "out": "fresh"}
    assert states(around, NOTEBOOK) == fresh
    edited = apply_all(NOTEBOOK, [EPOCHS, UNITS])
    assert states(around, edited) == dict.fromkeys(fresh, "stale")
    for name in fresh:
        assert set(why(around, edited, name)) == {"epochs of fit changed: 10 to 20", "network net changed: 1 node"}
    assert states(around, NOTEBOOK) == fresh


def test_going_back_to_settings_of_an_earlier_run_shows_that_run(around):
    first = train(around, NOTEBOOK)
    evaluate(around, NOTEBOOK, first)
    edited = apply_all(NOTEBOOK, [EPOCHS])
    second = train(around, edited)
    assert standings(edited, around)["fit"].run == second
    assert standings(edited, around)["look"].state == "stale"
    assert why(around, edited, "look") == ["training cell fit ran again"]
    evaluate(around, edited, second)
    assert states(around, edited)["look"] == "fresh"
    assert standings(NOTEBOOK, around)["fit"].run == first
    assert standings(NOTEBOOK, around)["look"].outputs[""].content["run"] == first.id
    assert states(around, NOTEBOOK)["look"] == "fresh"


def test_renaming_leaves_everything_fresh(around):
    run = train(around, NOTEBOOK)
    evaluate(around, NOTEBOOK, run)
    export(around, NOTEBOOK)
    renamed = apply_all(NOTEBOOK, [RenameCell(cell=id_, name=f"my {id_}") for id_ in ("fit", "net", "data", "look")])
    assert set(states(around, renamed).values()) == {"fresh"}


def test_changed_data_make_the_run_stale_and_unknown_ones_do_not(around):
    train(around, NOTEBOOK)
    other = Surroundings(around.folder, FILE, around.outputs, {"rows": "second"})
    assert why(other, NOTEBOOK, "fit") == ["the data of rows changed"]
    unread = Surroundings(around.folder, FILE, around.outputs, {})
    assert states(unread, NOTEBOOK)["fit"] == "fresh"


def test_a_run_for_fewer_epochs_or_one_that_was_stopped_is_not_what_the_cell_says(around):
    train(around, NOTEBOOK, epochs=1)
    assert why(around, NOTEBOOK, "fit") == ["epochs of fit changed: 1 to 10"]
    stopped = train(around, NOTEBOOK, state="stopped")
    assert why(around, NOTEBOOK, "fit") == ["the run was stopped before its end"]
    assert standings(NOTEBOOK, around)["look"].run == stopped


def test_an_export_whose_file_is_gone_is_not_shown(around):
    train(around, NOTEBOOK)
    path = export(around, NOTEBOOK)
    asking = apply_all(NOTEBOOK, [SetField(cell="out", field="options", value={"formats": ["python"]})])
    path.unlink()
    assert states(around, NOTEBOOK)["out"] == ""
    assert why(around, asking, "out") == ["not exported as python yet"]


def test_headless_run_does_what_is_stale_in_order_and_nothing_twice(around, monkeypatch):
    done = []

    def train_one(name):
        done.append(name)
        run = train(around, notebook)
        return {"run": run.id, "state": "finished"}

    def export_one(name, to):
        done.append((name, to))
        (around.folder / "a.py").write_text("exported")
        return {"path": str(around.folder / "a.py")}

    def evaluated(run_path, folder, weights="last"):
        done.append("look")
        return {"metrics": {}}

    monkeypatch.setattr("weftwork.runtime.quiet_tensorflow.quiet_tensorflow", lambda: None)
    fake = type("module", (), {"evaluate_run": staticmethod(evaluated)})
    monkeypatch.setitem(__import__("sys").modules, "weftwork.runtime.evaluate", fake)
    notebook = apply_all(NOTEBOOK, [SetField(cell="out", field="options", value={"formats": ["python"]})])
    arguments = around.folder / FILE, notebook, {"rows": "first"}
    assert len(run_stale(*arguments, train=train_one, export=export_one)) == 1
    assert done == ["fit", ("out", "python"), "look"]
    assert run_stale(*arguments, train=train_one, export=export_one) == []
    assert len(done) == 3
