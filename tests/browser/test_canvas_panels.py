"""Inspector, problems and what is written on nodes and wires."""

from __future__ import annotations

from weftwork.compiler.changes import AddNode
from weftwork.compiler.document import Node, Position
from weftwork.compiler.specs import NodeShapes, TensorSpec
from weftwork.editor.findings import Findings
from weftwork.editor.notices import StatusChanged


def parameters(canvas, node="dense_0001"):
    return canvas.drawn.nodes[node].params


def test_number_that_is_typed_is_one_step_and_can_be_reset(canvas):
    canvas.select("dense_0001")
    units = canvas.get("inspector").get_by_role("textbox", name="units")
    units.click()
    canvas.keys.press("Control+a")
    canvas.keys.type("128", delay=150)

    canvas.until(lambda: parameters(canvas)["units"] == 128)
    canvas.get("node:dense_0001").get_by_text("128 · relu").wait_for()
    canvas.get("undo").click()
    canvas.until(lambda: parameters(canvas)["units"] == 4)
    canvas.until(lambda: units.input_value() == "4")


def test_choice_switch_and_default_are_set_and_taken_back(canvas):
    canvas.select("dense_0001")
    inspector = canvas.get("inspector")
    inspector.get_by_label("activation", exact=True).select_option("softmax")
    canvas.until(lambda: parameters(canvas)["activation"] == "softmax")
    inspector.get_by_role("switch", name="use_bias").click()
    canvas.until(lambda: parameters(canvas).get("use_bias") is False)
    inspector.get_by_role("switch", name="use_bias").click()
    canvas.until(lambda: "use_bias" not in parameters(canvas))
    inspector.get_by_role("button", name="Reset activation").click()
    canvas.until(lambda: parameters(canvas) == {"units": 4})


def test_argument_that_is_an_object_has_arguments_of_its_own(canvas):
    canvas.select("dense_0001")
    inspector = canvas.get("inspector")
    inspector.get_by_label("kernel_regularizer", exact=True).select_option("L2")
    inspector.get_by_label("l2", exact=True).fill("0.5")

    canvas.until(lambda: parameters(canvas).get("kernel_regularizer") == {"kind": "L2", "params": {"l2": 0.5}})


def test_all_arguments_are_behind_a_button_and_a_wrong_text_is_not_sent(canvas):
    canvas.select("dense_0001")
    inspector = canvas.get("inspector")
    assert inspector.get_by_role("textbox", name="lora_rank").count() == 0
    inspector.get_by_role("button", name="All arguments").click()
    rank = inspector.get_by_role("textbox", name="lora_rank")
    rank.fill("1.5")
    canvas.until(lambda: rank.get_attribute("aria-invalid") == "true")
    rank.press("Enter")
    canvas.page.wait_for_timeout(400)

    assert canvas.steps == 0


def test_node_is_renamed_and_its_help_and_documentation_are_there(canvas):
    canvas.select("dense_0001")
    inspector = canvas.get("inspector")
    inspector.get_by_label("name", exact=True).fill("middle")
    inspector.get_by_label("name", exact=True).press("Enter")

    canvas.until(lambda: canvas.drawn.nodes["dense_0001"].label == "middle")
    canvas.get("node:dense_0001").get_by_text("middle").wait_for()
    assert inspector.get_by_role("link").get_attribute("href").startswith("https://keras.io/")


def test_problem_leads_to_its_node_and_its_fix_is_an_edit(canvas):
    canvas.select("dense_0001")
    canvas.get("inspector").get_by_role("textbox", name="units").fill("-3")
    problem = canvas.get("problems").locator('[data-testid^="problem:P3"]').first
    problem.wait_for()
    canvas.page.mouse.click(*canvas.blank())
    problem.get_by_role("button", name="hidden").click()
    canvas.get("inspector").get_by_role("heading", name="Dense").wait_for()
    canvas.get("node:dense_0001").get_by_role("img", name="P305").wait_for()
    problem.locator("button.fix").first.click()

    canvas.until(lambda: parameters(canvas).get("units") != -3)
    problem.wait_for(state="detached")


def test_shapes_and_counts_stand_on_nodes_and_wires(canvas):
    spec = TensorSpec((None, 28, 28, 32))
    shapes = {"input_0001": NodeShapes({"output": spec}), "dense_0001": NodeShapes({"output": spec}, 18_496, 18_496)}
    # As the background check would find them with Keras, once it has seen the latest edit.
    canvas.until(lambda: canvas.open_notebook.findings.revision == canvas.open_notebook.revision)
    canvas.open_notebook.findings = Findings(canvas.open_notebook.revision, True, (), {"network": shapes})
    canvas.open_notebook.tell(StatusChanged(canvas.open_notebook.revision, True))

    canvas.get("node:dense_0001").get_by_text("· × 28 × 28 × 32").wait_for()
    canvas.get("node:dense_0001").get_by_text("18,496").wait_for()
    canvas.page.locator(".wire-label", has_text="·×28×28×32").first.wait_for()


def test_panels_fold_away_and_nothing_selected_shows_the_network(canvas):
    canvas.get("inspector").get_by_role("heading", name="network").wait_for()
    for name, testid in (("Palette", "palette"), ("Inspector", "inspector")):
        button = canvas.get("canvas").get_by_role("button", name=name, exact=True)
        button.click()
        canvas.get(testid).wait_for(state="detached")
        button.click()
        canvas.get(testid).wait_for()


def test_far_out_nodes_are_plain_boxes_and_wires_stay(open_canvas):
    canvas = open_canvas()
    wires = canvas.page.locator('[data-testid^="wire:"]')
    for _ in range(8):
        canvas.page.get_by_label("Zoom out").click()
        canvas.page.wait_for_timeout(220)
    canvas.until(lambda: canvas.page.locator(".node.far").count() == 5)
    # Moved out of sight and back, nodes are made anew at this zoom.
    start, away = canvas.blank(0.3), canvas.blank(0.9)
    for begin, end in ((start, away), (away, start)):
        for _ in range(2):
            canvas.drag(begin, end)
    canvas.until(lambda: canvas.page.locator(".node.far").count() == 5)
    assert wires.count() == 2
    canvas.keys.press("f")
    canvas.get("node:dense_0001").get_by_text("4 · relu").wait_for()
    assert wires.count() == 2


def test_problems_lie_over_the_drawing_and_do_not_come_up_under_the_hand(open_canvas):
    canvas = open_canvas()
    sheet = canvas.page.locator(".problem-sheet")
    pane = canvas.page.locator(".react-flow__pane")
    canvas.get("problems").get_by_text("2 warnings", exact=True).wait_for()
    canvas.until(lambda: sheet.bounding_box()["height"] > 0)
    before, drawing = sheet.bounding_box(), pane.bounding_box()
    hand = (before["x"] + 40, before["y"] - 6)

    def told_while_the_hand_is_there():
        canvas.page.mouse.move(hand[0] + canvas.page.evaluate("Math.random()"), hand[1])
        return canvas.get("problems").get_by_text("3 warnings").count()

    told_while_the_hand_is_there()
    add = AddNode(cell=canvas.drawn.id, id="flatten_0001", node=Node(kind="Flatten"), position=Position(640, 160))
    canvas.open_notebook.perform("another tab", None, "Add Flatten", [add])
    canvas.until(told_while_the_hand_is_there)
    assert sheet.bounding_box() == before
    canvas.page.mouse.move(*canvas.blank())
    canvas.until(lambda: sheet.bounding_box()["height"] > before["height"])
    assert pane.bounding_box() == drawing


def test_wheel_says_that_it_zooms_after_a_click(open_canvas):
    canvas = open_canvas()
    hint = canvas.page.locator(".wheel-hint.shown")
    zoom = canvas.page.locator(".zoom")
    before = zoom.inner_text()
    canvas.page.mouse.move(*canvas.blank())
    canvas.page.mouse.wheel(0, 40)
    hint.wait_for()
    assert zoom.inner_text() == before
    canvas.page.mouse.click(*canvas.blank())
    hint.wait_for(state="detached")
    canvas.page.mouse.wheel(0, 40)
    canvas.until(lambda: zoom.inner_text() != before)
    assert not hint.count()
