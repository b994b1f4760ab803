"""The list of preparation steps and the table of columns, edited without a browser."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from weftwork.compiler.apply_change import apply_all
from weftwork.compiler.document import DataCell, Notebook
from weftwork.editor.cells.data_columns import column_table, heard_column
from weftwork.editor.cells.data_steps import Steps
from weftwork.editor.cells.step_words import STEPS
from weftwork.runtime.data import preparation_steps

COLUMNS = [
    {"name": "size", "type": "number", "shown": "whole", "role": "feature", "missing": 3, "outliers": 2},
    {"name": "kind", "type": "category", "shown": "category", "role": "target", "declared": True},
]


@dataclass
class Desk:
    """Carries out changes as an open notebook does."""

    notebook: Notebook = field(default_factory=lambda: Notebook(cells=(DataCell(id="d", name="data"),)))

    def perform(self, label, *changes):
        self.notebook = apply_all(self.notebook, changes)

    def cell(self):
        return self.notebook.cells[0]


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def steps(desk):
    steps = Steps(desk, desk.cell)
    steps.columns = COLUMNS
    return steps


def said(desk):
    return [(step.step, step.columns, step.params) for step in desk.cell().preparation]


def add(steps, *names):
    for name in names:
        assert steps.heard({"action": "add-step", "value": name})


def test_steps_are_added_moved_and_removed(desk, steps):
    add(steps, "standardise", "log", "drop_missing")
    assert [step.step for step in desk.cell().preparation] == ["drop_missing", "standardise", "log"]
    steps.heard({"action": "step-up", "value": "2"})
    steps.heard({"action": "step-down", "value": "0"})
    assert [step.step for step in desk.cell().preparation] == ["log", "drop_missing", "standardise"]
    steps.heard({"action": "remove-step", "value": "1"})
    assert [step.step for step in desk.cell().preparation] == ["log", "standardise"]


def test_columns_and_parameters_of_a_step_are_chosen(desk, steps):
    add(steps, "bucketise")
    steps.heard({"action": "set", "field": "step-column:0:size", "value": True})
    steps.heard({"action": "set", "field": "step0-bins", "value": "7"})
    assert said(desk) == [("bucketise", ("size",), {"bins": 7})]
    steps.heard({"action": "set", "field": "step-column:0:size", "value": False})
    steps.heard({"action": "set", "field": "step0-bins", "value": "many"})
    assert said(desk) == [("bucketise", (), {"bins": 7})]
    assert "This must be a whole number" in str(steps.html())


def test_constant_of_a_gap_is_a_number_where_it_reads_as_one(desk, steps):
    add(steps, "impute")
    steps.heard({"action": "set", "field": "step0-strategy", "value": "constant"})
    steps.heard({"action": "set", "field": "step0-value", "value": "7"})
    assert said(desk)[0][2] == {"strategy": "constant", "value": 7.0}
    steps.heard({"action": "set", "field": "step0-value", "value": "none"})
    assert said(desk)[0][2] == {"strategy": "constant", "value": "none"}
    steps.heard({"action": "set", "field": "step0-strategy", "value": "mean"})
    assert said(desk)[0][2] == {"strategy": "mean"}


def test_type_and_role_are_chosen_and_forgotten(desk):
    for field_, value in (("type:kind", "text"), ("role:size", "weight"), ("role:size", "nonsense")):
        heard_column(desk, desk.cell(), {"action": "set", "field": field_, "value": value})
    assert (desk.cell().types, desk.cell().roles) == ({"kind": "text"}, {"size": "weight"})
    assert heard_column(desk, desk.cell(), {"action": "set", "field": "type:kind", "value": "infer"})
    assert desk.cell().types == {}


def test_table_names_its_controls_and_counts(desk):
    html = str(column_table(COLUMNS, "data"))
    assert 'aria-label="Type of size"' in html
    assert 'aria-label="Role of kind"' in html
    assert html.count("<select") == 4
    assert "Infer again" in html
    assert "<select" not in str(column_table(COLUMNS))


def test_page_knows_the_steps_that_data_have():
    assert set(STEPS) == set(preparation_steps.STEP_CONTENTS)
