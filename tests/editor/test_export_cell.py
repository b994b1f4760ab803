"""The export cell: which formats it offers, and the switch that leaves the notebook out of what it writes."""

from __future__ import annotations

import re

import pytest

from tests.editor.small_notebook import write_small_notebook
from weftwork.compiler.document import Notebook
from weftwork.compiler.document_file import read_notebook_file
from weftwork.compiler.write_notebook import write_notebook
from weftwork.editor.cells.export_cell import code_block
from weftwork.editor.open_notebook import OpenNotebook
from weftwork.editor.pages.notebook_page import NotebookPage
from weftwork.runtime.exporters import FORMATS
from weftwork.runtime.exporters.python_trailer import notebook_in_python, with_trailer


@pytest.fixture
def page(tmp_path):
    opened = OpenNotebook(write_small_notebook(tmp_path))
    page = NotebookPage(opened, None)
    yield page
    page.close()
    opened.close()


def test_every_format_has_its_button(page):
    html = page.views["export"].body.html
    assert [name for name in FORMATS if f'data-testid="export:{name}"' in html] == list(FORMATS)


def test_switch_is_on_until_it_is_switched_off_and_is_undone(page):
    body = page.views["export"].body
    assert 'data-field="carry" checked' in body.html
    for on, options in ((False, {"carry": False}), (True, {}), (False, {"carry": False})):
        body._on_message({"action": "set", "field": "carry", "value": on})
        assert page.context.open.notebook.cell("export").options == options
        assert ('data-field="carry" checked' in body.html) is on
    page._gesture("undo")
    assert page.context.open.notebook.cell("export").options == {}
    assert 'data-field="carry" checked' in body.html


def test_network_alone_is_chosen_and_undone(page):
    body = page.views["export"].body
    assert 'data-field="alone" checked' not in body.html
    body._on_message({"action": "set", "field": "alone", "value": True})
    assert page.context.open.notebook.cell("export").options == {"alone": True}
    assert 'data-field="alone" checked' in body.html
    page._gesture("undo")
    assert page.context.open.notebook.cell("export").options == {}


def test_what_is_not_installed_is_said_and_cannot_be_pressed(page, monkeypatch):
    monkeypatch.setattr("weftwork.runtime.exporters.formats.find_spec", lambda name: None)
    view = page.views["export"]
    view.refresh()
    assert "ONNX needs tf2onnx and onnxruntime" in view.body.html
    assert 'data-value="onnx" data-testid="export:onnx" aria-disabled="true"' in view.body.html
    view.body._on_message({"action": "export", "value": "onnx"})
    assert page.context.work.formats_of("export") == []


@pytest.mark.long
@pytest.mark.keras
def test_switch_decides_what_the_cell_writes(page, tmp_path):
    from weftwork.runtime.headless import export_task

    path = page.context.open.path
    for on in (True, False):
        page.views["export"].body._on_message({"action": "set", "field": "carry", "value": on})
        page.context.open.save()
        written = export_task(str(path), "python", "export")
        carried = notebook_in_python((tmp_path / "exports" / "leaves.py").read_text())
        assert written["source"] == (tmp_path / "exports" / "leaves.py").read_text()
        assert (carried is not None) is on
    assert read_notebook_file(path)[0].cell("export").options == {"carry": False}
    assert "model.fit(" in written["source"]
    page.views["export"].body._on_message({"action": "set", "field": "alone", "value": True})
    page.context.open.save()
    alone = export_task(str(path), "python", "export")["source"]
    assert "def build_model()" in alone
    assert "model.fit(" not in alone


def test_the_notebook_behind_a_script_is_copied_and_not_shown():
    script = with_trailer("import keras\n", write_notebook(Notebook(cells=())))
    html = str(code_block(script, "digits.py"))
    shown = re.sub(r"<span hidden>.*?</span>", "", html, flags=re.DOTALL)
    assert "import keras" in shown
    assert "weftwork notebook 1" not in shown
    assert "weftwork notebook 1" in html
