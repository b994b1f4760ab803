"""Gestures on what is selected: move, delete, copy, mute; by mouse and by keyboard."""

from __future__ import annotations

import json

FOCUSED_NODE = """() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.classList.contains("react-flow__node") ? element.dataset.id : "";
}"""
ALL = {"input_0001", "dense_0001", "output_0001", "add_0001", "dropout_0001"}


def test_dragged_node_moves_in_one_step(canvas):
    x, y = canvas.grip("add_0001")
    before = canvas.drawn.layout["add_0001"]
    canvas.drag((x, y), (x + 90, y + 30))

    after = canvas.until(lambda: canvas.drawn.layout["add_0001"] != before and canvas.drawn.layout["add_0001"])
    assert after.x > before.x
    assert after.y > before.y
    canvas.keys.press("Control+z")
    canvas.until(lambda: canvas.drawn.layout["add_0001"] == before)
    assert canvas.steps == 2


def test_nodes_in_a_box_move_together_as_one_gesture(canvas):
    canvas.keys.down("Shift")
    left, top = canvas.grip("dropout_0001")
    right, bottom = canvas.grip("add_0001")
    canvas.drag((left - 60, top - 40), (right + 30, bottom + 60))
    canvas.keys.up("Shift")
    before = dict(canvas.drawn.layout)
    canvas.drag((right, bottom), (right + 40, bottom + 40))

    canvas.until(lambda: canvas.drawn.layout != before)
    moved = {id_ for id_, place in canvas.drawn.layout.items() if place != before[id_]}
    assert moved == {"dropout_0001", "add_0001"}
    assert canvas.steps == 1


def test_arrow_keys_in_a_row_are_one_step(canvas):
    canvas.select("add_0001")
    for _ in range(3):
        canvas.keys.press("ArrowRight")
    canvas.keys.press("Shift+ArrowDown")

    canvas.until(lambda: canvas.drawn.layout["add_0001"] == (344, 192))
    assert canvas.steps == 1


def test_delete_removes_the_selected_node_with_its_wires(canvas):
    canvas.select("dense_0001")
    canvas.keys.press("Delete")

    canvas.until(lambda: "dense_0001" not in canvas.drawn.nodes)
    assert canvas.drawn.wires == {}
    canvas.get("node:dense_0001").wait_for(state="detached")
    # The focus went with the node; the keys must still be heard.
    canvas.keys.press("Control+z")
    canvas.until(lambda: len(canvas.drawn.wires) == 2)
    canvas.get("node:dense_0001").wait_for()


def test_selected_wire_is_deleted_alone(canvas):
    (x1, y1), (x2, y2) = canvas.middle("port:dense_0001:out:output"), canvas.middle("port:output_0001:in:inputs")
    canvas.page.mouse.click((x1 + x2) / 2, (y1 + y2) / 2)
    canvas.keys.press("Backspace")

    canvas.until(lambda: list(canvas.drawn.wires) == ["wire_0001"])
    assert set(canvas.drawn.nodes) == ALL


def test_copy_and_paste_keep_the_wires_between_the_copies(canvas):
    canvas.select("input_0001")
    canvas.keys.down("Control")
    canvas.select("dense_0001")
    canvas.keys.up("Control")
    canvas.keys.press("Control+c")
    canvas.keys.press("Control+v")

    canvas.until(lambda: len(canvas.drawn.nodes) == 7)
    copies = set(canvas.drawn.nodes) - ALL
    (wire,) = [wire for wire in canvas.drawn.wires.values() if wire.target.node in copies]
    assert wire.source.node in copies
    on_clipboard = canvas.page.evaluate("navigator.clipboard.readText()")
    assert set(json.loads(on_clipboard)["nodes"]) == {"input_0001", "dense_0001"}


def test_cut_takes_away_and_foreign_text_is_refused_politely(canvas):
    canvas.select("dropout_0001")
    canvas.keys.press("Control+x")
    canvas.until(lambda: "dropout_0001" not in canvas.drawn.nodes)
    canvas.page.evaluate("navigator.clipboard.writeText('a shopping list')")
    canvas.keys.press("Control+v")

    canvas.page.locator(".notice", has_text="not pasted").wait_for()
    assert len(canvas.drawn.nodes) == 4


def test_everything_is_duplicated_by_two_shortcuts(canvas):
    canvas.page.mouse.click(*canvas.blank())
    canvas.keys.press("Control+a")
    canvas.keys.press("Control+d")

    canvas.until(lambda: len(canvas.drawn.nodes) == 10 and len(canvas.drawn.wires) == 4)
    canvas.until(lambda: len(canvas.nodes_on_screen()) == 10)


def test_m_mutes_and_wakes(canvas):
    canvas.select("dense_0001")
    canvas.keys.press("m")
    canvas.until(lambda: canvas.drawn.nodes["dense_0001"].muted)
    canvas.get("node:dense_0001").get_by_text("muted").wait_for()
    canvas.keys.press("m")
    canvas.until(lambda: not canvas.drawn.nodes["dense_0001"].muted)


def test_tab_walks_the_nodes_and_enter_selects(canvas):
    canvas.get("canvas").get_by_role("button", name="Inspector").focus()
    reached = []
    for _ in range(40):
        canvas.keys.press("Tab")
        focused = canvas.page.evaluate(FOCUSED_NODE)
        reached += [focused] if focused else []
        if len(reached) == 2:
            break
    canvas.keys.press("Enter")

    assert len(set(reached)) == 2
    canvas.get("inspector").get_by_role("heading", name=canvas.drawn.nodes[reached[1]].kind).wait_for()


def test_layout_comes_from_the_server_and_is_one_step(canvas):
    before = dict(canvas.drawn.layout)
    canvas.page.mouse.click(*canvas.blank())
    canvas.keys.press("l")

    canvas.until(lambda: canvas.drawn.layout != before)
    canvas.keys.press("Control+z")
    canvas.until(lambda: canvas.drawn.layout == before)
