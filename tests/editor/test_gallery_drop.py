"""Notebooks that are dropped on the gallery, and what the page says of them. No browser."""

from __future__ import annotations

import base64

import pytest

from tests.runtime.test_import_file import CODE, MD, OURS, TEXT, others
from weftwork.editor.dropped_files import LIMIT_BYTES
from weftwork.editor.pages.gallery import GalleryPage
from weftwork.editor.pages.gallery_drop import ENDINGS
from weftwork.runtime.importers import import_file


def drop(name: str, content: bytes, **fields) -> dict:
    told = {"action": "drop", "name": name, "size": len(content), "of": 1}
    return {**told, "content": base64.b64encode(content).decode(), **fields}


@pytest.fixture
def gallery(tmp_path):
    page = GalleryPage(tmp_path)
    page.went = []
    page.view.go = page.went.append
    return page


@pytest.mark.parametrize("name", OURS)
def test_what_a_notebook_travels_in_opens_as_a_copy(gallery, name):
    gallery._heard(drop(name, OURS[name]))
    gallery._heard(drop(name, OURS[name]))
    assert gallery.went == ["notebook?file=a.weft", "notebook?file=a-2.weft"]
    assert [(gallery.folder / made).read_text() for made in ("a.weft", "a-2.weft")] == [TEXT, TEXT]
    assert "Files that were dropped" not in gallery.view.html


def test_notice_is_shown_before_the_notebook_is_opened(gallery):
    gallery._heard(drop("b.ipynb", others(MD("# Hi"), CODE("1"))))
    assert gallery.went == []
    assert "b.ipynb has no notebook of Weftwork inside. 1 text cell and 1 code cell" in gallery.view.html
    assert 'href="notebook?file=b.weft"' in gallery.view.html
    gallery._heard({"action": "dismiss"})
    assert "b.ipynb" not in gallery.view.html.replace("b.weft", "")


def test_several_files_are_listed_and_none_is_opened(gallery):
    for name in ("a.py", "a.png"):
        gallery._heard(drop(name, OURS[name], of=2))
    assert gallery.went == []
    assert [f"Open {name}" in gallery.view.html for name in ("a.weft", "a-2.weft")] == [True, True]


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (drop("fruit.csv", b"a,b"), "fruit.csv is no notebook"),
        (drop("a.py", b"import os\n"), "a.py has no notebook inside"),
        ({**drop("a.ipynb", b""), "content": None, "size": LIMIT_BYTES + 1}, "larger than 64 MB"),
        ({**drop("pictures", b""), "content": None, "size": -1}, "is a folder"),
        ({**drop("a.ipynb", b""), "content": "???"}, "did not arrive whole"),
        (drop("", b""), "The file has no name"),
        (drop("../../<b>.py", b""), "_b_.py has no notebook inside"),
    ],
)
def test_what_is_no_notebook_is_refused_in_words(gallery, message, words):
    gallery._heard(message)
    assert gallery.went == []
    assert words in gallery.view.html
    assert 'role="alert"' in gallery.view.html
    assert list(gallery.folder.iterdir()) == []


def test_folder_that_cannot_be_written_is_told(gallery, monkeypatch):
    def full(path, text):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(import_file, "write_new", full)
    gallery._heard(drop("a.py", OURS["a.py"]))
    assert "a.py could not be copied: No space left on device." in gallery.view.html


def test_every_ending_that_the_page_offers_is_known():
    assert set(ENDINGS) <= set(import_file.ENDINGS)
    assert LIMIT_BYTES == import_file.LIMIT_BYTES
