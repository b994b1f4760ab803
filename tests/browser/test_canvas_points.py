"""Points that a wire is led through: put, moved and taken away, by mouse and by keyboard."""

from __future__ import annotations

from weftwork.compiler.wire_points import points_of

WIRE = "wire_0002"


def points(canvas) -> list[tuple[float, float]]:
    return [(place.x, place.y) for place in points_of(canvas.drawn, WIRE)]


def middle_of_wire(canvas) -> tuple[float, float]:
    (x1, y1), (x2, y2) = canvas.middle("port:dense_0001:out:output"), canvas.middle("port:output_0001:in:inputs")
    return (x1 + x2) / 2, (y1 + y2) / 2


def path(canvas) -> str:
    return canvas.get(f"wire:{WIRE}").locator(".react-flow__edge-path").get_attribute("d")


def test_wire_is_led_through_points_by_mouse(canvas):
    straight, (x, y) = path(canvas), middle_of_wire(canvas)
    canvas.page.mouse.click(x, y)
    canvas.get(f"knob:{WIRE}:0").wait_for()
    canvas.drag((x, y), (x - 10, y + 70))
    (first,) = canvas.until(lambda: points(canvas))
    assert path(canvas) != straight
    # Each piece of the wire has a knob now; the second lies between the point and the node that it feeds.
    canvas.drag(canvas.middle(f"knob:{WIRE}:1"), (x + 30, y - 50))
    canvas.until(lambda: len(points(canvas)) == 2)
    assert points(canvas)[0] == first
    assert points(canvas)[1][1] < first[1]
    assert canvas.steps == 2

    mark = next(id_ for id_, mark in canvas.drawn.marks.items() if mark.order == 0)
    before = path(canvas)
    start = canvas.middle(f"mark:{mark}")
    canvas.drag(start, (start[0], start[1] + 30), let_go=False)
    canvas.until(lambda: path(canvas) != before)  # the wire follows the hand
    canvas.page.mouse.up()
    canvas.until(lambda: points(canvas)[0][1] > first[1])
    canvas.page.mouse.dblclick(*canvas.middle(f"mark:{mark}"))
    canvas.until(lambda: len(points(canvas)) == 1)
    for left in (2, 2, 1, 0):
        canvas.keys.press("Control+z")
        canvas.until(lambda left=left: len(points(canvas)) == left)
    canvas.until(lambda: path(canvas) == straight)


def test_double_click_leads_a_wire_and_with_the_wire_goes_its_point(canvas):
    canvas.page.mouse.dblclick(*middle_of_wire(canvas))
    canvas.until(lambda: len(points(canvas)) == 1)
    assert canvas.page.get_by_test_id("palette-search").count() == 0
    canvas.select("output_0001")
    canvas.keys.press("Delete")
    canvas.until(lambda: not canvas.drawn.marks)
    canvas.page.locator(".wire-point").wait_for(state="detached")
    canvas.keys.press("Control+z")
    canvas.until(lambda: len(points(canvas)) == 1)
    canvas.page.locator(".wire-point").wait_for()


def test_wire_is_led_through_a_point_by_keyboard_alone(canvas):
    canvas.page.locator(f'.react-flow__edge[data-id="{WIRE}"]').focus()
    canvas.keys.press("Enter")
    canvas.keys.press("r")
    ((x, y),) = canvas.until(lambda: points(canvas))
    canvas.get("inspector").get_by_role("heading", name="Point of a wire").wait_for()
    canvas.keys.press("Shift+ArrowDown")
    canvas.keys.press("ArrowRight")
    canvas.until(lambda: points(canvas) == [(x + 8, y + 32)])
    assert canvas.steps == 2
    canvas.page.get_by_label("Point that a wire is led through").focus()
    canvas.keys.press("Enter")
    canvas.keys.press("Delete")
    canvas.until(lambda: points(canvas) == [])


def test_point_stays_when_a_node_is_put_into_its_wire_and_taken_out_again(canvas):
    x, y = middle_of_wire(canvas)
    canvas.page.mouse.click(x, y)
    canvas.get(f"knob:{WIRE}:0").wait_for()
    canvas.drag((x, y), (x - 10, y + 150))
    ((point, before),) = canvas.until(lambda: [*canvas.drawn.marks.items()])
    canvas.page.locator(f'.react-flow__edge[data-id="{WIRE}"]').focus()
    for key in ("Enter", "/"):
        canvas.keys.press(key)
    canvas.get("palette-search").fill("dropout 0.3")
    canvas.keys.press("Enter")
    canvas.until(lambda: len(canvas.drawn.wires) == 3)
    after = canvas.drawn.marks[point]
    assert (after.x, after.y) == (before.x, before.y)
    led = canvas.drawn.wires[after.wire]
    assert {led.source.node, led.target.node} & {"dense_0001", "output_0001"}
    canvas.get(f"mark:{point}").wait_for()
    # The new node is selected: it goes, and the wire that closes the gap goes through the point.
    canvas.keys.press("Control+Delete")
    canvas.until(lambda: len(canvas.drawn.wires) == 2)
    (heir,) = [id_ for id_, wire in canvas.drawn.wires.items() if wire.source.node == "dense_0001"]
    assert canvas.drawn.marks[point] == before.model_copy(update={"wire": heir, "order": 0.0})
    assert canvas.steps == 3
