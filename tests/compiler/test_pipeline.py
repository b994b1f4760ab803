"""The whole check: what it gives, how passes go on, and that nothing is asked twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from network_text import network, said
from trainings import DIGITS, LastSizes, notebook_of

from weftwork.compiler import pipeline, plugins
from weftwork.compiler.apply_change import apply
from weftwork.compiler.changes import MoveNodes, SetParameter
from weftwork.compiler.document import NetworkCell, Notebook, Position, TextCell
from weftwork.compiler.pipeline import PASSES, check, check_network
from weftwork.compiler.problem_codes import CODES
from weftwork.compiler.problems import Problem
from weftwork.compiler.specs import NodeShapes, TensorSpec

ROOT = Path(pipeline.__file__).parent.parent

DIGIT_NETWORK = """
    x: Input(shape=[28, 28, 1])
    flat: Flatten <- x
    last: Dense(units=10, activation='softmax') <- flat
    out: Output <- last
"""


class Counting(LastSizes):
    def __init__(self) -> None:
        self.asked: list[str] = []

    def infer(self, network: NetworkCell) -> dict[str, NodeShapes]:
        self.asked.append(network.name)
        return super().infer(network)


def two_networks() -> Notebook:
    return Notebook(
        cells=(network(DIGIT_NETWORK, name="one", id="net_1"), network(DIGIT_NETWORK, name="two", id="net_2"))
    )


def test_empty_notebook_has_no_problems():
    assert check(Notebook()) == pipeline.Checked()


def test_sound_notebook_gives_shapes_and_programs_and_no_problems():
    checked = check(notebook_of(DIGIT_NETWORK), oracle=LastSizes(), data={"numbers": DIGITS})
    assert checked.problems == ()
    assert checked.shapes["net"]["last"].outputs["output"] == TensorSpec((None, 10))
    assert [call.node for call in checked.programs["net"].calls] == ["flat", "last"]
    assert checked.programs["net"].shapes == {
        node: checked.shapes["net"][node] for node in ("x", "flat", "last", "out")
    }


def test_structural_checks_alone_give_a_program():
    checked = check(notebook_of(DIGIT_NETWORK))
    assert (checked.problems, checked.shapes) == ((), {"net": {}})
    assert list(checked.programs) == ["net"]


def test_several_mistakes_are_all_reported():
    cell = network("""
        x: Input(shape=[4])
        a: Dens(units=3) <- x
        b: Dense(unts=3) <- a
        c: ops.add <- x1=b
        out: Output <- c
        lost: Flatten
    """)
    assert said(check(Notebook(cells=(cell,))).problems) == [
        ("P301", "a"),
        ("P302", "b.unts"),
        ("W101", "c.x2"),
        ("W109", "lost"),
    ]


def test_problem_in_one_network_leaves_the_other_its_program():
    broken = network("x: Input(shape=[4])", name="broken", id="net_9")
    checked = check(Notebook(cells=(*two_networks().cells, broken)))
    assert set(checked.programs) == {"one", "two"}


def test_warnings_do_not_keep_a_network_from_being_built():
    checked = check(Notebook(cells=(network(DIGIT_NETWORK + "lost: Flatten"),)))
    assert said(checked.problems) == [("W109", "lost")]
    assert list(checked.programs) == ["net"]


def test_edit_of_one_network_asks_only_for_that_one():
    oracle, notebook = Counting(), two_networks()
    check(notebook, oracle=oracle)
    edited = apply(notebook, SetParameter(cell="net_2", node="last", parameter="units", value=5))
    checked = check(edited, oracle=oracle)
    assert oracle.asked == ["one", "two", "two"]
    assert checked.shapes["two"]["last"].outputs["output"].shape == (None, 5)


def test_moving_nodes_and_writing_prose_ask_nothing():
    oracle, notebook = Counting(), two_networks()
    before = check(notebook, oracle=oracle)
    moved = apply(notebook, MoveNodes(cell="net_1", positions={"last": Position(3, 4)}))
    with_prose = moved.model_copy(update={"cells": (*moved.cells, TextCell(id="t", name="prose"))})
    assert check(with_prose, oracle=oracle) == before
    assert len(oracle.asked) == 2


def test_renamed_network_is_named_anew():
    notebook = Notebook(cells=(network("x: Input(shape=[4])"),))
    check(notebook)
    renamed = notebook.cells[0].model_copy(update={"name": "other"})
    assert {problem.at.cell for problem in check(Notebook(cells=(renamed,))).problems} == {"other"}


def test_another_oracle_is_asked_again():
    notebook = two_networks()
    first, second = Counting(), Counting()
    check(notebook, oracle=first)
    check(notebook, oracle=second)
    assert second.asked == ["one", "two"]


def test_plugin_checks_see_what_arrives(monkeypatch):
    seen = []

    def look(node, specs):
        seen.append(specs)
        return ["Too deep."]

    monkeypatch.setattr(plugins, "plugins", lambda: plugins.Plugins({}, {"Dense": look, "Add": look}, ()))
    cell = network("""
        x: Input(shape=[4])
        one: Dense(units=3) <- x
        sum: Add <- one, one
        two: Dense(units=2) [muted] <- sum
        out: Output <- two
    """)
    checked = check_network(cell, LastSizes())
    assert seen == [
        {"inputs": TensorSpec((None, 4))},
        {"inputs": (TensorSpec((None, 3)), TensorSpec((None, 3)))},
    ]
    assert said(checked.problems) == [("P314", "one"), ("P314", "sum")]


def test_each_pass_is_called_like_its_file():
    assert [one.__module__.rpartition(".")[2] for one in PASSES] == [one.__name__ for one in PASSES]


def test_thousand_nodes_give_a_thousand_calls():
    lines = [
        "n0: Input(shape=[8])",
        *(f"n{i}: Dense(units={i}) <- n{i - 1}" for i in range(1, 1001)),
        "out: Output <- n1000",
    ]
    checked = check(Notebook(cells=(network("\n".join(lines)),)))
    assert checked.problems == ()
    assert len(checked.programs["net"].calls) == 1000


def codes_in(folder: str) -> set[str]:
    """Every code that the sources of a folder mention in quotes."""
    return {
        code
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "problem_codes.py"
        for code in re.findall(r'"([WSPTDF]\d{3})"', path.read_text(encoding="utf-8"))
    }


def test_every_code_in_use_is_registered():
    used = set().union(*(codes_in(folder) for folder in ("compiler", "runtime", "editor", "gallery")))
    assert sorted(used - set(CODES)) == []


def test_every_code_is_explained_by_one_sentence():
    for code, sentence in CODES.items():
        assert re.fullmatch(r"[A-Z][^.]*\.", sentence), code


def test_problem_becomes_json_with_its_place():
    (problem,) = check(Notebook(cells=(network(DIGIT_NETWORK.replace("units=10, ", "")),))).problems
    assert isinstance(problem, Problem)
    assert problem.to_json() == {
        "code": "P303",
        "severity": "error",
        "message": "dense needs a value for units.",
        "at": {"cell": "net", "node": "last", "port": "", "parameter": "units"},
        "help": problem.help,
        "fixes": ["Set units to 32"],
    }


@pytest.mark.keras
def test_keras_finds_nothing_to_add_to_a_sound_network():
    from weftwork.compiler.shapes import KerasShapes

    checked = check(notebook_of(DIGIT_NETWORK), oracle=KerasShapes(), data={"numbers": DIGITS})
    assert checked.problems == ()
    assert checked.shapes["net"]["last"].parameters == 7850
