"""Trainings against their network and data: what would not train, or would learn something else."""

from __future__ import annotations

import pytest
from network_text import accepted, broken_fixes, said
from training_cases import CASES, ROWS, SPARSE, WARNINGS, head
from trainings import PRICES, checked, notebook_of

from weftwork.compiler.pipeline import check
from weftwork.compiler.specs import DataDescription


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
    # Every mistake has one, but a target of another rank, and a schedule whose steps and rates only a person knows.
    if expected and expected[-1][0] != "T408" and not name.startswith("a schedule w"):
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
