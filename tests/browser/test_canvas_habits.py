"""Habits that people bring from other node editors: by mouse and by key, in the notebook and on the screen."""

from __future__ import annotations

from weftwork.compiler.write_notebook import write_notebook

ALL = {"input_0001", "dense_0001", "output_0001", "add_0001", "dropout_0001"}


def wired(canvas) -> set[tuple[str, str]]:
    return {(wire.source.node, wire.target.node) for wire in canvas.drawn.wires.values()}


def choose(canvas, *nodes: str) -> None:
    first, *others = nodes
    canvas.select(first)
    for node in others:
        canvas.keys.down("Control")
        canvas.select(node)
        canvas.keys.up("Control")


def chosen(canvas) -> set[str]:
    return set(
        canvas.page.locator(".react-flow__node.selected").evaluate_all("all => all.map(node => node.dataset.id)")
    )


def middle_of_wire(canvas, source: str, target: str) -> tuple[float, float]:
    (x1, y1), (x2, y2) = canvas.middle(f"port:{source}:out:output"), canvas.middle(f"port:{target}:in:inputs")
    return (x1 + x2) / 2, (y1 + y2) / 2


def test_loose_node_dropped_on_a_wire_stands_in_it_after_one_step(canvas):
    target = middle_of_wire(canvas, "input_0001", "dense_0001")
    canvas.drag(canvas.grip("dropout_0001"), target, let_go=False)
    canvas.page.locator(".wire.aimed").wait_for(state="attached")
    canvas.page.mouse.up()

    canvas.until(lambda: ("input_0001", "dropout_0001") in wired(canvas))
    assert wired(canvas) == {
        ("input_0001", "dropout_0001"),
        ("dropout_0001", "dense_0001"),
        ("dense_0001", "output_0001"),
    }
    assert canvas.steps == 1
    canvas.keys.press("Control+z")
    canvas.until(lambda: wired(canvas) == {("input_0001", "dense_0001"), ("dense_0001", "output_0001")})


def test_palette_row_dropped_on_a_wire_is_put_into_it(canvas):
    canvas.page.get_by_role("searchbox", name="Find a layer").fill("activation")
    box = canvas.page.get_by_role("button", name="Add Activation", exact=True).bounding_box()
    canvas.drag((box["x"] + 40, box["y"] + 10), middle_of_wire(canvas, "dense_0001", "output_0001"))

    (added,) = canvas.until(lambda: set(canvas.drawn.nodes) - ALL)
    canvas.until(lambda: {("dense_0001", added), (added, "output_0001")} <= wired(canvas))
    assert canvas.steps == 1


def test_end_of_a_wire_is_led_to_another_port_or_stays(canvas):
    end = canvas.middle("port:output_0001:in:inputs")
    grip = end[0] - 18, end[1]
    canvas.drag(grip, canvas.middle("port:dropout_0001:in:inputs"))

    canvas.until(lambda: wired(canvas) == {("input_0001", "dense_0001"), ("dense_0001", "dropout_0001")})
    assert canvas.steps == 1
    canvas.keys.press("Control+z")
    canvas.until(lambda: ("dense_0001", "output_0001") in wired(canvas))
    canvas.drag(grip, canvas.blank(0.5, 0.9))
    canvas.page.wait_for_timeout(200)
    assert ("dense_0001", "output_0001") in wired(canvas)
    assert canvas.page.get_by_test_id("palette-search").count() == 0


def test_node_is_deleted_and_the_flow_is_kept(canvas):
    canvas.select("dense_0001")
    canvas.keys.press("Control+Delete")

    canvas.until(lambda: "dense_0001" not in canvas.drawn.nodes)
    assert wired(canvas) == {("input_0001", "output_0001")}
    assert canvas.steps == 1


def test_dragging_with_alt_leaves_the_node_and_takes_a_copy(canvas):
    before = canvas.drawn.layout["dropout_0001"]
    x, y = canvas.grip("dropout_0001")
    canvas.keys.down("Alt")
    canvas.drag((x, y), (x + 120, y + 60))
    canvas.keys.up("Alt")

    (copy,) = canvas.until(lambda: set(canvas.drawn.nodes) - ALL)
    assert canvas.drawn.nodes[copy].params == {"rate": 0.5}
    assert canvas.drawn.layout["dropout_0001"] == before
    assert canvas.drawn.layout[copy].x > before.x
    assert canvas.steps == 1


def test_selection_spreads_upstream_downstream_and_between(canvas):
    canvas.select("dense_0001")
    canvas.keys.press("[")
    canvas.until(lambda: chosen(canvas) == {"input_0001", "dense_0001"})
    canvas.select("dense_0001")
    canvas.keys.press("]")
    canvas.until(lambda: chosen(canvas) == {"dense_0001", "output_0001"})
    choose(canvas, "input_0001", "output_0001")
    canvas.keys.press("\\")
    canvas.until(lambda: chosen(canvas) == {"input_0001", "dense_0001", "output_0001"})
    assert canvas.steps == 0


def test_nodes_are_aligned_and_distributed_from_the_menu(canvas):
    choose(canvas, "input_0001", "add_0001", "output_0001")
    menu = canvas.page.get_by_role("button", name="Align and distribute")
    menu.click()
    canvas.page.get_by_role("menuitem", name="Align top").click()
    canvas.until(lambda: canvas.drawn.layout["add_0001"].y == canvas.drawn.layout["input_0001"].y == 0)
    menu.click()
    canvas.page.get_by_role("menuitem", name="Align left").click()
    canvas.until(lambda: {canvas.drawn.layout[id_].x for id_ in ("input_0001", "add_0001", "output_0001")} == {0})
    assert canvas.steps == 2
    canvas.page.mouse.click(*canvas.blank())
    canvas.keys.press("Control+z")
    canvas.until(lambda: canvas.drawn.layout["output_0001"].x == 640)


def test_selection_is_arranged_top_down_where_it_stands(canvas):
    choose(canvas, "input_0001", "dense_0001", "output_0001")
    canvas.keys.press("Shift+L")

    layout = canvas.until(lambda: canvas.drawn.layout["dense_0001"].y > 0 and canvas.drawn.layout)
    assert layout["input_0001"] == (0, 0)
    assert layout["input_0001"].y < layout["dense_0001"].y < layout["output_0001"].y
    assert layout["dropout_0001"] == (0, 160)
    assert canvas.steps == 1


def test_kind_is_swapped_and_what_fits_is_kept(canvas):
    canvas.select("dropout_0001")
    canvas.keys.press("s")
    canvas.get("palette-search").fill("gaussiandropout")
    canvas.keys.press("Enter")

    canvas.until(lambda: canvas.drawn.nodes["dropout_0001"].kind == "GaussianDropout")
    assert canvas.drawn.nodes["dropout_0001"].params == {"rate": 0.5}
    assert canvas.steps == 1


def test_find_goes_from_hit_to_hit_and_closes(canvas):
    canvas.page.mouse.click(*canvas.blank())
    canvas.keys.press("Control+f")
    find = canvas.page.get_by_role("textbox", name="Find in the network")
    find.fill("drop")
    canvas.page.get_by_text("– of 1").wait_for()
    find.press("Enter")
    canvas.until(lambda: chosen(canvas) == {"dropout_0001"})
    canvas.page.get_by_text("1 of 1").wait_for()
    find.fill("no such thing")
    canvas.page.get_by_text("nothing found").wait_for()
    find.press("Escape")
    find.wait_for(state="detached")
    canvas.keys.press("Control+f")
    find.wait_for()
    find.press("Escape")


def test_several_nodes_are_edited_at_once(canvas):
    canvas.select("dense_0001")
    canvas.keys.press("Control+d")
    (copy,) = canvas.until(lambda: set(canvas.drawn.nodes) - ALL)
    inspector = canvas.get("inspector")
    canvas.until(lambda: chosen(canvas) == {copy})
    inspector.get_by_role("textbox", name="units").fill("9")
    canvas.until(lambda: canvas.drawn.nodes[copy].params["units"] == 9)
    canvas.keys.press("Escape")
    canvas.keys.press("Control+a")
    inspector.get_by_text("They have no argument in common.").wait_for()
    choose(canvas, "dense_0001")
    canvas.keys.down("Control")
    x, y = canvas.middle(f"node:{copy}")
    canvas.page.mouse.click(x + 60, y + 20)
    canvas.keys.up("Control")
    inspector.get_by_role("heading", name="2 nodes").wait_for()
    inspector.get_by_text("differs").wait_for()
    steps = canvas.steps
    inspector.get_by_role("textbox", name="units").fill("16")

    canvas.until(lambda: {canvas.drawn.nodes[id_].params["units"] for id_ in ("dense_0001", copy)} == {16})
    assert canvas.steps == steps + 1


def test_question_mark_lists_every_key_and_p_names_the_ports(canvas):
    canvas.page.mouse.click(*canvas.blank())
    canvas.keys.press("?")
    dialog = canvas.page.get_by_role("dialog", name="Keys and mouse")
    dialog.get_by_text("Delete and keep the flow").wait_for()
    canvas.keys.press("Escape")
    dialog.wait_for(state="detached")
    name = canvas.get("port:dense_0001:in:inputs").locator(".port-name")
    assert name.evaluate("name => getComputedStyle(name).opacity") == "0"
    canvas.keys.down("p")
    canvas.until(lambda: name.evaluate("name => getComputedStyle(name).opacity") == "1")
    canvas.keys.up("p")
    canvas.until(lambda: name.evaluate("name => getComputedStyle(name).opacity") == "0")


def test_view_goes_to_the_selection_and_back_to_all(canvas):
    canvas.select("output_0001")
    canvas.keys.press("Shift+F")
    canvas.until(lambda: "input_0001" not in canvas.nodes_on_screen())
    canvas.keys.press("f")
    canvas.until(lambda: canvas.nodes_on_screen() == ALL)


def test_wire_is_drawn_and_deleted_by_keyboard_alone(canvas):
    canvas.get("node:add_0001").locator("xpath=..").focus()
    canvas.keys.press("Enter")
    canvas.keys.press("w")
    canvas.page.get_by_role("combobox", name="Draw a wire to").fill("numbers")
    canvas.page.get_by_role("option", name="inputs ← numbers · output").wait_for()
    canvas.keys.press("Enter")

    canvas.until(lambda: ("input_0001", "add_0001") in wired(canvas))
    (wire,) = [id_ for id_, wire in canvas.drawn.wires.items() if wire.target.node == "add_0001"]
    canvas.page.locator(f'.react-flow__edge[data-id="{wire}"]').focus()
    canvas.keys.press("Enter")
    canvas.keys.press("Delete")
    canvas.until(lambda: ("input_0001", "add_0001") not in wired(canvas))


def test_picture_is_saved_with_the_notebook_inside(canvas):
    from weftwork.editor.picture_file import notebook_in_picture

    with canvas.page.expect_download() as download:
        canvas.page.get_by_role("button", name="Save as a picture, with the notebook inside").click()
    assert download.value.suggested_filename == "network.png"
    with open(download.value.path(), "rb") as file:
        text = notebook_in_picture(file.read())
    assert text == write_notebook(canvas.open_notebook.notebook)


def test_activation_is_shown_with_its_curve(canvas):
    canvas.select("dense_0001")
    curve = canvas.get("inspector").get_by_role("img", name="Curve of relu")
    curve.wait_for()
    canvas.get("inspector").get_by_label("activation", exact=True).select_option("softmax")
    curve.wait_for(state="detached")
