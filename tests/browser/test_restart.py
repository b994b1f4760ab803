"""The server is killed under a page that is being worked on, and started again: a real browser, a real process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.editor.running_server import RunningServer
from tests.editor.small_notebook import write_small_notebook

from .waiting import WAIT_S


class Restarted:
    """A page on a notebook, with a server that can be killed."""

    def __init__(self, page: Any, folder: Path, state: Path) -> None:
        self.page = page
        self.path = write_small_notebook(folder)
        self.server = RunningServer(folder, state)
        self.server.start()
        server = self.server
        page.goto(f"http://127.0.0.1:{server.port}/notebook?file={self.path.name}&token={server.token}")
        self.canvas_ready()

    def canvas_ready(self) -> None:
        self.page.locator('[data-testid="canvas"][data-loaded="true"]').wait_for()

    def kill(self) -> None:
        self.server.process.kill()
        self.server.process.communicate()
        self.page.locator("#wf-offline").wait_for(state="visible")

    def start(self) -> None:
        """Starts it again, and waits until the page has found it and been loaded anew."""
        with self.page.expect_event("load", timeout=WAIT_S * 1000):
            self.server.start()
        self.canvas_ready()

    def node(self, id_: str) -> Any:
        return self.page.get_by_test_id(f"node:{id_}")

    def press_on(self, id_: str, key: str) -> None:
        box = self.node(id_).bounding_box()
        self.page.mouse.click(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.3)
        self.page.keyboard.press(key)

    def saved(self) -> dict[str, Any]:
        """The cells by name, after a save that the page asks for."""
        self.page.keyboard.press("Control+s")
        self.page.locator('[data-testid="save-state"][data-state="saved"]').wait_for()
        return {cell["name"]: cell for cell in json.loads(self.path.read_text())["cells"]}


@pytest.fixture
def restarted(tmp_path: Path, new_page: Any, pages: Any) -> Iterator[Restarted]:
    (tmp_path / "folder").mkdir()
    made = Restarted(new_page(), tmp_path / "folder", tmp_path / "state")
    yield made
    made.server.process.kill()
    made.server.process.communicate()
    made.page.close()
    pages.complaints.clear()  # the browser says that the server was gone


def journalled(restarted: Restarted) -> list[str]:
    journal = restarted.path.parent / ".weftwork" / "journal" / f"{restarted.path.name}.jsonl"
    return [entry["label"] for entry in map(json.loads, journal.read_text().splitlines()) if "act" in entry]


def test_what_is_drawn_and_typed_while_the_server_is_dead_arrives_once_when_it_is_back(restarted: Restarted) -> None:
    page = restarted.page
    restarted.node("dense_1").scroll_into_view_if_needed()
    restarted.press_on("dense_1", "m")
    restarted.node("dense_1").get_by_text("muted").wait_for()
    page.get_by_label("Epochs").scroll_into_view_if_needed()
    page.get_by_label("Batch size").fill("64")
    restarted.kill()

    page.get_by_text("Offline: edits are kept").wait_for()
    restarted.node("dense_2").scroll_into_view_if_needed()
    restarted.press_on("dense_2", "Delete")
    restarted.node("dense_2").wait_for(state="detached")
    restarted.press_on("input_1", "m")
    page.get_by_text("2 edits waiting").wait_for()
    page.get_by_label("Epochs").fill("7")
    page.keyboard.press("Tab")
    page.get_by_test_id("run:fit").click()
    page.get_by_text("Not done: “Run”. Press it again when this bar is gone.").wait_for()
    top = page.evaluate("scrollY")
    assert top > 100

    restarted.start()
    page.locator("#wf-offline").wait_for(state="hidden")
    restarted.node("dense_2").wait_for(state="detached")
    page.wait_for_function(f"scrollY === {top}")
    page.wait_for_function("() => sessionStorage.getItem('weftwork:drafts') === null")
    assert page.get_by_label("Epochs").input_value() == "7"
    page.locator('[data-testid="save-state"][data-state="saved"]').wait_for()
    cells = restarted.saved()
    assert set(cells["classifier"]["nodes"]) == {"input_1", "dense_1", "output_1"}
    assert cells["classifier"]["nodes"]["dense_1"]["muted"] is True
    assert cells["classifier"]["nodes"]["input_1"]["muted"] is True
    assert (cells["fit"]["epochs"], cells["fit"]["batch_size"]) == (7, 64)
    labels = journalled(restarted)
    assert len([label for label in labels if "Delete" in label]) == 1


def test_a_text_that_was_being_written_is_there_again_and_a_second_restart_loses_nothing(restarted: Restarted) -> None:
    page = restarted.page
    page.get_by_text("Two trees, three measurements.").dblclick()
    page.get_by_label("Markdown of intro").fill("# Typed")
    restarted.kill()
    page.get_by_label("Markdown of intro").press_sequentially(" on")
    restarted.start()
    writing = page.get_by_label("Markdown of intro")
    writing.wait_for()
    page.wait_for_function("() => sessionStorage.getItem('weftwork:drafts') === null")
    assert writing.input_value() == "# Typed on"
    restarted.kill()
    page.get_by_role("button", name="Done").click()
    restarted.start()
    page.get_by_role("heading", name="Typed on").wait_for()
    assert restarted.saved()["intro"]["text"] == ["# Typed on"]
