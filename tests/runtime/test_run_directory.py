import json
import os
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from weftwork.compiler.document import NetworkCell, Node, Notebook, TextCell, TrainingCell
from weftwork.compiler.keys import network_key
from weftwork.editor.cells.run_follower import RunFollower
from weftwork.runtime import run_directory, run_state
from weftwork.runtime.control import PAUSE, RUN, STOP
from weftwork.runtime.process_identity import process_start
from weftwork.runtime.run_directory import (
    RunDirectory,
    RunRefused,
    create_run,
    fail_unstarted,
    list_runs,
    refuse_to_resume,
    requeue,
)
from weftwork.runtime.run_state import latest_states
from weftwork.runtime.seen_runs import SeenRuns

NETWORK = NetworkCell(id="network_1", name="net", nodes={"input_1": Node(kind="Input")})
NOTEBOOK = Notebook(
    cells=(TextCell(id="text_1", name="prose"), NETWORK, TrainingCell(id="training_1", name="train", network="net"))
)


@pytest.fixture
def run(tmp_path):
    return create_run(tmp_path, NOTEBOOK, "train", notebook_name="digits.weft", options={"epochs": 3})


def change(run, **fields):
    path = run.path / "run.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


def test_new_run_is_queued_and_knows_where_it_comes_from(run, tmp_path):
    info = run.info()
    assert run.path.parent == tmp_path / ".weftwork" / "runs"
    assert (run.state(), run.id) == ("queued", run.path.name)
    assert (info["notebook"], info["cell"], info["options"]) == ("digits.weft", "train", {"epochs": 3})
    assert info["network_key"] == network_key(NETWORK)
    assert (run.path / "control").read_bytes() == RUN


def test_snapshot_is_the_notebook(run):
    assert run.notebook() == NOTEBOOK


def test_new_run_has_no_metrics_and_no_events(run):
    assert run.columns() == []
    assert run.metrics().shape[0] == 0
    assert run.events() == ([], 0)


@pytest.mark.parametrize("name", ["prose", "net"])
def test_cell_that_does_not_train_is_refused(tmp_path, name):
    with pytest.raises(KeyError):
        create_run(tmp_path, NOTEBOOK, name, notebook_name="digits.weft")
    assert list_runs(tmp_path) == []


def test_folder_that_cannot_be_written_raises_and_leaves_nothing(tmp_path):
    (tmp_path / ".weftwork").write_text("a file in the way")
    with pytest.raises(OSError, match=r"\.weftwork"):
        create_run(tmp_path, NOTEBOOK, "train", notebook_name="digits.weft")


def test_runs_are_listed_newest_first_and_broken_ones_left_out(tmp_path):
    made = [create_run(tmp_path, NOTEBOOK, "train", notebook_name="digits.weft") for _ in range(3)]
    ordered = sorted(made, key=lambda run: run.id, reverse=True)
    (made[1].path / "run.json").write_text('{"state": "runn')
    (tmp_path / ".weftwork" / "runs" / "empty").mkdir()
    (tmp_path / ".weftwork" / "runs" / "a-file").write_text("")
    assert list_runs(tmp_path) == [run for run in ordered if run != made[1]]


def test_runs_stay_in_the_order_in_which_they_were_made_where_the_clock_goes_back(tmp_path, monkeypatch):
    class Earlier(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(UTC) - timedelta(days=30)

    def make():
        return create_run(tmp_path, NOTEBOOK, "train", notebook_name="digits.weft")

    made = [make()]
    with monkeypatch.context() as patched:
        patched.setattr(run_directory, "datetime", Earlier)
        made += [make() for _ in range(3)]
    made.append(make())
    assert list_runs(tmp_path) == made[::-1]


def test_folder_without_runs_lists_none(tmp_path):
    assert list_runs(tmp_path / "nowhere") == []


def test_active_run_without_its_process_is_lost(run):
    change(run, state="running", pid=os.getpid(), process_start="an earlier process with this pid")
    assert run.state() == "lost"
    assert "Resume" in run.message()


def test_run_that_ends_while_its_process_is_looked_for_is_not_lost(run, monkeypatch):
    change(run, state="running", pid=os.getpid(), process_start=process_start(os.getpid()))

    def ends_meanwhile(pid, start):
        change(run, state="stopped")
        return False

    monkeypatch.setattr(run_state, "is_running", ends_meanwhile)
    assert run.state() == "stopped"
    change(run, state="running")
    assert latest_states(run.path.parent.parent.parent) == {"digits.weft": "stopped"}
    change(run, state="running")
    assert SeenRuns(run.path.parent.parent.parent).states() == {run.id: "stopped"}
    change(run, state="running")
    follower = RunFollower(run)
    follower.look()
    assert follower.progress.state == "stopped"


def test_active_run_whose_process_runs_keeps_its_state(run):
    change(run, state="paused", pid=os.getpid(), process_start=process_start(os.getpid()))
    assert run.state() == "paused"


def test_ended_run_needs_no_process(run):
    change(run, state="finished", pid=0, process_start="")
    assert run.state() == "finished"


def test_run_of_another_machine_goes_by_its_heartbeat(run):
    change(run, state="running", machine="elsewhere", pid=1, heartbeat=1)
    assert run.state() == "lost"
    change(run, heartbeat=4e9)
    assert run.state() == "running"


def test_unreadable_run_is_lost_and_raises_nothing(tmp_path):
    run = RunDirectory(tmp_path / "gone")
    assert (run.state(), run.info(), run.columns(), run.metrics().shape[0]) == ("lost", {}, [], 0)


def test_pause_resume_and_stop_set_the_control_byte(run):
    seen = []
    for act in (run.pause, run.resume, run.stop):
        act()
        seen.append((run.path / "control").read_bytes())
    assert seen == [PAUSE, RUN, STOP]


def test_command_is_a_line_with_an_id(run):
    id_ = run.command("checkpoint")
    assert json.loads((run.path / "commands.jsonl").read_text()) == {"id": id_, "command": "checkpoint", "value": None}


def test_metrics_are_rows_of_the_columns(run):
    change(run, columns=["step", "epoch", "seconds", "loss"])
    np.array([[1, 1, 0.1, 2.5], [2, 1, 0.2, 2.25]], "<f8").tofile(run.path / "metrics.bin")
    assert run.metrics(start_row=1).tolist() == [[2, 1, 0.2, 2.25]]


def test_epochs_that_were_trained_again_count_once(run):
    lines = [
        {"event": "epoch", "epoch": 1, "metrics": {"loss": 3.0}},
        {"event": "epoch", "epoch": 2, "metrics": {"loss": 2.0}},
        {"event": "resumed", "step": 10, "epochs_done": 1},
        {"event": "epoch", "epoch": 2, "metrics": {"loss": 2.5}},
    ]
    (run.path / "events.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert [event["metrics"]["loss"] for event in run.epochs()] == [3.0, 2.5]


@pytest.mark.parametrize(("state", "why"), [("finished", "has finished"), ("diverged", "learning rate")])
def test_resume_is_refused_with_the_reason(run, state, why):
    change(run, state=state)
    with pytest.raises(RunRefused, match=why):
        refuse_to_resume(run)


@pytest.mark.parametrize("state", ["stopped", "failed", "running", "paused"])
def test_run_without_a_process_may_be_resumed(run, state):
    change(run, state=state, pid=os.getpid(), process_start="gone")
    refuse_to_resume(run)


def test_run_that_could_not_be_started_says_so(run):
    fail_unstarted(run, "No process could be started.")
    assert (run.state(), run.message()) == ("failed", "No process could be started.")


def test_run_that_diverged_is_taken_up_again_only_with_something_changed(run):
    change(run, state="diverged")
    with pytest.raises(RunRefused, match="lower learning rate, or fork"):
        refuse_to_resume(run)
    run.command("learning_rate", 0.001)
    refuse_to_resume(run)


def test_run_that_is_taken_up_again_is_queued_by_the_process_that_starts_it(run):
    change(run, state="stopped", pid=1, process_start="long ago", message="Stopped after step 7.")
    run.stop()
    requeue(run)
    assert (run.state(), run.message(), run.info()["pid"]) == ("queued", "", os.getpid())
    assert (run.path / "control").read_bytes() == RUN


def test_latest_states_are_those_of_the_newest_run_of_each_notebook(tmp_path):
    notebook = Notebook(cells=(TrainingCell(id="training_1", name="train"),))
    older = create_run(tmp_path, notebook, "train", notebook_name="a.weft")
    create_run(tmp_path, notebook, "train", notebook_name="b.weft")
    newer = create_run(tmp_path, notebook, "train", notebook_name="a.weft")
    fail_unstarted(newer, "no reason")
    (tmp_path / ".weftwork" / "runs" / "broken").mkdir()
    (tmp_path / ".weftwork" / "runs" / "broken" / "run.json").write_text("{")
    assert sorted([older.path.name, newer.path.name])[-1] == newer.path.name
    assert latest_states(tmp_path) == {"a.weft": "failed", "b.weft": "queued"}
    assert latest_states(tmp_path / "empty") == {}
