"""A press on a fix is never lost, however it falls between an edit and what is found out about it. No browser."""

from __future__ import annotations

import re

import pytest

from weftwork.compiler.changes import SetField
from weftwork.compiler.document import DataCell, Notebook, Preparation
from weftwork.compiler.problems import Fix, Location, Problem
from weftwork.compiler.specs import DataDescription, DataField
from weftwork.compiler.write_notebook import write_notebook
from weftwork.editor.findings import Findings
from weftwork.editor.notices import StatusChanged
from weftwork.editor.open_notebook import OpenNotebook
from weftwork.editor.pages.notebook_page import NotebookPage

DESCRIBED = {"rows": DataDescription({"x": DataField("x", (4,))}, rows=48, validation_rows=12)}


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "a.weft"
    data = DataCell(id="data_0001", name="rows", source="csv", location="rows.csv")
    path.write_text(write_notebook(Notebook(cells=(data,))), encoding="utf-8")
    opened = OpenNotebook(path)
    page = NotebookPage(opened, None)
    find(page)
    yield page
    page.close()
    opened.close()


def cell(page) -> DataCell:
    found = page.context.open.notebook.cell("rows")
    assert isinstance(found, DataCell)
    return found


def gaps(steps: tuple[Preparation, ...]) -> Problem:
    """A problem as a look at the data finds it: its fix puts a step before those that there are."""
    value = [{"step": "drop_missing"}, *(step.model_dump(mode="json") for step in steps)]
    fix = Fix("Leave these rows out", (SetField(cell="data_0001", field="preparation", value=value),))
    return Problem("D510", "3 rows have gaps", Location("rows"), fixes=(fix,))


def find(page, *, read: bool = True) -> None:
    """A look at the notebook as it is now; without `read` the data are still being read."""
    opened = page.context.open
    open_gaps = not any(step.step == "drop_missing" for step in cell(page).preparation)
    problems = (gaps(cell(page).preparation),) if read and open_gaps else ()
    opened.findings = Findings(opened.revision, problems=problems, data=DESCRIBED if read else {})
    opened.tell(StatusChanged(opened.revision, True))


def standardise(page) -> None:
    value = [*(step.model_dump(mode="json") for step in cell(page).preparation), {"step": "standardise"}]
    page.context.perform("Add a step", SetField(cell="data_0001", field="preparation", value=value))


def button(page) -> str:
    found = re.search(r'data-action="fix" data-value="([^"]+)"', page.views["data_0001"].body.html)
    assert found is not None, "the fix is not shown"
    return found[1]


def press(page, value: str) -> None:
    page.views["data_0001"].body._handle_msg({"action": "fix", "value": value})


def steps(page) -> list[str]:
    return [step.step for step in cell(page).preparation]


def test_fix_stays_where_it_is_while_the_data_are_read_again(page):
    before = button(page)
    standardise(page)
    find(page, read=False)
    assert button(page) == before


def test_fix_pressed_before_an_edit_has_been_looked_at_takes_nothing_of_it_back(page):
    value = button(page)
    standardise(page)
    press(page, value)
    assert steps(page) == ["standardise"]
    find(page)
    assert steps(page) == ["drop_missing", "standardise"]


def test_fix_pressed_while_the_data_are_read_again_is_done_once_they_are(page):
    value = button(page)
    standardise(page)
    find(page, read=False)
    press(page, value)
    assert steps(page) == ["standardise"]
    find(page)
    assert steps(page) == ["drop_missing", "standardise"]


def test_second_press_of_a_double_click_is_no_mistake(page):
    value = button(page)
    press(page, value)
    press(page, value)
    find(page)
    assert steps(page) == ["drop_missing"]
    assert "Not done" not in page.notes.view.html


def test_fix_of_a_problem_that_is_gone_meanwhile_is_told(page):
    value = button(page)
    page.context.perform(
        "Leave gaps out", SetField(cell="data_0001", field="preparation", value=[{"step": "drop_missing"}])
    )
    press(page, value)
    find(page)
    assert steps(page) == ["drop_missing"]
    assert "this problem is no longer there" in page.notes.view.html
