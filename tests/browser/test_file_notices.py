"""What the page says of its file: earlier versions and restoring one, another Weftwork, another program's edits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.editor.small_notebook import small_notebook
from weftwork.compiler.changes import AddNode, SetField
from weftwork.compiler.document import Node, Notebook, Position
from weftwork.compiler.document_file import read_notebook_file
from weftwork.compiler.write_notebook import write_notebook
from weftwork.editor.app_state import app_state
from weftwork.editor.open_notebook import OpenNotebook

from .waiting import until


@pytest.fixture
def path(served: Any, request: pytest.FixtureRequest) -> Path:
    path = served.folder / f"{request.node.name}.weft"
    path.write_text(write_notebook(small_notebook()), encoding="utf-8")
    return path


@pytest.fixture
def open_page(served: Any, new_page: Any, path: Path) -> Callable[[], Any]:
    def open_() -> Any:
        page = new_page()
        page.goto(served.address(path.name))
        page.locator('[data-testid="canvas"][data-loaded="true"]').wait_for()
        return page

    return open_


def epochs(number: int) -> SetField:
    return SetField(cell="fit", field="epochs", value=number)


def in_file(path: Path) -> Notebook:
    return read_notebook_file(path)[0]


def test_version_shows_what_restoring_would_change_and_is_restored_and_undone(
    path: Path, open_page: Callable[[], Any]
) -> None:
    page = open_page()
    opened = app_state().open_notebook(path.name)
    node = Node(kind="Dropout", params={"rate": 0.5}, label="noise")
    opened.perform("tab_a", 1, "Edit", [AddNode(cell="net", id="dropout_9", node=node, position=Position(0, 200))])
    opened.perform("tab_a", 2, "Edit", [epochs(9)])
    assert opened.save()
    page.get_by_role("button", name="Versions").click()
    panel = page.get_by_test_id("versions")
    panel.get_by_role("button").filter(has_text="The earliest that was kept").click()
    panel.get_by_text("What restoring this version would change:").wait_for()
    panel.get_by_role("listitem").filter(has_text="node noise").last.wait_for()
    panel.get_by_role("img", name="The network's nodes: 1 removed").wait_for()
    panel.get_by_role("button", name="Restore this version").click()
    until(page, lambda: opened.notebook == small_notebook(), "the version was not restored")
    page.get_by_test_id("node:dropout_9").wait_for(state="detached")
    page.keyboard.press("Escape")
    page.get_by_test_id("cell:fit").evaluate("frame => frame.focus()")
    page.keyboard.press("z")
    until(page, lambda: "dropout_9" in opened.notebook.cell("classifier").nodes, "restoring was not undone")


def test_file_open_elsewhere_is_read_until_it_can_be_taken_over(path: Path, open_page: Callable[[], Any]) -> None:
    other = OpenNotebook(path)
    page = open_page()
    notice = page.get_by_test_id("held-elsewhere")
    notice.get_by_text("Open elsewhere: here you can read, not edit.").wait_for()
    field = page.get_by_test_id("setting:fit:epochs")
    field.fill("5")
    page.keyboard.press("Enter")
    page.get_by_text("Not done: this notebook is open in").wait_for()
    page.keyboard.press("Escape")
    notice.get_by_role("button", name="Take over").click()
    notice.get_by_text("It is still running and has it open.").wait_for()
    # What is saved there appears here.
    other.perform("tab_z", 1, "Edit", [epochs(11)])
    assert other.close()
    until(page, lambda: field.input_value() == "11", "what was saved elsewhere is not shown")
    notice.get_by_role("button", name="Take over").click()
    notice.wait_for(state="detached")
    field.fill("12")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+s")
    until(page, lambda: in_file(path).cell("fit").epochs == 12, "the edit was not saved after taking over")


def test_edits_of_another_program_are_merged_and_asked_about_where_both_changed(
    path: Path, open_page: Callable[[], Any]
) -> None:
    page = open_page()
    opened = app_state().open_notebook(path.name)
    field = page.get_by_test_id("setting:fit:epochs")
    # Where nobody else has changed it, it is merged.
    other = in_file(path)
    fit = other.cell("fit").model_copy(update={"epochs": 21})
    path.write_text(write_notebook(other.with_cell(fit)))
    until(page, lambda: field.input_value() == "21", "the other program's edit is not shown")
    # Both sides change the same cell.
    opened.perform("tab_a", 1, "Edit", [epochs(33)])
    path.write_text(write_notebook(other.with_cell(fit.model_copy(update={"epochs": 22}))))
    question = page.get_by_test_id("outside-question")
    question.get_by_text(f"Another program changed {path.name} in places that you changed too: fit.").wait_for()
    assert in_file(path).cell("fit").epochs == 22
    question.get_by_role("button", name="Take theirs").click()
    question.wait_for(state="detached")
    until(page, lambda: field.input_value() == "22", "the choice is not shown")
    until(page, lambda: opened.save_state == "saved", "nothing was saved after the choice")
    assert in_file(path).cell("fit").epochs == 22
