"""The panel of a run: what can be done in which state, and what each gesture asks of the run. No browser, no Keras."""

import json
import shutil
from types import SimpleNamespace

import pytest

from weftwork.compiler.document import Notebook, TrainingCell
from weftwork.editor.cells.run_follower import Progress
from weftwork.editor.cells.run_hand import RunHand
from weftwork.runtime.control import STEP
from weftwork.runtime.kept_checkpoints import kept_checkpoints
from weftwork.runtime.run_directory import create_run, list_runs

LIVE = [
    {"of": "optimizer", "parameter": "learning_rate", "value": 0.01, "least": 0.0, "most": None},
    {"of": "rest", "parameter": "rate", "value": 0.3, "least": 0.0, "most": 1.0},
]


class Host:
    """Takes runs."""

    def __init__(self):
        self.runs = []

    def start_run(self, run):
        self.runs.append(run)


@pytest.fixture
def run(tmp_path):
    book = Notebook(cells=(TrainingCell(id="training_1", name="train"),))
    run = create_run(tmp_path, book, "train", notebook_name="a.weft", facts={"live": LIVE})
    for step in (32, 7):
        folder = run.path / "checkpoints" / f"step-{step:010d}"
        folder.mkdir()
        position = {"step": step, "epoch": step // 32, "step_in_epoch": step % 32}
        (folder / "state.json").write_text(json.dumps({"position": position}))
    (run.path / "checkpoints" / "best.json").write_text('{"name": "step-0000000032", "value": 0.2}')
    tell(run, epochs=3, steps_per_epoch=32)
    return run


def tell(run, **facts):
    (run.path / "run.json").write_text(json.dumps({**run.info(), **facts}))


@pytest.fixture
def hand(run):
    def at_once(work, done):
        try:
            done(work(), None)
        except Exception as error:
            done(None, error)

    context = SimpleNamespace(host=Host(), background=at_once)
    forked = []
    hand = RunHand(context, lambda: "train", forked.append)
    hand.forked, hand.host = forked, context.host
    return hand


def show(hand, run, state):
    hand.show(run, Progress(state=state))
    return hand.view.html


def commands(run):
    return [json.loads(line) for line in (run.path / "commands.jsonl").read_text().splitlines()]


def send(hand, action, **message):
    hand.heard({"action": action, **message})


def test_single_steps_wait_for_a_pause(hand, run):
    assert 'data-testid="step-batch:train" aria-disabled="true"' in show(hand, run, "running").replace("'", '"')
    assert "aria-disabled" not in show(hand, run, "paused")
    send(hand, "step-batch")
    send(hand, "step-epoch")
    send(hand, "keep")
    assert (run.path / "control").read_bytes() == STEP
    asked = [(line["command"], line["value"]) for line in commands(run)]
    assert asked == [("step", "batch"), ("step", "epoch"), ("checkpoint", "pin")]


def test_changed_setting_is_asked_of_the_run_and_a_fault_is_not(hand, run):
    show(hand, run, "running")
    send(hand, "set", field="live:optimizer:learning_rate", value="0.002")
    send(hand, "set", field="live:rest:rate", value="1.0")
    assert "This must be less than 1" in hand.view.html
    assert [line["value"] for line in commands(run)] == [
        {"of": "optimizer", "parameter": "learning_rate", "value": 0.002}
    ]


def test_setting_for_a_run_that_diverged_waits_for_its_resume(hand, run):
    assert "Go on with" in show(hand, run, "diverged")
    send(hand, "set", field="live:optimizer:learning_rate", value="0.001")
    assert 'value="0.001"' in hand.view.html
    assert len(commands(run)) == 1


def test_answer_of_the_run_is_told(hand, run):
    value = {"of": "rest", "parameter": "rate", "value": 0.5}
    tell(run, answer={"command": "set", "value": value, "accepted": True, "message": "", "step": 1234})
    assert "rest: rate is 0.5 since step 1,234." in show(hand, run, "running")
    tell(run, answer={"command": "set", "value": value, "accepted": False, "message": "No such thing.", "step": 0})
    assert "No such thing." in show(hand, run, "running")


def test_fork_begins_at_the_chosen_checkpoint_with_what_was_typed(hand, run):
    html = show(hand, run, "finished")
    assert "step 32, best" in html
    assert "step 7" in html
    send(hand, "set", field="fork:step", value="7")
    send(hand, "set", field="fork:rate", value="0.5")
    send(hand, "set", field="fork:epochs", value="9")
    send(hand, "fork")
    assert len(hand.forked) == 1
    fork = hand.forked[0]
    assert hand.host.runs == [fork]
    assert (fork.info()["parent"], fork.info()["options"]) == ({"run": run.id, "step": 7}, {"epochs": 9})
    assert commands(fork)[0]["value"] == {"of": "optimizer", "parameter": "learning_rate", "value": 0.5}


def test_chosen_checkpoint_is_kept_for_good_and_one_that_is_gone_is_told(hand, run):
    assert "keep-chosen:train" in show(hand, run, "running")
    send(hand, "set", field="fork:step", value="7")
    send(hand, "keep-chosen")
    assert [(one.step, one.pinned) for one in kept_checkpoints(run.path)] == [(32, False), (7, True)]
    assert "step 7, kept" in hand.view.html
    assert "keep-chosen:train" not in hand.view.html
    send(hand, "set", field="fork:step", value="32")
    shutil.rmtree(run.path / "checkpoints" / "step-0000000032")
    send(hand, "keep-chosen")
    assert "It could not be kept" in hand.view.html


def test_fork_that_has_no_epochs_left_is_refused_with_the_reason(hand, run, tmp_path):
    show(hand, run, "finished")
    send(hand, "set", field="fork:epochs", value="1")
    send(hand, "fork")
    assert "a fork needs more of them" in hand.view.html
    assert list_runs(tmp_path) == [run]
