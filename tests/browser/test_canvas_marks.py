"""Frames and notes on the canvas: drawn, dragged, written, undone."""

from __future__ import annotations


def frame_of(canvas) -> tuple[str, object]:
    return next((item for item in canvas.drawn.marks.items() if item[1].kind == "frame"), (None, None))


def draw_frame(canvas) -> str:
    canvas.select("input_0001")
    canvas.keys.down("Control")
    canvas.select("dense_0001")
    canvas.keys.up("Control")
    canvas.keys.press("g")
    return canvas.until(lambda: frame_of(canvas)[0], "no frame was drawn")


def test_frame_around_the_selection_carries_what_lies_in_it(canvas):
    frame = draw_frame(canvas)
    before, mark = dict(canvas.drawn.layout), canvas.drawn.marks[frame]
    assert mark.x < 0
    assert mark.x + mark.width > before["dense_0001"].x + 200
    assert canvas.steps == 1
    canvas.page.mouse.click(*canvas.blank(0.9, 0.6))
    title = canvas.get(f"mark:{frame}").locator(".frame-title")
    box = title.bounding_box()
    start = box["x"] + 30, box["y"] + 12
    canvas.drag(start, (start[0] + 30, start[1] + 60))

    canvas.until(lambda: canvas.drawn.layout["dense_0001"].y > before["dense_0001"].y)
    after = canvas.drawn.layout
    shift = after["input_0001"].y - before["input_0001"].y
    assert after["dense_0001"].y - before["dense_0001"].y == shift > 0
    assert after["output_0001"] == before["output_0001"]
    assert abs(canvas.drawn.marks[frame].y - mark.y - shift) <= 1
    assert canvas.steps == 2
    canvas.keys.press("Control+z")
    canvas.until(lambda: dict(canvas.drawn.layout) == before and canvas.drawn.marks[frame] == mark)


def test_frame_is_titled_coloured_and_deleted_without_its_contents(canvas):
    frame = draw_frame(canvas)
    canvas.page.mouse.click(*canvas.blank(0.9, 0.6))
    canvas.get(f"mark:{frame}").locator(".frame-title").dblclick()
    field = canvas.page.get_by_label("Title of the frame")
    field.fill("Encoder")
    field.press("Enter")
    canvas.until(lambda: canvas.drawn.marks[frame].text == "Encoder")
    canvas.page.mouse.click(*canvas.blank(0.9, 0.6))
    canvas.get(f"mark:{frame}").get_by_text("Encoder").click()
    canvas.get("inspector").get_by_role("radio", name="green").click()
    canvas.until(lambda: canvas.drawn.marks[frame].colour == "green")
    nodes = set(canvas.drawn.nodes)
    canvas.get(f"mark:{frame}").locator("xpath=..").focus()
    canvas.keys.press("Enter")
    canvas.keys.press("Delete")

    canvas.until(lambda: not canvas.drawn.marks)
    assert set(canvas.drawn.nodes) == nodes
    canvas.keys.press("Control+z")
    canvas.get(f"mark:{frame}").wait_for()


def test_note_is_written_where_the_mouse_is(canvas):
    canvas.page.mouse.click(*canvas.blank(0.6, 0.85))
    canvas.keys.press("n")
    (note,) = canvas.until(lambda: list(canvas.drawn.marks))
    canvas.get(f"mark:{note}").dblclick()
    text = canvas.page.get_by_label("Text of the note")
    text.fill("Why four?\nIt has to squeeze.")
    canvas.page.mouse.click(*canvas.blank(0.9, 0.1))

    canvas.until(lambda: canvas.drawn.marks[note].text == "Why four?\nIt has to squeeze.")
    canvas.get(f"mark:{note}").get_by_text("It has to squeeze.").wait_for()
    assert canvas.steps == 2
