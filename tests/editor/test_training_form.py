"""The form of a training cell: every setting of Keras in it, each change one edit, each edit undone by its reset."""

from __future__ import annotations

from typing import Any

import pytest

from weftwork.compiler.apply_change import apply_all
from weftwork.compiler.catalogue import catalogue
from weftwork.compiler.document import Choice, DataCell, NetworkCell, Node, Notebook, TrainingCell, Wire
from weftwork.compiler.specs import DataDescription, DataField, NodeShapes, TensorSpec
from weftwork.compiler.training_choices import TrainingPlan
from weftwork.editor.cells.training_edits import TrainingEdits
from weftwork.editor.cells.training_groups import budget_group, precision_group
from weftwork.editor.cells.training_settings import training_form
from weftwork.editor.findings import Findings
from weftwork.editor.grouped_form import Form, grouped_html
from weftwork.editor.settings_form import Setting, read_value

PLAN = TrainingPlan(
    network="net",
    data="rows",
    inputs={"x": "features"},
    targets={"y": "kind"},
    losses={"y": Choice(kind="SparseCategoricalCrossentropy")},
    metrics={"y": (Choice(kind="SparseCategoricalAccuracy", params={"name": "accuracy"}),)},
)
DATA = DataDescription(
    fields={
        "features": DataField("features", (4,)),
        "kind": DataField("kind", (), "int32", "target", "category", ("a", "b", "c")),
        "trust": DataField("trust", (), role="weight"),
    },
    rows=100,
    validation_rows=20,
)


class Opened:
    """A notebook that was checked."""

    def __init__(self, **settings: Any) -> None:
        nodes = {
            "x": Node(kind="Input", params={"shape": [4]}),
            "first": Node(kind="Dense", params={"units": 3}, label="first"),
            "y": Node(kind="Output", label="kinds"),
        }
        wires = {
            "w0": Wire(source=("x", "output"), target=("first", "inputs", 0)),
            "w1": Wire(source=("first", "output"), target=("y", "inputs", 0)),
        }
        cell = TrainingCell(id="t", name="train", network="net", data="rows", **{"batch_size": 10, **settings})
        network = NetworkCell(id="n", name="net", nodes=nodes, wires=wires)
        self.notebook = Notebook(cells=(DataCell(id="d", name="rows"), network, cell))
        shapes = {"first": NodeShapes({"output": TensorSpec((None, 3))}, 15, 15)}
        self.findings = Findings(shapes={"net": shapes}, data={"rows": DATA})

    @property
    def cell(self) -> TrainingCell:
        cell = self.notebook.cell("train")
        assert isinstance(cell, TrainingCell)
        return cell

    def form(self) -> Form:
        return training_form(self, self.cell, None)  # pyright: ignore[reportArgumentType]

    def setting(self, name: str) -> Setting:
        return next(setting for setting in self.form().settings() if setting.name == name)

    def edits(self) -> TrainingEdits:
        network = self.notebook.cell("net")
        assert isinstance(network, NetworkCell)
        return TrainingEdits(self.cell, network=network, plan=PLAN, steps=100, rate=0.002, classes=("a", "b", "c"))

    def set(self, name: str, text: Any) -> Opened:
        """What a person does: types into a control of the form, which is read and becomes an edit."""
        value = read_value(self.setting(name), text)
        self.notebook = apply_all(self.notebook, self.edits().edit(name, value)[1])
        return self

    def reset(self, name: str) -> Opened:
        self.notebook = apply_all(self.notebook, self.edits().reset(name)[1])
        return self


@pytest.mark.parametrize("name", [n for n, e in catalogue().optimizers.items() if not e.unbuildable])
def test_every_argument_of_an_optimizer_stands_in_the_form(name):
    names = {setting.name for setting in Opened(optimizer=Choice(kind=name)).form().settings()}
    assert {f"optimizer.{argument}" for argument in catalogue().optimizers[name].parameters} <= names | {
        "optimizer.learning_rate"
    }


GATHER = "optimizer.gradient_accumulation_steps"
CHANGES = [
    ("learning_rate", "0.02", lambda cell: cell.optimizer.params == {"learning_rate": 0.02}),
    ("optimizer.beta_1", "0.8", lambda cell: cell.optimizer.params == {"beta_1": 0.8}),
    ("optimizer.clipnorm", "1", lambda cell: cell.optimizer.params == {"clipnorm": 1.0}),
    ("optimizer.use_ema", True, lambda cell: cell.optimizer.params == {"use_ema": True}),
    (
        "optimizer.gradient_accumulation_steps",
        "4",
        lambda cell: cell.optimizer.params["gradient_accumulation_steps"] == 4,
    ),
    ("loss:y", "Poisson", lambda cell: cell.losses["y"].kind == "Poisson"),
    ("loss-weight:y", "0.5", lambda cell: cell.options == {"loss_weights": {"y": 0.5}}),
    ("class_weight", "balanced", lambda cell: cell.options == {"class_weight": "balanced"}),
    ("sample_weight", False, lambda cell: cell.options == {"sample_weight": False}),
    ("weighted_metrics", True, lambda cell: cell.options == {"weighted_metrics": True}),
    ("precision", "mixed_bfloat16", lambda cell: cell.options == {"precision": "mixed_bfloat16"}),
    ("xla", "on", lambda cell: cell.options == {"xla": True}),
    ("xla", "fastest", lambda cell: cell.options == {"xla": "fastest"}),
    ("rate:first", "0.1", lambda cell: cell.options == {"rate_factors": {"first": 0.1}}),
]


@pytest.mark.parametrize(("name", "text", "expected"), CHANGES, ids=[f"{name} {text}" for name, text, _ in CHANGES])
def test_change_is_an_edit_is_marked_and_reset_takes_it_back(name, text, expected, monkeypatch):
    monkeypatch.setattr("weftwork.editor.cells.training_settings.plan_of", lambda *_: PLAN)
    opened = Opened()
    before = opened.cell
    assert not opened.setting(name).changed
    opened.set(name, text)
    assert expected(opened.cell), opened.cell
    assert opened.setting(name).changed
    assert opened.reset(name).cell == before


def test_value_that_is_the_default_is_left_out():
    opened = Opened(optimizer=Choice(kind="Adam", params={"beta_1": 0.5}))
    assert opened.set("optimizer.beta_1", "0.9").cell.optimizer.params == {}


def test_one_way_of_clipping_takes_the_place_of_another():
    opened = Opened().set("optimizer.clipnorm", "1").set("optimizer.clipvalue", "0.5")
    assert opened.cell.optimizer.params == {"clipvalue": 0.5}


def test_another_optimizer_keeps_what_both_take():
    opened = Opened(optimizer=Choice(kind="Adam", params={"learning_rate": 0.02, "beta_1": 0.5, "clipnorm": 1.0}))
    opened.set("optimizer", "SGD")
    assert (opened.cell.optimizer.kind, opened.cell.optimizer.params) == (
        "SGD",
        {"learning_rate": 0.02, "clipnorm": 1.0},
    )


@pytest.mark.parametrize("kind", [n for n, e in catalogue().schedules.items() if not e.unbuildable])
def test_schedule_begins_at_the_present_rate_and_can_be_taken_back(kind):
    from weftwork.compiler.schedule_curve import rates

    opened = Opened().set("schedule", kind)
    schedule = opened.cell.optimizer.params["learning_rate"]
    assert schedule["kind"] == kind
    found = rates(schedule, [0, 99])
    assert found is not None
    assert found[0] == pytest.approx(0.002)
    assert found[0] > found[1]
    assert opened.setting("schedule").changed
    assert opened.setting("learning_rate").value is None
    assert opened.reset("schedule").cell.optimizer.params == {"learning_rate": 0.002}


def test_arguments_of_a_schedule_are_edited():
    opened = Opened().set("schedule", "PiecewiseConstantDecay").set("schedule.boundaries", "10, 20")
    opened.set("schedule.values", "0.1 0.01, 1e-3")
    params = opened.cell.optimizer.params["learning_rate"]["params"]
    assert params == {"boundaries": [10, 20], "values": [0.1, 0.01, 0.001]}


def test_metrics_are_added_to_those_chosen_automatically_edited_and_removed(monkeypatch):
    monkeypatch.setattr("weftwork.editor.cells.training_settings.plan_of", lambda *_: PLAN)
    opened = Opened().set("add-metric:y", "MeanIoU").set("metric:y:1.name", "overlap")
    assert [(m.kind, m.params) for m in opened.cell.metrics["y"]] == [
        ("SparseCategoricalAccuracy", {"name": "accuracy"}),
        ("MeanIoU", {"num_classes": 3, "name": "overlap"}),
    ]
    opened.notebook = apply_all(opened.notebook, opened.edits().leave_out("metric:y:0")[1])
    assert [metric.kind for metric in opened.cell.metrics["y"]] == ["MeanIoU"]


def test_callbacks_are_added_edited_and_removed():
    opened = Opened().set("add-callback", "ReduceLROnPlateau").set("callback:0.factor", "0.5").set("patience", "4")
    kinds = [(callback.kind, callback.params) for callback in opened.cell.callbacks]
    assert kinds == [
        ("ReduceLROnPlateau", {"factor": 0.5}),
        ("EarlyStopping", {"patience": 4, "restore_best_weights": True}),
    ]
    opened.notebook = apply_all(opened.notebook, opened.edits().leave_out("callback:0")[1])
    assert [callback.kind for callback in opened.cell.callbacks] == ["EarlyStopping"]
    assert opened.set("patience", "").cell.callbacks == ()


def test_callbacks_that_a_run_refuses_are_not_offered():
    offered = dict(Opened().setting("add-callback").choices)
    assert {"EarlyStopping", "ReduceLROnPlateau", "TerminateOnNaN", "SwapEMAWeights"} <= set(offered)
    assert not {"LearningRateScheduler", "CSVLogger", "RemoteMonitor", "ModelCheckpoint"} & set(offered)


def test_layer_is_frozen_and_let_learn_again():
    opened = Opened().set("learns:first", False)
    network = opened.notebook.networks()[0]
    assert network.nodes["first"].params == {"units": 3, "trainable": False}
    assert opened.reset("learns:first").notebook.networks()[0].nodes["first"].params == {"units": 3}


def test_folded_groups_say_what_is_in_them():
    opened = Opened(
        optimizer=Choice(kind="Adam", params={"clipnorm": 1.0}),
        callbacks=(Choice(kind="TerminateOnNaN"),),
        options={"xla": True, "rate_factors": {"first": 0.1}},
    )
    words = {group.name: group.words for group in opened.form().groups}
    assert words == {
        "optimizer": "clip norm of a weight 1",
        "schedule": "the learning rate stays as it is",
        "losses": "",
        "weights": "by trust",
        "callbacks": "TerminateOnNaN",
        "budget": "its epochs",
        "speed": "float32, XLA on",
        "devices": "one device",
        "layers": "1 at a rate of its own",
    }
    html = grouped_html(opened.form(), {}, of="train")
    assert 'data-testid="group:train:schedule"' in html
    assert 'aria-label="Reset Clip norm of a weight of train"' in html


def test_settings_that_a_file_has_wrong_are_shown_and_not_lost():
    opened = Opened(
        optimizer=Choice(kind="Adam", params={"beta_1": "high", "learning_rate": {"kind": "Wave", "params": 3}}),
        callbacks=(Choice(kind="Unheard"),),
        options={"precision": "float8", "class_weight": 3, "rate_factors": [1]},
    )
    html = grouped_html(opened.form(), {}, of="train")
    assert "high" in html
    assert "Wave" in html
    assert "Unheard" in html


def test_threads_are_an_option_that_is_left_out_again():
    edits = TrainingEdits(TrainingCell(id="t", name="train"))
    _, given = edits.edit("threads", 3)
    assert [(change.field, change.key, change.value) for change in given] == [("options", "threads", 3)]
    assert [change.value for change in edits.reset("threads")[1]] == [None]
    assert precision_group(TrainingCell(id="t", name="train"), "").words == "float32, XLA off"
    chosen = TrainingCell(id="t", name="train", options={"threads": 1})
    assert precision_group(chosen, "").words == "float32, XLA off, 1 thread"


def test_budget_is_an_option_that_is_left_out_again():
    edits = TrainingEdits(TrainingCell(id="t", name="train"))
    _, given = edits.edit("budget_seconds", 90.0)
    assert [(change.field, change.key, change.value) for change in given] == [("options", "budget_seconds", 90.0)]
    _, taken = edits.reset("budget_seconds")
    assert [(change.key, change.value) for change in taken] == [("budget_seconds", None)]
    cell = TrainingCell(id="t", name="train", options={"budget_seconds": 90.0, "budget_steps": 1000})
    assert budget_group(cell).words == "90 s or 1,000 steps"
    assert budget_group(TrainingCell(id="t", name="train")).words == "its epochs"
