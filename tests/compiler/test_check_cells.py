"""Cells among each other: names, and what they use."""

from __future__ import annotations

import pytest
from network_text import accepted, broken_fixes, network, place, said

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
        (
            (
                DATA,
                NET,
                TRAIN.model_copy(update={"network": "look"}),
                EvaluationCell(id="e", name="look", training="train"),
            ),
            [("T425", "network")],
        ),
        ((DATA, NET, TextCell(id="t", name="prose", text="{{net.parameters}} of {{numbers.rows}}")), []),
        ((NET, TextCell(id="t", name="prose", text="{{nett.parameters}}, {{nett.parameters}}")), [("T426", "text")]),
        ((DATA, TextCell(id="t", name="prose", text="{{prose.rows}}")), [("T426", "text")]),
        ((DATA, TextCell(id="t", name="prose", text="{{numbers.row}} and `{{nothing.here}}`")), [("T427", "text")]),
    ],
)
def test_cells_that_use_each_other_wrongly_are_reported(given, expected):
    assert said(cells(*given)) == expected
    assert broken_fixes(Notebook(cells=given), lambda notebook: check(notebook).problems) == []


def test_a_missing_cell_can_be_added_where_it_is_needed():
    given = (NET, TRAIN.model_copy(update={"data": "rows"}))
    (problem,) = cells(*given)
    after = accepted(Notebook(cells=given), problem.fixes[0])
    assert [(cell.kind, cell.name) for cell in after.cells] == [
        ("network", "net"),
        ("data", "rows"),
        ("training", "train"),
    ]
    assert check(after).problems == ()


def test_a_circle_is_named_from_its_first_cell_and_opened_by_either_fix():
    look = EvaluationCell(id="e", name="look", training="train")
    (problem,) = cells(DATA, NET, TRAIN.model_copy(update={"network": "look"}), look)
    assert problem.message == "Cells use each other in a circle: train → look → train."
    assert [fix.title for fix in problem.fixes] == ["Let train not use look", "Let look not use train"]


def test_every_cell_near_a_missing_name_is_offered():
    others = [DataCell(id=f"d{n}", name=name) for n, name in enumerate(("oaks", "elms"))]
    (problem,) = cells(NET, *others, TRAIN.model_copy(update={"data": ""}))
    assert [fix.title for fix in problem.fixes] == ["Use oaks", "Use elms"]


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
