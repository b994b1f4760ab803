"""Paths of data are kept relative to the notebook, however they are given, and hold where the folder goes."""

from __future__ import annotations

import base64
import shutil

import pytest

from weftwork.compiler.document import DataCell, Notebook
from weftwork.compiler.document_file import read_notebook_file
from weftwork.compiler.write_notebook import write_notebook
from weftwork.editor.folder_paths import kept_path
from weftwork.editor.open_notebook import OpenNotebook
from weftwork.editor.pages.notebook_page import NotebookPage
from weftwork.runtime.data.load import describe

TABLE = "size,kind\n" + "".join(f"{n},{'ripe' if n % 2 else 'raw'}\n" for n in range(20))


@pytest.fixture
def page(tmp_path):
    folder = tmp_path / "here"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "fruit.csv").write_text(TABLE)
    path = folder / "a.weft"
    cell = DataCell(id="data_0001", name="fruit", source="csv", roles={"kind": "target"})
    path.write_text(write_notebook(Notebook(cells=(cell,))), encoding="utf-8")
    opened = OpenNotebook(path)
    page = NotebookPage(opened, None)
    yield page
    page.close()
    opened.close()


@pytest.mark.parametrize(
    "given", ["{folder}/data/fruit.csv", "data/fruit.csv", "./data/../data/fruit.csv", " data/fruit.csv "]
)
def test_typed_path_is_kept_relative_and_holds_after_the_folder_has_moved(page, tmp_path, given):
    typed = given.format(folder=tmp_path / "here")
    page.views["data_0001"].body._handle_msg({"action": "set", "field": "location", "value": typed})
    assert page.context.open.notebook.cell("fruit").location == "data/fruit.csv"
    assert page.context.open.save()
    there = shutil.copytree(tmp_path / "here", tmp_path / "there")
    shutil.rmtree(tmp_path / "here" / "data")
    cell = read_notebook_file(there / "a.weft")[0].cell("fruit")
    assert isinstance(cell, DataCell)
    described, problems = describe(cell, there)
    assert [problem for problem in problems if problem.severity == "error"] == []
    assert described.rows + described.validation_rows == 20


def test_dropped_file_is_named_without_a_folder(page):
    content = base64.b64encode(TABLE.encode()).decode()
    message = {"action": "drop", "name": "mine.csv", "size": len(TABLE), "content": content}
    page.page_drop.view._handle_msg(message)
    assert page.context.open.notebook.cell("mine").location == "mine.csv"


def test_path_that_leads_elsewhere_stays_as_it_was_typed(tmp_path):
    assert kept_path("/somewhere/fruit.csv", tmp_path) == "/somewhere/fruit.csv"
    assert kept_path("../fruit.csv", tmp_path) == "../fruit.csv"
