"""HTML made in Python is escaped; Markdown of a notebook runs nothing."""

import pytest

from weftwork.editor.cells.markdown import render_markdown
from weftwork.editor.pages.markup import Html, classes, h, join


def test_text_is_escaped_and_html_is_not_escaped_twice():
    assert h("p", "<b> & </b>") == "<p>&lt;b&gt; &amp; &lt;/b&gt;</p>"
    assert h("p", h("b", "x")) == "<p><b>x</b></p>"


def test_attributes_are_named_and_escaped():
    element = h("input", class_="a b", data_field="name", value='"><script>', checked=True, disabled=False, title=None)
    assert element == '<input class="a b" data-field="name" value="&quot;&gt;&lt;script&gt;" checked>'


def test_children_may_be_nested_and_absent():
    assert join("a", None, False, [1, ["b"]], Html("<i>")) == "a1b<i>"


def test_classes_leave_out_what_is_empty():
    assert classes("chip", False, None, "", "ok") == "chip ok"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[click](javascript:alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "<style>body{display:none}</style>",
        "![pixel](http://example.org/pixel.png)",
        "[a]: javascript:alert(1)\n\n[a]",
        "<javascript:alert(1)>",
    ],
)
def test_prose_neither_runs_nor_loads_anything(text):
    html = render_markdown(text)
    assert "<script" not in html
    assert "<img" not in html
    assert "<style" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html


def test_prose_is_rendered():
    assert render_markdown("# Title\n\n**bold** `code`") == (
        "<h1>Title</h1>\n<p><strong>bold</strong> <code>code</code></p>\n"
    )
    assert "<table>" in render_markdown("|a|\n|-|\n|b|")


def test_links_of_prose_open_beside_the_notebook():
    html = render_markdown("[Keras](https://keras.io)")
    assert 'target="_blank"' in html
    assert 'rel="noopener noreferrer"' in html
