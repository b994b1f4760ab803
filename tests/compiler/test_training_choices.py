"""What a training cell leaves open is chosen as a person would, and said to be chosen."""

from __future__ import annotations

import pytest
from network_text import accepted, said
from trainings import DIGITS, ONE_HOT, PICTURES, PRICES, TUMOURS, checked, choice, losses, notebook_of

from weftwork.compiler.document import TrainingCell
from weftwork.compiler.problems import Problem
from weftwork.compiler.specs import DataDescription, DataField
from weftwork.compiler.training_choices import TrainingPlan, plan_training


def planned(text: str, data: DataDescription, **settings) -> tuple[TrainingPlan, list[Problem]]:
    notebook = notebook_of(text, **settings)
    cell = notebook.cell("train")
    assert isinstance(cell, TrainingCell)
    return plan_training(notebook, cell, checked(notebook, data).programs["net"], data)


def head(units: int, activation: str | None = None, shape: str = "[30]") -> str:
    return f"""
        x: Input(shape={shape})
        last: Dense(units={units}, activation={activation!r}) <- x
        out: Output <- last
    """


def test_digits_are_planned_without_a_word_from_the_user():
    text = """
        x: Input(shape=[28, 28, 1])
        flat: Flatten <- x
        last: Dense(units=10, activation='softmax') <- flat
        out: Output <- last
    """
    assert planned(text, DIGITS) == (
        TrainingPlan(
            network="net",
            data="numbers",
            inputs={"x": "image"},
            targets={"out": "digit"},
            losses={"out": choice("SparseCategoricalCrossentropy")},
            metrics={"out": (choice("SparseCategoricalAccuracy", name="accuracy"),)},
            optimizer=choice("Adam"),
            automatic=("inputs.x", "targets.out", "losses.out", "metrics.out"),
        ),
        [],
    )


def test_what_the_user_chose_is_kept_and_is_not_automatic():
    plan, problems = planned(
        head(1, shape="[8]"),
        PRICES,
        inputs={"x": "features"},
        targets={"out": "price"},
        losses={"out": choice("Huber")},
        metrics={"out": ()},
        optimizer=choice("SGD", learning_rate=0.1),
        batch_size=5,
        epochs=3,
        seed=4,
    )
    assert problems == []
    assert plan.automatic == ()
    assert losses(plan.losses) == {"out": ("Huber", {})}
    assert plan.metrics == {"out": ()}
    assert (plan.optimizer.kind, plan.batch_size, plan.epochs, plan.seed) == ("SGD", 5, 3, 4)


LOGITS = {"from_logits": True}


@pytest.mark.parametrize(
    ("units", "activation", "data", "shape", "loss", "metric"),
    [
        (10, "softmax", DIGITS, "[30]", ("SparseCategoricalCrossentropy", {}), "SparseCategoricalAccuracy"),
        (10, None, DIGITS, "[30]", ("SparseCategoricalCrossentropy", LOGITS), "SparseCategoricalAccuracy"),
        (2, "softmax", TUMOURS, "[30]", ("SparseCategoricalCrossentropy", {}), "SparseCategoricalAccuracy"),
        (1, "sigmoid", TUMOURS, "[30]", ("BinaryCrossentropy", {}), "BinaryAccuracy"),
        (1, None, TUMOURS, "[30]", ("BinaryCrossentropy", LOGITS), "BinaryAccuracy"),
        (3, "softmax", ONE_HOT, "[4]", ("CategoricalCrossentropy", {}), "CategoricalAccuracy"),
        (3, None, ONE_HOT, "[4]", ("CategoricalCrossentropy", LOGITS), "CategoricalAccuracy"),
        (3, "sigmoid", ONE_HOT, "[4]", ("BinaryCrossentropy", {}), "BinaryAccuracy"),
        (1, None, PRICES, "[8]", ("MeanSquaredError", {}), "MeanAbsoluteError"),
    ],
)
def test_loss_and_metric_follow_the_target_and_the_last_activation(units, activation, data, shape, loss, metric):
    plan, _ = planned(head(units, activation, shape), data)
    assert losses(plan.losses) == {"out": loss}
    assert [chosen.kind for chosen in plan.metrics["out"]] == [metric]


def test_classes_are_measured_under_the_name_accuracy():
    plan, _ = planned(head(1), TUMOURS)
    assert plan.metrics["out"] == (choice("BinaryAccuracy", name="accuracy", threshold=0.0),)


@pytest.mark.parametrize(
    "tail",
    [
        "soft: Softmax <- last\nout: Output <- soft",
        "soft: ops.softmax <- last\nout: Output <- soft",
        "soft: Activation(activation='softmax') <- last\noff: Dropout(rate=0.1) <- soft\nout: Output <- off",
        "soft: Softmax <- last\noff: Dense(units=3) [muted] <- soft\nout: Output <- off",
    ],
)
def test_activation_is_found_behind_what_passes_it_on(tail):
    plan, _ = planned("x: Input(shape=[30])\nlast: Dense(units=10) <- x\n" + tail, DIGITS)
    assert losses(plan.losses) == {"out": ("SparseCategoricalCrossentropy", {})}


def test_activation_is_found_in_a_wrapped_layer():
    text = """
        x: Input(shape=[5, 4])
        each: TimeDistributed(layer={'kind': 'Dense', 'params': {'units': 3, 'activation': 'softmax'}}) <- x
        out: Output <- each
    """
    steps = DataField("steps", (5,), "int32", "target", "category", ("a", "b", "c"))
    data = DataDescription(fields={"x": DataField("x", (5, 4), content="series"), "steps": steps}, rows=50)
    plan, _ = planned(text, data)
    assert losses(plan.losses) == {"out": ("SparseCategoricalCrossentropy", {})}


TWO = """
    a: Input(shape=[4]) [label=left]
    b: Input(shape=[{b}]) [label=right]
    one: Dense(units=1) <- a
    two: Dense(units=1) <- b
    y: Output [label={y}] <- one
    z: Output [label=z] <- two
"""


def two_of(left: str, right: str, size: int) -> DataDescription:
    fields = [
        DataField(left, (4,)),
        DataField(right, (size,)),
        DataField("y", (), role="target"),
        DataField("z", (), role="target"),
    ]
    return DataDescription(fields={field.name: field for field in fields}, rows=50)


def test_fields_go_by_name_first():
    plan, problems = planned(TWO.format(b=4, y="y"), two_of("right", "left", 4))
    assert problems == []
    assert plan.inputs == {"a": "left", "b": "right"}
    assert plan.targets == {"y": "y", "z": "z"}


def test_fields_go_by_shape_where_names_say_nothing():
    plan, problems = planned(TWO.format(b=6, y="y"), two_of("p", "q", 6))
    assert (plan.inputs, problems) == ({"a": "p", "b": "q"}, [])


def test_the_last_one_left_takes_the_last_field():
    plan, problems = planned(TWO.format(b=4, y="price"), two_of("left", "q", 4))
    assert (plan.inputs, plan.targets, problems) == ({"a": "left", "b": "q"}, {"y": "y", "z": "z"}, [])


def test_doubt_is_a_problem_that_names_the_fields():
    data = two_of("p", "q", 4)
    notebook = notebook_of(TWO.format(b=4, y="y"))
    first, second = checked(notebook, data).problems
    assert said([first, second]) == [("T406", "a.inputs"), ("T406", "b.inputs")]
    assert first.message == "left could get any of 2 data fields: p, q."
    settled = checked(accepted(notebook, first.fixes[0]), data)
    assert settled.problems == ()


def test_input_is_the_target_where_the_data_have_none():
    text = "x: Input(shape=[8, 8, 1])\nlast: Dense(units=1) <- x\nout: Output <- last"
    plan, problems = planned(text, PICTURES)
    assert problems == []
    assert plan.targets == {"out": "x"}
    assert losses(plan.losses) == {"out": ("MeanSquaredError", {})}
    assert plan.metrics["out"] == (choice("MeanAbsoluteError", name="mae"),)


def test_input_may_be_named_as_the_target():
    text = "x: Input(shape=[30])\nlast: Dense(units=30) <- x\nout: Output <- last"
    plan, problems = planned(text, TUMOURS, targets={"out": "x"})
    assert (plan.targets, problems) == ({"out": "x"}, [])
    assert losses(plan.losses) == {"out": ("MeanSquaredError", {})}


def test_missing_target_is_a_problem_that_offers_the_input():
    notebook = notebook_of("x: Input(shape=[8, 8, 1])\nlast: Dense(units=3) <- x\nout: Output <- last")
    (problem,) = checked(notebook, PICTURES).problems
    assert said([problem]) == [("T407", "out.targets")]
    assert [fix.title for fix in problem.fixes] == ["Learn to give back input"]


def test_more_outputs_than_targets_is_a_problem():
    plan, problems = planned("x: Input(shape=[8])\na: Dense(units=1) <- x\ny: Output <- a\nz: Output <- a", PRICES)
    assert [problem.code for problem in problems] == ["T406", "T406"]
    assert plan.losses == {}


def test_field_that_the_data_do_not_have_is_a_problem():
    notebook = notebook_of(head(1, shape="[8]"), inputs={"x": "feature"}, targets={"out": "prize"})
    problems = checked(notebook, PRICES).problems
    assert said(problems) == [("T405", "x.inputs"), ("T405", "out.targets")]
    mended = accepted(accepted(notebook, problems[0].fixes[0]), problems[1].fixes[0])
    assert checked(mended, PRICES).problems == ()


@pytest.mark.keras
@pytest.mark.parametrize(
    ("units", "activation", "data"),
    [(10, "softmax", DIGITS), (10, None, DIGITS), (1, None, TUMOURS), (3, None, ONE_HOT), (1, None, PRICES)],
)
def test_chosen_loss_and_metrics_can_be_made_and_computed(units, activation, data):
    import numpy as np

    from weftwork.runtime.compile_model import make

    target = next(field for field in data.fields.values() if field.role == "target")
    plan, _ = planned(head(units, activation), data)
    predicted = np.full((4, units), 0.25, "float32")
    wanted = np.zeros((4, *target.shape), target.dtype)
    assert np.isfinite(float(make(plan.losses["out"], "loss")(wanted, predicted)))
    for metric in plan.metrics["out"]:
        made = make(metric, "metric")
        made.update_state(wanted, predicted)
        assert np.isfinite(float(made.result()))
