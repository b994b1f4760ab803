"""Drawing by mouse and keyboard: what the hand does is in the notebook and on the screen."""

from __future__ import annotations

import pytest


def test_palette_row_dragged_onto_the_canvas_becomes_a_node(canvas):
    item = canvas.page.get_by_role("button", name="Add Flatten", exact=True)
    canvas.page.get_by_role("searchbox", name="Find a layer").fill("flat")
    box = item.bounding_box()
    canvas.drag((box["x"] + 40, box["y"] + 10), canvas.blank(0.7))

    (added,) = canvas.until(lambda: set(canvas.drawn.nodes) - {*canvas_start()})
    assert canvas.drawn.nodes[added].kind == "Flatten"
    assert canvas.get(f"node:{added}").is_visible()


def canvas_start() -> tuple[str, ...]:
    return ("input_0001", "dense_0001", "output_0001", "add_0001", "dropout_0001")


def test_palette_row_is_placed_by_enter(canvas):
    canvas.page.get_by_role("searchbox", name="Find a layer").fill("layernorm")
    canvas.page.get_by_role("button", name="Add LayerNormalization", exact=True).press("Enter")

    canvas.until(lambda: any(node.kind == "LayerNormalization" for node in canvas.drawn.nodes.values()))


@pytest.mark.parametrize("how", ["double-click", "/", "Shift+A"])
def test_search_palette_places_what_was_typed_with_its_arguments(canvas, how):
    if how == "double-click":
        canvas.page.mouse.dblclick(*canvas.blank())
    else:
        canvas.page.mouse.click(*canvas.blank())
        canvas.keys.press(how)
    canvas.get("palette-search").fill("conv 64 3 relu")
    canvas.keys.press("Enter")

    node = canvas.until(lambda: next((n for n in canvas.drawn.nodes.values() if n.kind == "Conv2D"), None))
    assert node.params == {"filters": 64, "kernel_size": 3, "activation": "relu"}
    canvas.page.get_by_text("64 · 3×3 · relu").wait_for()


def test_wire_dropped_on_empty_canvas_is_tied_to_the_kind_that_is_chosen(canvas):
    canvas.drag(canvas.middle("port:dense_0001:out:output"), canvas.blank(0.8))
    canvas.get("palette-search").fill("softmax")
    canvas.page.get_by_role("option", name="Softmax").first.click()

    def tied():
        found = [id_ for id_, node in canvas.drawn.nodes.items() if node.kind == "Softmax"]
        return found and [w for w in canvas.drawn.wires.values() if w.target.node == found[0]]

    (wire,) = canvas.until(tied)
    assert tuple(wire.source) == ("dense_0001", "output")


def test_wire_between_two_ports_is_drawn_and_undone_and_redone(canvas):
    canvas.wire("input_0001:out:output", "add_0001:in:inputs")

    def into_add():
        return [w for w, wire in canvas.drawn.wires.items() if wire.target.node == "add_0001"]

    (wire,) = canvas.until(into_add)
    canvas.get(f"wire:{wire}").wait_for(state="attached")
    canvas.get("undo").click()
    canvas.until(lambda: not into_add())
    canvas.get(f"wire:{wire}").wait_for(state="detached")
    canvas.keys.press("Control+Shift+Z")
    canvas.until(into_add)
    canvas.keys.press("Control+z")
    canvas.until(lambda: not into_add())
    canvas.keys.press("Control+y")
    canvas.until(into_add)


def test_wire_into_a_taken_port_replaces_the_old_one_in_one_step(canvas):
    canvas.wire("input_0001:out:output", "output_0001:in:inputs")

    def feeds_output():
        return [wire.source.node for wire in canvas.drawn.wires.values() if wire.target.node == "output_0001"]

    canvas.until(lambda: feeds_output() == ["input_0001"])
    canvas.keys.press("Control+z")
    canvas.until(lambda: feeds_output() == ["dense_0001"])


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("dense_0001:out:output", "dropout_0001:out:output", "An output cannot feed an output"),
        ("dropout_0001:out:output", "dropout_0001:in:inputs", "A node cannot feed itself"),
        ("add_0001:out:output", "dropout_0001:in:inputs", "This would make a cycle"),
    ],
    ids=["two-outputs", "itself", "cycle"],
)
def test_wrong_wire_is_refused_with_the_reason_beside_the_mouse(canvas, source, target, reason):
    canvas.wire("dropout_0001:out:output", "add_0001:in:inputs")
    canvas.until(lambda: len(canvas.drawn.wires) == 3)
    canvas.wire(source, target, let_go=False)
    canvas.page.locator(".refusal", has_text=reason).wait_for()
    canvas.page.mouse.up()

    canvas.page.locator(".notice", has_text=reason).wait_for()
    assert len(canvas.drawn.wires) == 3
