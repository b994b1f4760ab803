"""Whatever the line does, the page finds back by itself: half a message, a first connection that fails, new objects."""

from __future__ import annotations

import warnings

from .line import Line

OFFLINE = "Offline: edits are kept"


def cut_canvas(open_canvas):
    lines: list[Line] = []
    canvas = open_canvas(lambda page: lines.append(Line(page)))
    return canvas, lines[0]


def test_line_cut_in_the_middle_of_a_message_comes_back_by_itself(open_canvas, pages):
    canvas, line = cut_canvas(open_canvas)
    canvas.select("dense_0001")
    for times in (1, 2, 3):
        line.cut_in_the_next_message()
        canvas.keys.press("m")
        canvas.page.get_by_text(OFFLINE).wait_for()
        line.mend()
        canvas.page.get_by_text(OFFLINE).wait_for(state="detached")
        canvas.until(lambda times=times: canvas.drawn.nodes["dense_0001"].muted == bool(times % 2))
        canvas.until(lambda: canvas.get("node:dense_0001").count() == 1)
        canvas.select("dense_0001")
    assert canvas.steps == 3
    pages.complaints.clear()  # the browser says that the socket was cut


def test_page_whose_first_connection_failed_is_loaded_again(served, open_canvas, new_page, pages):
    canvas = open_canvas()
    page = new_page()
    line = Line(page, up=False)
    page.goto(served.address(canvas.open_notebook.path.name))
    line.mend()
    page.locator('[data-testid="canvas"][data-loaded="true"]').wait_for()
    assert page.get_by_test_id("node:dense_0001").is_visible()
    pages.complaints.clear()


def test_reconnected_page_sends_nothing_that_the_server_has_already(open_canvas, pages):
    canvas, line = cut_canvas(open_canvas)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for muted in (True, False):
            line.cut()
            canvas.page.get_by_text(OFFLINE).wait_for()
            line.mend()
            canvas.page.get_by_text(OFFLINE).wait_for(state="detached")
            canvas.select("dense_0001")
            canvas.keys.press("m")
            canvas.until(lambda muted=muted: canvas.drawn.nodes["dense_0001"].muted == muted)
    assert [str(one.message) for one in told if "already known" in str(one.message)] == []
    pages.complaints.clear()


def test_pulled_document_brings_its_arrays(canvas):
    """A plot's columns travel beside the document's text; a document that is put in another's place needs them too."""
    found = canvas.page.evaluate(
        """async () => {
            const { ClientConnection } = Bokeh.require("client/connection")
            const { Document } = Bokeh.require("document/document")
            const array = { type: "bytes", data: { id: "0" } }
            const column = { type: "ndarray", array, shape: [2], dtype: "float64", order: "little" }
            const data = { type: "map", entries: [["y", column]] }
            const source = { type: "object", name: "ColumnDataSource", id: "wf-test", attributes: { data } }
            const config = { type: "object", name: "DocumentConfig", id: "wf-config" }
            const doc = { version: Bokeh.version, title: "", config, roots: [source] }
            const reply = { content: { doc }, buffers: new Map([["0", new Float64Array([1.5, 2.5]).buffer]]) }
            const pulled = await ClientConnection.prototype._pull_doc_json.call({ send_with_reply: async () => reply })
            const old = new Document()
            old.replace_with_json(pulled.doc_json)
            const columns = old.roots()[0].data
            const y = columns instanceof Map ? columns.get("y") : columns.y
            return [[...y], [...old._new_models].map(({ id }) => id)]
        }"""
    )
    assert found[0] == [1.5, 2.5]
    assert not {"wf-test", "wf-config"} & set(found[1])
