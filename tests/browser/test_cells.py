"""Cells in a real browser: keys, mouse, staleness and why, kept outputs, full window, search, outline."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from weftwork.compiler.changes import MoveNodes, RenameCell, SetField
from weftwork.compiler.document import (
    DataCell,
    EvaluationCell,
    ExportCell,
    NetworkCell,
    Node,
    Notebook,
    Position,
    TextCell,
    TrainingCell,
)
from weftwork.compiler.write_notebook import write_notebook
from weftwork.runtime.keep_results import keep_evaluation
from weftwork.runtime.kept_outputs import KeptOutputs
from weftwork.runtime.run_directory import create_run
from weftwork.runtime.run_record import RunRecord
from weftwork.runtime.standing import Surroundings

from .notebook_tab import Tab

CELLS = (
    TextCell(id="text_0001", name="intro", text="# Trees\n\n{{fit.val_accuracy}}, $\\frac{a}{b}$\n\n## More of them"),
    DataCell(id="data_0001", name="trees", source="csv", location="trees.csv", roles={"tree": "target"}),
    NetworkCell(
        id="network_0001",
        name="reader",
        nodes={
            "input_0001": Node(kind="Input", params={"shape": [2]}, label="numbers"),
            "dense_0001": Node(kind="Dense"),
        },
        layout={"input_0001": Position(0, 0), "dense_0001": Position(300, 0)},
    ),
    TrainingCell(id="training_0001", name="fit", network="reader", data="trees", epochs=4),
    EvaluationCell(id="evaluation_0001", name="errors", training="fit"),
    ExportCell(id="export_0001", name="out", training="fit"),
)


@pytest.fixture
def open_tab(served, new_page, request) -> Callable[[], Tab]:
    """Opens the test's own notebook; called again, in a further tab."""
    file = re.sub(r"\W", "_", request.node.name) + ".weft"
    rows = "\n".join(f"{n % 7},{n % 5 / 2},{'oak' if n % 3 else 'elm'}" for n in range(60))
    (served.folder / "trees.csv").write_text(f"width,height,tree\n{rows}\n")
    (served.folder / file).write_text(write_notebook(Notebook(cells=CELLS)), encoding="utf-8")

    def open_() -> Tab:
        page = new_page()
        page.goto(served.address(file))
        page.get_by_test_id("cell:out").wait_for()
        page.locator('[data-testid="canvas"][data-loaded="true"]').wait_for()
        return Tab(page, file)

    return open_


def test_keys_of_command_mode_do_as_in_jupyter(open_tab):
    tab = open_tab()
    tab.focus("intro")
    tab.press("ArrowDown", "j", "k")
    tab.has_focus("trees")
    # Moved and brought back.
    tab.press("Shift+ArrowDown")
    tab.until(lambda: tab.names[:3] == ["intro", "reader", "trees"], "Shift-Down did not move the cell")
    tab.has_focus("trees")
    tab.press("Shift+ArrowUp")
    tab.until(lambda: tab.names[:3] == ["intro", "trees", "reader"], "Shift-Up did not move the cell")
    # Added above and below; the new one has the focus, is written in and left.
    tab.has_focus("trees")
    tab.press("b")
    tab.until(lambda: tab.names[2] == "text", "b added nothing below")
    tab.has_focus("text")
    tab.press("a")
    tab.until(lambda: tab.names[2:4] == ["text 2", "text"], "a added nothing above")
    tab.has_focus("text 2")
    tab.press("Enter")
    area = tab.page.get_by_label("Markdown of text 2")
    area.wait_for()
    tab.until(lambda: area.evaluate("a => a.getRootNode().activeElement === a"), "the text is not being written")
    tab.keys.type("add a bad dd jk")
    tab.press("Escape")
    tab.until(lambda: tab.opened.notebook.cell("text 2").text == "add a bad dd jk", "Esc lost what was written")
    tab.has_focus("text 2")
    # One d does nothing, two delete, z brings back.
    count = len(tab.names)
    tab.press("d", "d")
    tab.until(lambda: len(tab.names) == count - 1, "d d did not delete")
    tab.has_focus("text")
    tab.press("z")
    tab.until(lambda: tab.names[2:4] == ["text 2", "text"], "z did not bring the cell back")
    tab.get("cell:text 2").wait_for()
    # Copied and put below; folded; renamed.
    tab.focus("fit")
    tab.press("c", "v")
    tab.until(lambda: "fit 2" in tab.names, "c v made no copy")
    tab.has_focus("fit 2")
    assert tab.opened.notebook.cell("fit 2").epochs == 4
    tab.press("o")
    tab.until(lambda: tab.opened.notebook.cell("fit 2").folded, "o did not fold")
    tab.get("run:fit 2").wait_for(state="hidden")
    tab.press("o")
    tab.get("run:fit 2").wait_for()
    tab.press("F2")
    tab.page.get_by_label("Name of the cell").fill("again")
    tab.press("Enter")
    tab.until(lambda: "again" in tab.names, "F2 did not rename")
    tab.has_focus("again")


def test_keys_stay_away_from_fields_canvas_and_buttons(open_tab):
    tab = open_tab()
    before = tab.names
    epochs = tab.get("setting:fit:epochs")
    epochs.fill("7")
    tab.press("a", "b", "d", "d", "z", "Backspace")
    tab.press("Escape")
    tab.has_focus("fit")
    canvas = tab.get("canvas")
    pane = tab.page.locator(".react-flow__pane").bounding_box()
    canvas.scroll_into_view_if_needed()
    tab.page.mouse.click(pane["x"] + pane["width"] / 2, tab.page.locator(".react-flow__pane").bounding_box()["y"] + 40)
    tab.press("a", "b", "d", "d")
    tab.press("Escape")
    tab.has_focus("reader")
    button = tab.get("cell:fit").get_by_role("button", name="Fold fit")
    button.focus()
    tab.press("Enter")
    tab.until(lambda: tab.opened.notebook.cell("fit").folded, "Enter did not press the button")
    assert tab.names == before


# A model of the page that the browser sends back whole would be an error, and what was pressed would be lost.
@pytest.mark.filterwarnings("error:reference already known")
def test_press_is_not_lost_on_a_new_cell_or_on_a_page_that_changes_under_it(open_tab):
    tab = open_tab()
    menu = tab.get("cell:intro").get_by_label("Menu of intro")
    menu.click()
    tab.get("cell:intro").get_by_role("menuitem", name="Duplicate").click()
    tab.until(lambda: tab.names[:2] == ["intro", "intro 2"], "the cell was not duplicated")
    tab.get("cell:intro 2").get_by_label("Menu of intro 2").click()
    tab.get("cell:intro 2").get_by_role("menuitem", name="Move down").click()
    tab.until(lambda: tab.names[:3] == ["intro", "trees", "intro 2"], "the new cell was not moved by its menu")

    # While the button is down another tab makes the cell above it longer, and renames the one it stands in.
    button = tab.get("cell:errors").get_by_label("Fold errors")
    button.scroll_into_view_if_needed()
    button.hover()
    place = button.bounding_box()
    tab.page.mouse.down()
    text = SetField(cell="text_0001", field="text", value="A line.\n\n" * 20)
    tab.opened.perform("other", None, "Edit", [text, RenameCell(cell="evaluation_0001", name="mistakes")])
    # Its frame bears the new name; its head, and all that is drawn above, wait for the release.
    tab.get("cell:mistakes").wait_for()
    assert tab.get("cell:mistakes").locator(".name").inner_text() == "errors"
    assert tab.get("cell:mistakes").get_by_label("Fold errors").bounding_box() == place
    tab.page.mouse.up()
    tab.until(lambda: tab.opened.notebook.cell("mistakes").folded, "the press was lost")
    tab.until(lambda: tab.get("cell:mistakes").locator(".name").inner_text() == "mistakes", "the page stood still")
    tab.get("cell:mistakes").get_by_label("Unfold mistakes").wait_for()


def test_cell_is_dragged_by_its_handle(open_tab):
    tab = open_tab()
    handle = tab.get("cell:trees").locator("[data-drag]")
    box, target = handle.bounding_box(), tab.get("cell:intro").bounding_box()
    mouse = tab.page.mouse
    mouse.move(box["x"] + 5, box["y"] + 9)
    mouse.down()
    mouse.move(box["x"] + 5, target["y"] + 60, steps=4)
    mouse.move(box["x"] + 5, target["y"] + 2, steps=4)
    assert tab.page.locator(".wf-drop").is_visible()
    mouse.up()
    tab.until(lambda: tab.names[:2] == ["trees", "intro"], "the cell did not move")
    tab.has_focus("trees")
    assert tab.page.locator(".wf-drop").count() == 0


def test_list_of_keys_search_and_outline_are_at_hand(open_tab):
    tab = open_tab()
    tab.focus("trees")
    tab.press("?")
    tab.get("keys").get_by_text("fold, unfold").wait_for()
    tab.press("a", "Escape")
    tab.get("keys").wait_for(state="hidden")
    # Search: a label, a parameter's value, prose; an arrow goes to the hits, Enter jumps.
    tab.press("Control+Shift+f")
    tab.get("search-words").fill("numbers")
    hit = tab.get("hits").get_by_role("button")
    tab.until(lambda: hit.count() == 1 and "reader" in hit.first.inner_text(), "the label was not found")
    tab.get("search-words").fill("more OF")
    tab.until(lambda: hit.count() == 1 and "More of" in hit.first.inner_text(), "the prose was not found")
    tab.press("ArrowDown", "Enter")
    tab.has_focus("intro")
    tab.get("search").wait_for(state="hidden")
    # A hit on a node brings the canvas to it, wherever it is, and selects it.
    network = tab.opened.notebook.cell("reader")
    tab.opened.perform("tab_z", 1, "Move", [MoveNodes(cell=network.id, positions={"dense_0001": Position(9000, 9000)})])
    tab.get("node:dense_0001").wait_for(state="detached")
    tab.press("Control+Shift+f")
    tab.get("search-words").fill("dense")
    tab.until(lambda: hit.count() == 1 and "reader" in hit.first.inner_text(), "the node was not found")
    hit.first.click()
    tab.get("node:dense_0001").wait_for()
    tab.page.locator('.react-flow__node.selected[data-id="dense_0001"]').wait_for()
    # Outline: headings and cells; a press jumps.
    tab.get("outline").click()
    tab.page.get_by_role("menuitem", name="More of them").wait_for()
    tab.page.get_by_role("menuitem", name="errors").click()
    tab.has_focus("errors")
    tab.until(
        lambda: 0 < tab.get("cell:errors").bounding_box()["y"] < 900, "the outline did not bring the cell into view"
    )
    assert tab.names == [cell.name for cell in CELLS]


def test_network_grows_to_the_window_and_back_with_its_canvas_as_it_was(open_tab):
    tab = open_tab()
    frame, canvas = tab.get("cell:reader"), tab.get("canvas")
    canvas.evaluate("canvas => { canvas.dataset.same = 'yes' }")
    small = frame.bounding_box()
    tab.focus("reader")
    tab.press("f")
    tab.until(lambda: frame.bounding_box()["height"] == 900, "the cell did not grow")
    assert frame.bounding_box() == {"x": 0, "y": 0, "width": 1440, "height": 900}
    tab.until(lambda: canvas.bounding_box()["height"] > 800, "the canvas did not grow")
    tab.page.mouse.click(700, 850)
    tab.press("Escape")
    tab.until(lambda: frame.bounding_box()["height"] == small["height"], "Esc did not bring it back")
    tab.page.get_by_label("Full window (F)").click()
    tab.until(lambda: frame.bounding_box()["height"] == 900, "the button did not make it grow")
    tab.page.get_by_label("Back to the page (Esc)").click()
    tab.until(lambda: frame.bounding_box()["width"] == small["width"], "the button did not bring it back")
    assert canvas.get_attribute("data-same") == "yes"


def trained(tab: Tab, accuracy: float) -> None:
    """A finished run of the training cell as it stands now, and its evaluation, as both are written."""
    opened = tab.opened
    run = create_run(opened.folder, opened.notebook, "fit", notebook_name=opened.path.name)
    record = RunRecord(run)
    record.begin(on_stop=lambda: None)
    record.event("epoch", epoch=4, epochs=4, step=8, metrics={"val_loss": 0.2, "val_accuracy": accuracy})
    run.model_path.write_bytes(b"a model")
    record.end("finished", seconds=2.0)
    around = Surroundings(opened.folder, opened.path.name, KeptOutputs(opened.folder))
    cell = opened.notebook.cell("errors")
    keep_evaluation(cell, run, {"metrics": {"accuracy": accuracy}, "rows": 12}, around)
    opened.runs_changed()


def test_edit_makes_stale_and_says_why_undo_makes_fresh_and_reopening_shows_it_all(open_tab):
    tab = open_tab()
    live = tab.get("live:fit.val_accuracy")
    tab.until(lambda: "pending" in (live.get_attribute("class") or ""), "there is no placeholder")
    assert tab.page.locator("math mfrac").count() == 1
    trained(tab, 0.9)
    fit, errors = tab.get("cell:fit"), tab.get("cell:errors")
    tab.until(lambda: "90.0 %" in live.inner_text(), "the live value did not come")
    fit.get_by_text("fresh", exact=True).wait_for()
    errors.get_by_text("evaluated", exact=True).wait_for()
    assert tab.get("stale-count").inner_text() == "0"

    epochs = tab.get("setting:fit:epochs")
    epochs.fill("9")
    tab.press("Enter")
    for cell in (fit, errors):
        cell.get_by_text("stale", exact=True).wait_for()
        cell.get_by_test_id("cell-state").hover()
        why = cell.get_by_test_id("cell-why")
        why.wait_for(state="visible")
        assert why.inner_text() == "Epochs of fit changed: 4 to 9."
    tab.until(lambda: tab.get("stale-count").inner_text() == "2", "the bar does not count what is stale")
    errors.get_by_text("90.0 %").first.wait_for()

    # A second run with the new settings, then back to the old ones: their run and output are there, nothing runs.
    trained(tab, 0.8)
    tab.until(lambda: "80.0 %" in live.inner_text(), "the new run was not shown")
    tab.focus("fit")
    tab.press("z")
    tab.until(lambda: "90.0 %" in live.inner_text(), "the earlier run is not shown again")
    errors.get_by_text("evaluated", exact=True).wait_for()
    errors.get_by_text("90.0 %").first.wait_for()

    again = open_tab()
    again.get("cell:errors").get_by_text("90.0 %").wait_for()
    again.get("cell:errors").get_by_text("evaluated", exact=True).wait_for()
    assert len(list((tab.opened.folder / ".weftwork" / "outputs").glob("*.json"))) >= 2
    assert tab.opened.save()
    assert json.loads(tab.opened.path.read_text())["cells"][3]["epochs"] == 4
