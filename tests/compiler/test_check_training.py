"""Trainings against their network and data: what would not train, or would learn something else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from network_text import accepted, broken_fixes, network, place, said
from trainings import DIGITS, ONE_HOT, PICTURES, PRICES, TUMOURS, checked, choice, notebook_of

from weftwork.compiler.document import (
    DataCell,
    EvaluationCell,
    ExportCell,
    Notebook,
    TextCell,
    TrainingCell,
)
from weftwork.compiler.pipeline import check
from weftwork.compiler.problems import Problem
from weftwork.compiler.specs import DataDescription, DataField


def head(units: int, activation: str = "linear", shape: str = "[30]") -> str:
    return f"""
        x: Input(shape={shape})
        last: Dense(units={units}, activation={activation!r}) <- x
        out: Output <- last
    """


def loss(kind: str, **params):
    return {"losses": {"out": choice(kind, **params)}}


SPARSE = loss("SparseCategoricalCrossentropy")
SPARSE_LOGITS = loss("SparseCategoricalCrossentropy", from_logits=True)
ROWS = replace(DIGITS, fields={**DIGITS.fields, "image": DataField("image", (30,))})
NUMBERS = DataDescription(fields={"x": DataField("x", (4,)), "y": DataField("y", (3,), role="target")}, rows=50)
WORDS = replace(PRICES, fields={**PRICES.fields, "features": DataField("features", (8,), "string")})
WHOLE = replace(PRICES, fields={**PRICES.fields, "features": DataField("features", (8,), "int32")})

# name: (text, settings of the training, data, codes and places)
CASES = {
    "digits as they should be": (head(10, "softmax"), {}, ROWS, []),
    "logits as they should be": (head(10), SPARSE_LOGITS, ROWS, []),
    "one unit for two classes": (head(1, "sigmoid"), loss("BinaryCrossentropy"), TUMOURS, []),
    "whole numbers for an Input of fractions": (head(1, shape="[8]"), {}, WHOLE, []),
    "an open size": (head(1, shape="[None]").replace("linear", "linear"), {}, PRICES, []),
    "another input shape": (head(1, shape="[7]"), {}, PRICES, [("T403", "x.shape")]),
    "an image without its channel": (
        "x: Input(shape=[8, 8])\nout: Output <- x",
        {"targets": {"out": "x"}},
        PICTURES,
        [("T403", "x.shape"), ("T408", "out.losses")],
    ),
    "fractions for an Input of whole numbers": (
        "x: Input(shape=[8], dtype='int32')\nlast: Dense(units=1) <- x\nout: Output <- last",
        {},
        PRICES,
        [("T404", "x.dtype")],
    ),
    "words for an Input of numbers": (head(1, shape="[8]"), {}, WORDS, [("T404", "x.dtype")]),
    "too few units for the classes": (head(9, "softmax"), SPARSE, ROWS, [("T409", "out.losses")]),
    "more units than classes": (head(11, "softmax"), SPARSE, ROWS, [("T409", "out.losses")]),
    "one unit for ten classes": (head(1, "sigmoid"), SPARSE, ROWS, [("T409", "out.losses")]),
    "one unit for two classes, as if for more": (head(1, "sigmoid"), SPARSE, TUMOURS, [("T409", "out.losses")]),
    "units that are not one for each of one-hot classes": (
        head(4, "softmax", "[4]"),
        loss("CategoricalCrossentropy"),
        ONE_HOT,
        [("T409", "out.losses")],
    ),
    "probabilities for logits": (head(10, "softmax"), SPARSE_LOGITS, ROWS, [("T410", "out.losses")]),
    "a probability for a logit": (
        head(1, "sigmoid"),
        loss("BinaryCrossentropy", from_logits=True),
        TUMOURS,
        [("T410", "out.losses")],
    ),
    "logits for probabilities": (head(10), SPARSE, ROWS, [("T411", "out.losses")]),
    "a logit for a probability": (head(1), loss("BinaryCrossentropy"), TUMOURS, [("T411", "out.losses")]),
    "relu for probabilities": (head(10, "relu"), SPARSE, ROWS, [("T411", "out.losses")]),
    "class numbers for one-hot": (
        head(10, "softmax"),
        loss("CategoricalCrossentropy"),
        ROWS,
        [("T412", "out.losses")],
    ),
    "one-hot for class numbers": (head(3, "softmax", "[4]"), SPARSE, ONE_HOT, [("T412", "out.losses")]),
    "a loss for classes on a quantity": (head(1, shape="[8]"), SPARSE_LOGITS, PRICES, [("T412", "out.losses")]),
    "two units for a binary loss": (head(2, "softmax"), loss("BinaryCrossentropy"), TUMOURS, [("T413", "out.losses")]),
    "one unit for ten classes, binary": (
        head(1, "sigmoid"),
        loss("BinaryCrossentropy"),
        ROWS,
        [("T413", "out.losses")],
    ),
    "a softmax over one unit": (head(1, "softmax"), loss("BinaryCrossentropy"), TUMOURS, [("T413", "out.losses")]),
    "squares for a probability": (head(1, "sigmoid"), loss("MeanSquaredError"), TUMOURS, [("T414", "out.losses")]),
    "squares for class numbers": (head(10, "softmax"), loss("MeanSquaredError"), ROWS, [("T414", "out.losses")]),
    "a quantity behind a softmax": (head(1, "softmax", "[8]"), {}, PRICES, [("T415", "out.losses")]),
    "several quantities behind a softmax": (head(3, "softmax", "[4]"), {}, NUMBERS, [("T415", "out.losses")]),
    "several numbers for one": (head(4, shape="[8]"), {}, PRICES, [("T408", "out.losses")]),
    "other sizes than the target": (head(4, shape="[4]"), {}, NUMBERS, [("T408", "out.losses")]),
    "pictures of classes for one class": (
        "x: Input(shape=[28, 28, 1])\nlast: Dense(units=10, activation='softmax') <- x\nout: Output <- last",
        {},
        DIGITS,
        [("T408", "out.losses")],
    ),
    "an unknown loss": (head(1, shape="[8]"), loss("mse"), PRICES, [("T416", "out.losses")]),
    "an unknown optimizer": (head(1, shape="[8]"), {"optimizer": choice("Adm")}, PRICES, [("T416", "optimizer")]),
    "an unknown metric": (
        head(1, shape="[8]"),
        {"metrics": {"out": (choice("MeanError"),)}},
        PRICES,
        [("T416", "out.metrics")],
    ),
    "an unknown callback": (
        head(1, shape="[8]"),
        {"callbacks": (choice("EarlyStop"), choice("TerminateOnNaN"))},
        PRICES,
        [("T416", "callbacks")],
    ),
    "a bad argument of the optimizer": (
        head(1, shape="[8]"),
        {"optimizer": choice("SGD", momentun=0.9)},
        PRICES,
        [("P302", "optimizer.momentun")],
    ),
    "a bad argument of a callback": (
        head(1, shape="[8]"),
        {"callbacks": (choice("EarlyStopping", patience="3"),)},
        PRICES,
        [("P304", "callbacks.patience")],
    ),
    "a bad argument of a loss": (
        head(1, shape="[8]"),
        loss("Huber", delta="one"),
        PRICES,
        [("P304", "out.losses.delta")],
    ),
    "settings for a node that is gone": (
        head(1, shape="[8]"),
        {"inputs": {"old": "features"}, "metrics": {"old": ()}},
        PRICES,
        [("T417", "inputs")],
    ),
    "no rows in a batch": (head(1, shape="[8]"), {"batch_size": 0}, PRICES, [("T418", "batch_size")]),
    "more rows in a batch than there are": (
        head(1, shape="[8]"),
        {"batch_size": 4096},
        PRICES,
        [("T418", "batch_size")],
    ),
    "no epochs": (head(1, shape="[8]"), {"epochs": 0}, PRICES, [("T419", "epochs")]),
    "batches of one with batch normalization": (
        "x: Input(shape=[8])\nn: BatchNormalization <- x\nlast: Dense(units=1) <- n\nout: Output <- last",
        {"batch_size": 1},
        PRICES,
        [("T421", "batch_size")],
    ),
    "a learning rate of nothing": (
        head(1, shape="[8]"),
        {"optimizer": choice("Adam", learning_rate=0)},
        PRICES,
        [("T422", "optimizer.learning_rate")],
    ),
    "a learning rate below nothing": (
        head(1, shape="[8]"),
        {"optimizer": choice("SGD", learning_rate=-0.1)},
        PRICES,
        [("T422", "optimizer.learning_rate")],
    ),
    "a learning rate that leaps": (
        head(1, shape="[8]"),
        {"optimizer": choice("Adam", learning_rate=10)},
        PRICES,
        [("T422", "optimizer.learning_rate")],
    ),
    "a schedule for the learning rate": (
        head(1, shape="[8]"),
        {
            "optimizer": choice(
                "Adam",
                learning_rate={
                    "kind": "CosineDecay",
                    "params": {"initial_learning_rate": 0.01, "decay_steps": 100},
                },
            )
        },
        PRICES,
        [],
    ),
    "an accuracy that counts equal numbers": (
        head(10, "softmax"),
        {"metrics": {"out": (choice("Accuracy"),)}},
        ROWS,
        [("T424", "out.metrics")],
    ),
    "an accuracy for a quantity": (
        head(1, shape="[8]"),
        {"metrics": {"out": (choice("MeanAbsoluteError"), choice("BinaryAccuracy"))}},
        PRICES,
        [("T424", "out.metrics")],
    ),
}
WARNINGS = {
    "more units than classes",
    "squares for a probability",
    "several quantities behind a softmax",
    "settings for a node that is gone",
    "more rows in a batch than there are",
    "batches of one with batch normalization",
    "a learning rate that leaps",
    "an accuracy that counts equal numbers",
    "an accuracy for a quantity",
}


@pytest.mark.parametrize("name", CASES)
def test_training_is_held_against_network_and_data(name):
    text, settings, data, expected = CASES[name]
    problems = checked(notebook_of(text, **settings), data).problems
    assert said(problems) == expected
    assert {problem.severity for problem in problems} <= ({"warning"} if name in WARNINGS else {"error"})


@pytest.mark.parametrize("name", CASES)
def test_fixes_mend_the_training(name):
    text, settings, data, expected = CASES[name]
    notebook = notebook_of(text, **settings)
    assert broken_fixes(notebook, lambda changed: checked(changed, data).problems) == []
    # Every mistake but a target of another rank has one.
    if expected and expected[-1][0] != "T408":
        assert all(problem.fixes for problem in checked(notebook, data).problems)


@pytest.mark.parametrize(
    "name",
    [
        *("too few units for the classes", "probabilities for logits", "logits for probabilities"),
        *("class numbers for one-hot", "two units for a binary loss", "a softmax over one unit"),
        *("one unit for ten classes, binary", "squares for class numbers", "a quantity behind a softmax"),
        *("several numbers for one", "other sizes than the target", "another input shape"),
        *("pictures of classes for one class", "words for an Input of numbers"),
    ],
)
def test_each_fix_leaves_nothing_to_mend(name):
    text, settings, data, _ = CASES[name]
    notebook = notebook_of(text, **settings)
    (problem,) = checked(notebook, data).problems
    for fix in problem.fixes:
        after = checked(accepted(notebook, fix), data).problems
        if name == "words for an Input of numbers":
            after = [found for found in after if found.code != "S207"]  # Words still want a TextVectorization.
        assert said(after) == [], fix.title


def fixes_of(name: str) -> list[str]:
    text, settings, data, _ = CASES[name]
    return [fix.title for problem in checked(notebook_of(text, **settings), data).problems for fix in problem.fixes]


def test_fixes_say_what_they_do():
    assert fixes_of("too few units for the classes") == ["Set units to 10"]
    assert fixes_of("two units for a binary loss") == [
        "Use SparseCategoricalCrossentropy",
        "Set units to 1, activation to sigmoid",
    ]
    assert fixes_of("logits for probabilities") == ["Let the loss expect logits", "Set activation to softmax"]
    assert fixes_of("pictures of classes for one class") == [
        "Insert Flatten before dense",
        "Insert GlobalAveragePooling2D before dense",
    ]
    assert fixes_of("another input shape") == ["Set the shape of input to (8)"]


def test_units_are_set_behind_an_activation_of_its_own():
    text = "x: Input(shape=[30])\nlast: Dense(units=9) <- x\nsoft: Softmax <- last\nout: Output <- soft"
    notebook = notebook_of(text, **SPARSE)
    (problem,) = checked(notebook, ROWS).problems
    mended = accepted(notebook, problem.fixes[0])
    assert mended.networks()[0].nodes["last"].params["units"] == 10
    assert checked(mended, ROWS).problems == ()


def test_input_is_blamed_in_the_network_and_related_to_the_training():
    text, settings, data, _ = CASES["another input shape"]
    (problem,) = checked(notebook_of(text, **settings), data).problems
    assert (problem.at.cell, problem.at.node) == ("net", "x")
    assert problem.message == "input takes (7), but features of numbers is (8)."
    assert [(at.cell, words) for at, words in problem.related] == [("train", "gives it features of numbers")]


def test_network_with_errors_is_not_held_against_the_data():
    notebook = notebook_of("x: Input(shape=[7])\nlast: Dense(units=0) <- x\nout: Output <- last")
    assert [problem.code for problem in check(notebook, data={"numbers": PRICES}).problems] == ["P305"]


def test_data_that_cannot_be_read_are_left_to_their_own_problems():
    notebook = notebook_of(head(1, shape="[7]"))
    assert checked(notebook, DataDescription()).problems == ()


def cells(*given) -> tuple[Problem, ...]:
    return check(Notebook(cells=given)).problems


NET = network("x: Input(shape=[4])\nlast: Dense(units=1) <- x\nout: Output <- last")
DATA = DataCell(id="data_1", name="numbers")
TRAIN = TrainingCell(id="train_1", name="train", network="net", data="numbers")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((DATA, NET, TRAIN), []),
        ((DATA, NET, TRAIN.model_copy(update={"network": "nett"})), [("T401", "network")]),
        ((DATA, NET, TRAIN.model_copy(update={"network": ""})), [("T401", "network")]),
        ((DATA, NET, TRAIN.model_copy(update={"network": "numbers"})), [("T402", "network")]),
        ((DATA, NET, TRAIN.model_copy(update={"network": "train"})), [("T402", "network")]),
        ((NET, TRAIN), [("T401", "data")]),
        ((DATA, NET, TRAIN, EvaluationCell(id="e", name="look", training="tran")), [("T401", "training")]),
        ((DATA, NET, TRAIN, ExportCell(id="e", name="take", training="net")), [("T402", "training")]),
        ((DATA, NET, TRAIN, ExportCell(id="e", name="take", training="take")), [("T402", "training")]),
        ((TextCell(id="a", name="prose"), TextCell(id="b", name="prose")), [("T423", "")]),
    ],
)
def test_cells_that_use_each_other_wrongly_are_reported(given, expected):
    assert said(cells(*given)) == expected
    assert broken_fixes(Notebook(cells=given), lambda notebook: check(notebook).problems) == []


def test_only_cell_of_the_right_kind_is_offered():
    (problem,) = cells(DATA, NET, TRAIN.model_copy(update={"network": "elsewhere"}))
    assert problem.message == "train uses network cell elsewhere, which does not exist."
    assert [fix.title for fix in problem.fixes] == ["Use net"]


def test_second_cell_of_a_name_is_the_one_to_rename():
    first, second = TextCell(id="a", name="prose"), TextCell(id="b", name="prose")
    (problem,) = cells(first, second)
    assert place(problem) == ""
    assert [cell.name for cell in accepted(Notebook(cells=(first, second)), problem.fixes[0]).cells] == [
        "prose",
        "prose 2",
    ]
