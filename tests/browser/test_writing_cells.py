"""Writing in text and code cells by keys, as in Jupyter and marimo, and working on cells by mouse."""

from __future__ import annotations

from typing import Any

import pytest

from weftwork.compiler.document import CodeCell, Notebook, TextCell
from weftwork.compiler.write_notebook import write_notebook

from .notebook_tab import Tab

CELLS = (
    TextCell(id="text_0001", name="intro", text="# Trees"),
    CodeCell(id="code_0001", name="own"),
    TextCell(id="text_0002", name="end", text="That was it."),
)


@pytest.fixture
def tab(served, new_page, request) -> Tab:
    file = f"{request.node.name}.weft"
    (served.folder / file).write_text(write_notebook(Notebook(cells=CELLS)), encoding="utf-8")
    page = new_page()
    page.goto(served.address(file))
    page.get_by_test_id("cell:end").wait_for()
    # With the list of keys come the keys.
    page.get_by_test_id("keys").wait_for(state="attached")
    return Tab(page, file)


def write_in(tab: Tab, label: str) -> Any:
    """The field with that label, once what is typed goes into it."""
    area = tab.page.get_by_label(label, exact=True)
    area.wait_for()
    tab.until(lambda: area.evaluate("area => area.getRootNode().activeElement === area"), f"{label} has no focus")
    return area


def has_text(tab: Tab, name: str, text: str) -> None:
    """Waits until the server holds this text or code in the cell."""

    def now() -> str:
        cell: Any = tab.opened.notebook.cell(name)
        return cell.code if cell.kind == "code" else cell.text

    tab.until(lambda: now() == text, lambda: f"{name} has {now()!r}, not {text!r}")


def test_text_is_written_and_left_by_keys(tab):
    tab.focus("intro")
    tab.press("Enter")
    area = write_in(tab, "Markdown of intro")
    # Keys of command mode are letters here, Enter is a new line, Ctrl-Enter ends.
    tab.press("End", "Enter")
    tab.keys.type("add jk")
    tab.press("Control+Enter")
    has_text(tab, "intro", "# Trees\nadd jk")
    area.wait_for(state="detached")
    tab.has_focus("intro")
    tab.page.get_by_role("heading", name="Trees").wait_for()
    # Shift-Enter ends and goes on; below the last cell a new one is made. Esc ends and keeps what was written.
    tab.press("Enter")
    write_in(tab, "Markdown of intro").fill("# Woods")
    tab.press("Shift+Enter")
    has_text(tab, "intro", "# Woods")
    tab.page.get_by_role("heading", name="Woods").wait_for()
    tab.has_focus("own")
    tab.press("j")
    tab.has_focus("end")
    tab.press("Enter")
    write_in(tab, "Markdown of end").fill("More to come.")
    tab.press("Shift+Enter")
    has_text(tab, "end", "More to come.")
    tab.until(lambda: tab.names == ["intro", "own", "end", "text"], "no cell was made below the last")
    tab.has_focus("text")
    tab.press("Enter")
    write_in(tab, "Markdown of text").fill("**Bold**")
    tab.press("Escape")
    has_text(tab, "text", "**Bold**")
    tab.has_focus("text")
    # What was written is one step of undo. What is given up by the button is not written.
    tab.press("z", "z", "z")
    has_text(tab, "end", "That was it.")
    tab.page.get_by_role("heading", name="Woods").dblclick()
    write_in(tab, "Markdown of intro").fill("Nothing")
    tab.get("cell:intro").get_by_role("button", name="Cancel").click()
    tab.page.get_by_role("heading", name="Woods").wait_for()
    has_text(tab, "intro", "# Woods")


def test_code_is_written_by_keys_with_its_indents(tab):
    tab.focus("own")
    tab.press("Enter")
    write_in(tab, "Code of own")
    tab.keys.type("def double(x):")
    tab.press("Enter")
    tab.keys.type("y = 2 * x")
    tab.press("Enter")
    tab.keys.type("return y")
    tab.press("Escape")
    has_text(tab, "own", "def double(x):\n    y = 2 * x\n    return y")
    tab.has_focus("own")
    # What was typed here needs no permission.
    assert tab.get("code-consent").count() == 0
    tab.press("Enter")
    write_in(tab, "Code of own")
    tab.press("Control+a", "Tab", "Escape")
    has_text(tab, "own", "    def double(x):\n        y = 2 * x\n        return y")
    tab.has_focus("own")
    tab.press("Enter")
    write_in(tab, "Code of own")
    tab.press("Control+a", "Shift+Tab", "Control+End", "Enter")
    tab.keys.type("#")
    tab.press("Escape")
    has_text(tab, "own", "def double(x):\n    y = 2 * x\n    return y\n    #")


def test_cells_are_folded_renamed_duplicated_moved_and_deleted_by_mouse(tab):
    def choose(name: str, item: str) -> None:
        tab.get(f"cell:{name}").hover()
        tab.page.get_by_label(f"Menu of {name}", exact=True).click()
        tab.page.get_by_role("menuitem", name=item).click()

    tab.page.get_by_role("button", name="Fold own").click()
    tab.until(lambda: tab.opened.notebook.cell("own").folded, "the cell was not folded")
    tab.get("cell:own").locator(".name").dblclick()
    name = tab.page.get_by_label("Name of the cell")
    name.fill("mine")
    name.press("Enter")
    tab.until(lambda: tab.names == ["intro", "mine", "end"], "the cell was not renamed")
    choose("mine", "Duplicate")
    tab.until(lambda: tab.names == ["intro", "mine", "mine 2", "end"], "the cell was not duplicated")
    choose("mine 2", "Move up")
    tab.until(lambda: tab.names == ["intro", "mine 2", "mine", "end"], "the cell was not moved")
    choose("end", "Delete")
    tab.until(lambda: tab.names == ["intro", "mine 2", "mine"], "the cell was not deleted")
    tab.press("z")
    tab.until(lambda: tab.names == ["intro", "mine 2", "mine", "end"], "the cell did not come back")
