"""The notebook page in a real browser: prose, data, settings, a run that goes on, two tabs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from weftwork.compiler.document import (
    DataCell,
    EvaluationCell,
    ExportCell,
    NetworkCell,
    Notebook,
    TextCell,
    TrainingCell,
)
from weftwork.compiler.write_notebook import write_notebook
from weftwork.editor.app_state import app_state
from weftwork.runtime.control import PAUSE, RUN, STOP
from weftwork.runtime.run_directory import create_run
from weftwork.runtime.run_record import RunRecord

from .waiting import until

SCREENSHOTS = Path(__file__).parents[1] / "screenshots"


@pytest.fixture
def notebook(served, request) -> str:
    """A file of its own for each test: prose, a table, a network, training, evaluation, export."""
    file = f"{request.node.name}.weft"
    rows = "\n".join(f"{n % 7},{n % 5 / 2},{'oak' if n % 3 else 'elm'}" for n in range(60))
    (served.folder / "trees.csv").write_text(f"width,height,tree\n{rows}\n")
    cells = (
        TextCell(id="text_0001", name="intro", text="# Trees\n\nTwo **kinds** of tree."),
        DataCell(id="data_0001", name="trees", source="csv", location="trees.csv", roles={"tree": "target"}),
        NetworkCell(id="network_0001", name="reader"),
        TrainingCell(id="training_0001", name="fit", network="reader", data="trees", epochs=4),
        EvaluationCell(id="evaluation_0001", name="errors", training="fit"),
        ExportCell(id="export_0001", name="out", training="fit"),
    )
    (served.folder / file).write_text(write_notebook(Notebook(cells=cells)), encoding="utf-8")
    return file


@pytest.fixture
def open_tab(served, new_page, notebook) -> Callable[..., Any]:
    def open_(**options: Any) -> Any:
        page = new_page(**options)
        page.goto(served.address(notebook))
        page.get_by_test_id("cell:out").wait_for()
        return page

    return open_


def test_prose_is_edited_where_it_stands_and_saved(open_tab, served, notebook):
    page = open_tab()
    page.get_by_role("heading", name="Trees").dblclick()
    page.get_by_label("Markdown of intro").fill("# Woods\n\nNew words.")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Woods").wait_for()
    page.keyboard.press("Control+z")
    page.get_by_role("heading", name="Trees").wait_for()
    page.keyboard.press("Control+Shift+z")
    page.get_by_role("heading", name="Woods").wait_for()
    page.keyboard.press("Control+s")
    page.locator('[data-testid="save-state"][data-state="saved"]').wait_for()
    assert "Woods" in (served.folder / notebook).read_text()


def test_data_shows_columns_classes_and_numbers_of_rows(open_tab):
    cell = open_tab().get_by_test_id("cell:trees")
    cell.get_by_text("60 rows").wait_for()
    cell.get_by_role("cell", name="width", exact=True).wait_for()
    cell.get_by_text("validation rows").wait_for()


def test_missing_data_is_a_problem_and_its_mending_shows_the_data(open_tab):
    page = open_tab()
    cell = page.get_by_test_id("cell:trees")
    cell.get_by_text("60 rows").wait_for()
    cell.get_by_text("Source and split").click()
    cell.get_by_label("File or folder of trees").fill("nowhere.csv")
    page.keyboard.press("Enter")
    cell.get_by_test_id("problem:D502").or_(cell.locator(".problem.error")).first.wait_for()
    page.keyboard.press("Tab")
    cell.get_by_label("File or folder of trees").fill("trees.csv")
    page.keyboard.press("Enter")
    cell.get_by_text("60 rows").wait_for()


def test_setting_is_kept_and_a_fault_is_told(open_tab):
    page = open_tab()
    epochs = page.get_by_test_id("setting:fit:epochs")
    epochs.fill("zero")
    page.keyboard.press("Enter")
    page.get_by_text("This must be a whole number").wait_for()
    assert epochs.get_attribute("aria-invalid") == "true"
    epochs.fill("12")
    page.keyboard.press("Tab")
    until(page, lambda: epochs.get_attribute("aria-invalid") is None)
    assert epochs.input_value() == "12"


def test_two_tabs_show_the_same_notebook(open_tab):
    one, other = open_tab(), open_tab()
    one.get_by_test_id("setting:fit:batch_size").fill("8")
    one.keyboard.press("Enter")
    until(other, lambda: other.get_by_test_id("setting:fit:batch_size").input_value() == "8")
    other.get_by_label("Menu of out").click()
    other.get_by_role("menuitem", name="Delete").click()
    one.get_by_test_id("cell:out").wait_for(state="detached")


def test_cell_is_added_between_two_others(open_tab):
    page = open_tab()
    page.get_by_label("Add a cell here").nth(1).click()
    page.get_by_role("menuitem", name="Text Prose").click()
    page.get_by_test_id("cell:text").wait_for()
    tops = [page.get_by_test_id(f"cell:{name}").bounding_box()["y"] for name in ("intro", "text", "trees")]
    assert tops == sorted(tops)


def test_run_without_a_network_is_refused_with_the_reason(open_tab):
    page = open_tab()
    page.get_by_test_id("run:fit").click()
    page.locator('[data-testid="cell:fit"] [role="alert"]').wait_for()


def rows(first: int, last: int) -> np.ndarray:
    step = np.arange(first, last + 1, dtype=float)
    return np.column_stack([step, step // 10 + 1, step / 50, 2 / np.sqrt(step), 1 - 1 / np.sqrt(step)])


@pytest.fixture
def record(served, notebook) -> RunRecord:
    """A run of the training cell, as the trainer's own pen begins it."""
    opened = app_state().open_notebook(notebook)
    run = create_run(served.folder, opened.notebook, "fit", notebook_name=notebook)
    record = RunRecord(run)
    record.begin(on_stop=lambda: None)
    record.open_metrics(["step", "epoch", "seconds", "loss", "accuracy"], 0)
    record.built()
    record.set_state("running")
    record.rows(rows(1, 40))
    record.event("epoch", epoch=4, epochs=10, step=40, metrics={"val_loss": 0.4}, seconds_left=5.0)
    return record


def test_a_run_that_goes_on_is_drawn_paused_and_ended(record, open_tab):
    page = open_tab()
    plot = page.get_by_test_id("live-plot:fit")
    until(page, lambda: plot.get_attribute("data-points") == "40")
    record.rows(rows(41, 90))
    until(page, lambda: plot.get_attribute("data-step") == "90")
    assert plot.locator("canvas").first.bounding_box()["width"] > 200
    page.get_by_test_id("pause:fit").click()
    until(page, lambda: record.control.read() == PAUSE)
    record.set_state("paused")
    page.get_by_role("button", name="Resume").click()
    until(page, lambda: record.control.read() == RUN)
    record.set_state("running")
    page.get_by_test_id("stop:fit").click()
    until(page, lambda: record.control.read() == STOP)
    record.end("stopped", "Stopped.")
    page.locator('[data-testid="run-end"][data-state="stopped"]').wait_for()
    page.get_by_test_id("run:fit").wait_for()


def test_ten_thousand_steps_are_drawn_at_once(record, open_tab):
    page = open_tab()
    record.rows(rows(41, 10_000))
    plot = page.get_by_test_id("live-plot:fit")
    until(page, lambda: plot.get_attribute("data-points") == "10000")
    record.end("finished", seconds=200.0)
    page.locator('[data-testid="run-end"][data-state="finished"]').wait_for()


def test_missing_file_leads_back_to_the_gallery(served, page):
    page.goto(served.address("nowhere.weft"))
    page.get_by_role("link", name="Back to the gallery").wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_components_are_photographed(served, new_page, theme):
    page = new_page(color_scheme=theme)
    page.goto(f"http://127.0.0.1:{served.gatekeeper.port}/components?token={served.gatekeeper.token}")
    page.get_by_text("A remark set apart.").wait_for()
    page.locator("canvas").last.wait_for()
    SCREENSHOTS.mkdir(exist_ok=True)
    for width, height in ((1440, 900), (1024, 700)):
        page.set_viewport_size({"width": width, "height": height})
        # Nothing may be wider than the window.
        until(page, lambda width=width: page.evaluate("document.documentElement.scrollWidth") <= width)
        photograph = SCREENSHOTS / f"components-{theme}-{width}.png"
        page.screenshot(path=photograph, full_page=True)
        assert photograph.stat().st_size > 50_000
