"""No edit is lost: offline, over a reload, and with two tabs on one notebook."""

from __future__ import annotations

from .line import Line


def test_edits_made_offline_arrive_when_the_line_is_back(open_canvas, pages):
    lines: list[Line] = []
    canvas = open_canvas(lambda page: lines.append(Line(page)))
    (line,) = lines
    canvas.select("dense_0001")
    line.cut()
    banner = canvas.page.get_by_text("Offline: edits are kept")
    banner.wait_for()
    canvas.keys.press("m")
    canvas.select("add_0001")
    canvas.keys.press("Delete")
    canvas.get("node:add_0001").wait_for(state="detached")
    canvas.page.get_by_text("2 edits waiting").wait_for()
    assert "add_0001" in canvas.drawn.nodes
    line.mend()
    canvas.page.get_by_role("button", name="Retry").click()

    canvas.until(lambda: "add_0001" not in canvas.drawn.nodes and canvas.drawn.nodes["dense_0001"].muted)
    banner.wait_for(state="detached")
    canvas.until(lambda: canvas.nodes_on_screen() == set(canvas.drawn.nodes))
    pages.complaints.clear()  # the browser says that the socket was cut


def test_edits_made_offline_survive_a_reload_and_can_be_undone(open_canvas, pages):
    lines: list[Line] = []
    canvas = open_canvas(lambda page: lines.append(Line(page)))
    (line,) = lines
    line.cut()
    canvas.page.get_by_text("Offline: edits are kept").wait_for()
    canvas.select("add_0001")
    canvas.keys.press("Delete")
    canvas.get("node:add_0001").wait_for(state="detached")
    line.mend()
    canvas.page.reload()
    canvas.until(lambda: "add_0001" not in canvas.drawn.nodes)
    canvas.page.get_by_role("button", name="Undo: Delete 1 node").click()

    canvas.until(lambda: "add_0001" in canvas.drawn.nodes)
    canvas.get("node:add_0001").wait_for()
    pages.complaints.clear()


def test_two_tabs_draw_together_and_each_undoes_its_own(open_canvas):
    one, two = open_canvas(), open_canvas()
    one.select("add_0001")
    one.keys.press("Delete")
    two.get("node:add_0001").wait_for(state="detached")
    two.select("dense_0001")
    two.keys.press("m")
    one.get("node:dense_0001").get_by_text("muted").wait_for()
    one.keys.press("Control+z")

    one.until(lambda: "add_0001" in one.drawn.nodes)
    assert one.drawn.nodes["dense_0001"].muted
    for tab in (one, two):
        tab.until(lambda tab=tab: tab.nodes_on_screen() == set(one.drawn.nodes))
