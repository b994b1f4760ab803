"""Code cells on the page and in the work on a notebook: consent, running, keeping, failing. No browser."""

from __future__ import annotations

import base64
import marshal

import pytest

from weftwork.compiler.changes import RenameCell, SetField
from weftwork.compiler.document import CodeCell, DataCell, NetworkCell, Node, Notebook
from weftwork.compiler.pipeline import check
from weftwork.compiler.write_notebook import write_notebook
from weftwork.editor.cells.code_outputs import output_html
from weftwork.editor.cells.code_text import coloured
from weftwork.editor.code_consent import allow_all
from weftwork.editor.notebook_networks import networks_message
from weftwork.editor.open_notebook import OpenNotebook
from weftwork.editor.pages.notebook_page import NotebookPage
from weftwork.editor.plots.foreign_figure import RefusedFigure, foreign_figure
from weftwork.runtime.code_cells.consent import allow, may_run, waiting, what_would_run
from weftwork.runtime.code_cells.outputs import output_of
from weftwork.runtime.code_cells.run_code import run_code_cell

GATE = "import keras\n\nclass Gate(keras.Layer):\n    def call(self, x):\n        return x\n"


class CodeHost:
    """Runs code cells in this process; knows no networks."""

    def __init__(self) -> None:
        self.state, self.message, self.calls = "ready", "", 0
        self.fails = ""

    def call(self, function, arguments, timeout=0.0, memory=None, stop=None):
        assert function.endswith(":run_code_cell")
        self.calls += 1
        if self.fails:
            raise RuntimeError(self.fails)
        return run_code_cell(**arguments)


@pytest.fixture(autouse=True)
def own_consent(tmp_path, monkeypatch):
    monkeypatch.setenv("WEFTWORK_DATA", str(tmp_path / "consent"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def make(tmp_path):
    pages = []

    def make_page(*cells, host=None) -> NotebookPage:
        path = tmp_path / "a.weft"
        path.write_text(write_notebook(Notebook(cells=cells)), encoding="utf-8")
        opened = OpenNotebook(path)
        page = NotebookPage(opened, host or CodeHost())
        pages.append((page, opened))
        return page

    yield make_page
    for page, opened in pages:
        page.close()
        opened.close()


def code(text: str, name: str = "code") -> CodeCell:
    return CodeCell(id=name, name=name, code=text)


def send(markup, action, value=None, **more):
    markup._handle_msg({"action": action, "value": value, **more})


def shown(page, name: str = "code") -> str:
    view = page.views[name]
    return view.body.html + "".join(getattr(part, "html", "") for part in view.outputs.view.objects)


def write(page, text: str, name: str = "code") -> None:
    send(page.views[name].body, "edit")
    send(page.views[name].body, "write", fields={"code": text})


def test_nothing_of_an_opened_file_runs_before_it_is_allowed(make, tmp_path):
    page = make(code(f"open({str(tmp_path / 'harm')!r}, 'w').write('x')"))
    page.views["code"].run()
    assert page.context.host.calls == 0
    assert "has not been allowed to run" in shown(page)
    assert not (tmp_path / "harm").exists()


def test_question_names_what_would_run_and_allowing_lets_it_run_once_and_for_all(make):
    network = NetworkCell(id="net", name="net", nodes={"g": Node(kind="Gate")})
    data = DataCell(id="rows", name="rows", source="code", location="code.load")
    page = make(code(GATE + "def load():\n    return {}\n'done'"), network, data)
    said = page.consent.view.html
    assert "code: 8 lines of Python, defines layer Gate (1 node), gives rows its rows by load()" in said
    send(page.consent.view, "allow")
    assert page.consent.view.html == ""
    assert waiting(page.context.open.notebook) == ()


def test_allowed_code_runs_and_its_output_is_found_again(make, tmp_path):
    page = make(code("print('hello')\n6 * 7"))
    allow_all(page.context.open)
    page.views["code"].run()
    assert "hello\n42" in shown(page)
    assert page.views["code"].state().words == "run"
    again = NotebookPage(page.context.open, None)
    assert "hello\n42" in shown(again)
    again.close()


def test_output_is_stale_with_a_reason_after_an_edit_and_fresh_again_after_undo(make):
    page = make(code("a = 1\na", "one"), code("a + 1", "two"))
    allow_all(page.context.open)
    page.views["two"].run()
    write(page, "a = 2\na", "one")
    assert page.views["two"].state().words == "stale"
    assert "Code of one changed" in page.views["two"].state().why
    page.context.open.undo(page.context.tab)
    assert page.views["two"].state().words == "run"


def test_what_is_typed_here_may_run_and_what_was_changed_in_foreign_code_may_not(make):
    page = make(code(""), code("foreign = 1", "other"))
    write(page, "print('mine')")
    write(page, "foreign = 2", "other")
    assert may_run("print('mine')")
    assert not may_run("foreign = 2")
    page.views["code"].run()
    assert "mine" in shown(page)


def test_foreign_code_that_is_joined_to_own_code_has_still_to_be_allowed(make):
    page = make(code("a = b", "mine"), code("b = a", "foreign"))
    allow(["a = b"])
    problem = next(one for one in check(page.context.open.notebook).problems if one.code == "T425")
    page.context.perform("Join", *problem.fixes[0].changes)
    assert [cell.name for cell in waiting(page.context.open.notebook)] == ["mine"]


def test_renamed_data_leave_allowed_code_allowed(make):
    page = make(code("rows.frame"), DataCell(id="rows", name="rows"))
    allow_all(page.context.open)
    page.context.perform("Rename", RenameCell(cell="rows", name="lines"))
    assert may_run("lines.frame")


def test_error_shows_message_line_and_what_was_put_out_before(make):
    page = make(code("print('before')\nx = 1\nx / 0"))
    allow_all(page.context.open)
    page.views["code"].run()
    said = shown(page)
    assert "Line 3: ZeroDivisionError: division by zero" in said
    assert "before" in said
    assert "Traceback" not in said
    assert 'class="line marked"' in said


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("Stopped.", "Stopped."),
        ("The process that did this ended without an answer; memory may have run out.", "the memory ran out"),
        ("This took longer than 610 s and was ended.", "took longer"),
    ],
)
def test_end_of_the_process_is_one_clear_line(make, reason, words):
    host = CodeHost()
    host.fails = reason
    page = make(code("1"), host=host)
    allow_all(page.context.open)
    page.views["code"].run()
    assert words in page.views["code"].state().why


def test_output_that_looks_like_html_stays_text():
    for item in (
        {"type": "text", "text": "<script>alert(1)</script>"},
        {"type": "table", "columns": ["<b>"], "index": ["<i>"], "rows": [["<script>"]], "of_rows": 1, "of_columns": 1},
        {"type": "picture", "png": '"><script>'},
        {"type": "hologram", "text": "<script>"},
    ):
        html = str(output_html(item))
        assert "<script" not in html
        assert "<b>" not in html


def test_code_is_coloured_escaped_and_numbered():
    html = str(coloured("x = '<b>'  # <i>\nfor y in x: pass", 2))
    assert "<b>" not in html
    assert html.count('class="line-number"') == 2
    assert '<span class="c-keyword">for</span>' in html
    assert 'class="line marked"' in html


def drawn(figure):
    return output_of(figure)["document"]


def test_figure_comes_back_with_its_data_and_ids_of_its_own():
    from bokeh.plotting import figure

    plot = figure(title="Trees")
    line = plot.line([1, 2, 3], [4.0, 5.0, 6.0])
    first, second = foreign_figure(drawn(plot)), foreign_figure(drawn(plot))
    assert list(first.renderers[0].data_source.data["y"]) == [4.0, 5.0, 6.0]
    ids = [{model.id for model in root.references()} for root in (first, second)]
    assert not ids[0] & ids[1]
    assert line.id not in ids[0]


def test_figure_that_could_act_in_the_page_is_refused():
    from bokeh.models import CustomJS, Div
    from bokeh.plotting import figure

    plot = figure()
    plot.js_on_event("tap", CustomJS(code="alert(1)"))
    for root in (plot, Div(text="<img src=x onerror=alert(1)>")):
        with pytest.raises(RefusedFigure, match="could act in the page"):
            foreign_figure(drawn(root))


def test_tooltips_of_a_figure_bring_no_html():
    from bokeh.models import HoverTool
    from bokeh.plotting import figure

    plot = figure()
    plot.add_tools(HoverTool(tooltips="<img src=x onerror=alert(1)>"))
    found = foreign_figure(drawn(plot))
    assert "onerror" not in str(found.tools[-1].tooltips)


def test_palette_gets_the_notebooks_own_layers_and_forgets_them():
    allow([GATE])
    notebook = Notebook(cells=(code(GATE), NetworkCell(id="net", name="net")))
    told: set[str] = set()
    kinds = networks_message(notebook, told)["kinds"]
    assert (kinds["Gate"]["family"], "unbuildable" in kinds["Gate"]) == ("Yours", False)
    kinds = networks_message(notebook.with_cell(code("")), told)["kinds"]
    assert kinds["Gate"]["unbuildable"] == "it is no longer defined"


def test_layer_of_a_file_that_was_not_allowed_cannot_be_placed():
    notebook = Notebook(cells=(code(GATE), NetworkCell(id="net", name="net")))
    assert "allowed" in networks_message(notebook)["kinds"]["Gate"]["unbuildable"]


def test_consent_is_kept_by_content_and_not_by_name(tmp_path):
    allow(["a = 1"])
    assert may_run("a = 1")
    assert not may_run("a = 2")
    assert what_would_run(Notebook(cells=(code("a = 1"), code("a = 2", "b")))) == ["b: 1 line of Python"]
    assert may_run("  \n")


def test_edit_by_a_tab_keeps_the_text_as_it_was_typed(make):
    page = make(code("a = 1"))
    write(page, "if a:\r\n    b = 2\n\n")
    assert page.context.open.notebook.cell("code").code == "if a:\n    b = 2"
    page.context.perform("x", SetField(cell="code", field="code", value="c = 1"))
    assert page.views["code"].cell.code == "c = 1"


def test_allowing_puts_the_code_of_lambda_layers_into_a_code_cell_that_can_be_undone(make):
    def twice(x):
        return x * 2

    held = {"class_name": "__lambda__", "config": {"code": base64.b64encode(marshal.dumps(twice.__code__)).decode()}}
    nodes = {"l": Node(kind="Lambda", label="twice", params={"function": held})}
    page = make(NetworkCell(id="net", name="net", nodes=nodes))
    assert "Lambda layer Twice: compiled Python for 1 node" in page.consent.view.html
    assert "P330" in {problem.code for problem in check(page.context.open.notebook).problems}
    send(page.consent.view, "allow")
    assert page.consent.view.html == ""
    notebook = page.context.open.notebook
    assert [cell.name for cell in notebook.cells] == ["lambdas", "net"]
    assert notebook.networks()[0].nodes["l"].kind == "Twice"
    assert waiting(notebook) == ()
    page.context.open.undo(page.context.tab)
    assert page.context.open.notebook.networks()[0].nodes["l"].kind == "Lambda"
