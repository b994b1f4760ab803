"""Dropped on the gallery: Jupyter notebooks of ours open at once, those of others after a word; scripts are refused."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest

from tests.runtime.test_import_file import CODE, MD, OURS, others
from weftwork.runtime.exporters.carried import put_into_saved_model

# Drops a file where the cursor would be: on an element of a shadow root, or on the page.
DROP = """([selector, name, content]) => {
  const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0))
  const transfer = new DataTransfer()
  transfer.items.add(new File([bytes], name))
  const within = root => root.querySelector(selector)
    ?? [...root.querySelectorAll("*")].map(e => e.shadowRoot && within(e.shadowRoot)).find(found => found)
  const target = within(document)
  const about = { dataTransfer: transfer, bubbles: true, composed: true, cancelable: true }
  target.dispatchEvent(new DragEvent("dragover", about))
  const shown = target.hasAttribute("data-over") || !!within(document).getRootNode().querySelector("[data-over]")
  target.dispatchEvent(new DragEvent("drop", about))
  return shown
}"""
ZONE, ELSEWHERE = '[data-testid="drop:gallery"]', ".hero h1"


@pytest.fixture
def gallery(served, page) -> Any:
    page.goto(f"http://127.0.0.1:{served.gatekeeper.port}/?token={served.gatekeeper.token}")
    page.get_by_role("heading", level=1).wait_for()
    page.locator("#wf-first").wait_for(state="detached")
    return page


def drop(page: Any, where: str, name: str, content: bytes) -> None:
    assert page.evaluate(DROP, [where, name, base64.b64encode(content).decode()]), "nothing shows where a file falls"


def test_notebooks_open_from_the_zone_and_from_anywhere(gallery, served):
    drop(gallery, ELSEWHERE, "script.py", b"import os\n")
    refused = gallery.get_by_test_id("dropped:script.py")
    assert "has no notebook inside" in refused.inner_text()
    gallery.get_by_role("button", name="Dismiss").click()
    refused.wait_for(state="detached")

    drop(gallery, ZONE, "study.ipynb", others(MD("# A study"), CODE("1 + 1")))
    told = gallery.get_by_test_id("dropped:study.ipynb")
    assert "1 text cell and 1 code cell were made" in told.inner_text()
    gallery.get_by_test_id("open-imported").click()
    gallery.wait_for_url(re.compile(r"/notebook\?file=study.weft"))
    gallery.get_by_test_id("cell:A study").wait_for()
    gallery.get_by_role("link", name="Weftwork: gallery").click()
    gallery.get_by_test_id("file:study.weft").wait_for()
    gallery.locator("#wf-first").wait_for(state="detached")

    drop(gallery, ZONE, "exported.ipynb", OURS["a.ipynb"])
    gallery.wait_for_url(re.compile(r"/notebook\?file=exported.weft"))
    gallery.get_by_test_id("cell:Training").wait_for()
    assert (served.folder / "exported.weft").read_bytes() == OURS["a.weft"]


def test_folder_of_a_saved_model_opens_as_its_notebook(gallery, served, tmp_path):
    folder = tmp_path / "saved_digits"
    folder.mkdir()
    (folder / "saved_model.pb").write_bytes(b"")
    put_into_saved_model(folder, OURS["a.weft"].decode())
    box = gallery.get_by_test_id("drop:gallery").bounding_box()
    # Only the browser itself can hand over a folder.
    devtools = gallery.context.new_cdp_session(gallery)
    falling = {"data": {"items": [], "files": [str(folder)], "dragOperationsMask": 1}}
    for kind in ("dragEnter", "dragOver", "drop"):
        place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        devtools.send("Input.dispatchDragEvent", {"type": kind, **place, **falling})
    gallery.wait_for_url(re.compile(r"/notebook\?file=saved_digits.weft"))
    assert (served.folder / "saved_digits.weft").read_bytes() == OURS["a.weft"]


def test_file_is_chosen_with_the_keyboard(gallery, served):
    with gallery.expect_file_chooser() as chooser:
        gallery.get_by_label("Choose a notebook to open").focus()
        gallery.keyboard.press("Enter")
    chooser.value.set_files({"name": "picture.png", "mimeType": "image/png", "buffer": OURS["a.png"]})
    gallery.wait_for_url(re.compile(r"/notebook\?file=picture.weft"))
    assert (served.folder / "picture.weft").read_bytes() == OURS["a.weft"]
