"""Without a mouse, without sight, without motion; and what the eyes need: names, focus, the map, all of a network."""

from __future__ import annotations

from weftwork.compiler.document import NetworkCell, Node, Notebook, Position
from weftwork.compiler.write_notebook import write_notebook

from .conftest import open_file

ALL = {"input_0001", "dense_0001", "output_0001", "add_0001", "dropout_0001"}


def test_nodes_ports_and_wires_have_names_for_screen_readers(canvas):
    tree = canvas.get("canvas").aria_snapshot()
    for name in (
        "hidden, Dense",
        "Input inputs, takes several wires",
        "Output output",
        "Wire from numbers output to hidden inputs",
    ):
        assert name in tree, name


def test_focus_is_seen_on_nodes_wires_and_buttons(canvas):
    canvas.get("canvas").get_by_role("button", name="Inspector").focus()
    outline = "element => getComputedStyle(element).outlineStyle"
    seen = {"node": False, "edge": False, "tool": False}
    for _ in range(60):
        canvas.keys.press("Tab")
        focused = canvas.page.evaluate_handle(
            """() => {
                let element = document.activeElement;
                while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
                return element;
            }"""
        )
        name = focused.evaluate("element => element.getAttribute('class') ?? ''")
        if "react-flow__node" in name:
            assert focused.evaluate(outline) == "solid"
            seen["node"] = True
        elif "react-flow__edge" in name:
            wide = "edge => getComputedStyle(edge.querySelector('.react-flow__edge-path')).strokeWidth"
            assert focused.evaluate(wide) == "3px"
            seen["edge"] = True
        elif "tool" in name.split():
            assert focused.evaluate(outline) == "solid"
            seen["tool"] = True
        if seen["node"] and seen["edge"]:
            break
    assert seen["node"]
    assert seen["edge"]


def test_view_is_not_in_the_history_and_the_map_leads_through_it(canvas):
    canvas.page.mouse.click(*canvas.blank())
    canvas.page.get_by_role("button", name="Zoom in").click()
    canvas.page.get_by_role("button", name="Zoom in").click()
    canvas.page.get_by_role("button", name="Zoom in").click()
    overview = canvas.page.get_by_test_id("rf__minimap")
    overview.wait_for()
    view = canvas.page.locator(".react-flow__viewport")
    before = view.get_attribute("style")
    box = overview.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    canvas.drag(middle, (middle[0] + 20, middle[1] + 10))

    canvas.until(lambda: view.get_attribute("style") != before)
    assert canvas.steps == 0
    assert canvas.open_notebook.undo_label("nobody") is None
    canvas.keys.press("f")
    canvas.until(lambda: canvas.nodes_on_screen() == ALL)


def test_arranging_glides_unless_motion_is_unwanted(served, new_page):
    for motion, gliding in (("no-preference", True), ("reduce", False)):
        page = new_page(reduced_motion=motion)
        canvas = open_file(served, page, f"motion_{gliding}.weft")
        canvas.get("canvas").evaluate(
            """canvas => new MutationObserver(() => { window.glided ||= canvas.hasAttribute('data-gliding'); })
                .observe(canvas, { attributes: true })"""
        )
        before = dict(canvas.drawn.layout)
        page.mouse.click(*canvas.blank())
        canvas.keys.press("l")
        canvas.until(lambda canvas=canvas, before=before: canvas.drawn.layout != before)
        canvas.until(
            lambda canvas=canvas: canvas.page.evaluate("!Object.keys(sessionStorage).some(k => /unack/.test(k))")
        )
        assert bool(page.evaluate("window.glided")) == gliding


def test_network_of_any_length_comes_into_view_as_a_whole(served, new_page):
    ids = [f"dense_{number:04}" for number in range(400)]
    nodes = {id_: Node(kind="Dense", params={"units": 4}) for id_ in ids}
    layout = {id_: Position(300 * number, 0) for number, id_ in enumerate(ids)}
    cell = NetworkCell(id="network_0001", name="network", nodes=nodes, layout=layout)
    (served.folder / "long.weft").write_text(write_notebook(Notebook(cells=(cell,))), encoding="utf-8")
    canvas = open_file(served, new_page(), "long.weft")
    canvas.until(lambda: len(canvas.nodes_on_screen()) == 400)
    pane = canvas.page.locator(".react-flow__pane").bounding_box()
    first, last = (canvas.get(f"node:{id_}").bounding_box() for id_ in (ids[0], ids[-1]))
    assert first["x"] >= pane["x"]
    assert last["x"] + last["width"] <= pane["x"] + pane["width"]


def test_copied_nodes_go_to_another_window_through_the_system_clipboard(served, new_page):
    one, two = (open_file(served, new_page(), f"clipboard_{name}.weft") for name in "ab")
    one.page.bring_to_front()
    one.select("dense_0001")
    one.keys.press("Control+c")
    one.until(lambda: "weftwork/nodes" in one.page.evaluate("navigator.clipboard.readText()"))
    two.page.bring_to_front()
    two.page.mouse.click(*two.blank())
    two.keys.press("Control+v")
    (added,) = two.until(lambda: set(two.drawn.nodes) - ALL)
    assert two.drawn.nodes[added] == one.drawn.nodes["dense_0001"]


def test_toolbar_does_by_mouse_what_the_keys_do(canvas):
    bar = canvas.get("canvas").get_by_role("toolbar", name="Canvas")
    canvas.select("dense_0001")
    bar.get_by_role("button", name="Mute or wake").click()
    canvas.until(lambda: canvas.drawn.nodes["dense_0001"].muted)
    bar.get_by_role("button", name="Select more").click()
    canvas.page.get_by_role("menuitem", name="What feeds it").click()
    canvas.until(lambda: canvas.page.locator(".react-flow__node.selected").count() == 2)
    canvas.select("dropout_0001")
    bar.get_by_role("button", name="Swap for another kind").click()
    canvas.get("palette-search").fill("alphadropout")
    canvas.page.get_by_role("option", name="AlphaDropout").click()
    canvas.until(lambda: canvas.drawn.nodes["dropout_0001"].kind == "AlphaDropout")
    canvas.select("dense_0001")
    bar.get_by_role("button", name="Delete and keep the flow").click()
    canvas.until(lambda: "dense_0001" not in canvas.drawn.nodes)
    assert len(canvas.drawn.wires) == 1
    bar.get_by_role("button", name="Arrange", exact=True).click()
    canvas.page.get_by_role("menuitem", name="Snap to the grid").click()
    x, y = canvas.grip("add_0001")
    before = canvas.drawn.layout["add_0001"]
    canvas.drag((x, y), (x + 61, y + 35))
    after = canvas.until(lambda: canvas.drawn.layout["add_0001"] != before and canvas.drawn.layout["add_0001"])
    assert (after.x % 16, after.y % 16) == (0, 0)
    bar.get_by_role("button", name="Arrange", exact=True).click()
    canvas.page.get_by_role("menuitem", name="Do not snap to the grid").click()


def test_trainable_is_a_switch_and_a_frozen_node_says_so(canvas):
    canvas.select("dropout_0001")
    switch = canvas.get("inspector").get_by_role("switch", name="trainable")
    assert switch.count() == 0
    canvas.select("dense_0001")
    assert switch.get_attribute("aria-checked") == "true"
    switch.press("Space")
    canvas.until(lambda: canvas.drawn.nodes["dense_0001"].params.get("trainable") is False)
    canvas.get("node:dense_0001").get_by_text("frozen").wait_for()
    canvas.page.get_by_role("button", name="Undo: Freeze hidden").wait_for()
    switch.click()
    canvas.until(lambda: "trainable" not in canvas.drawn.nodes["dense_0001"].params)
    assert canvas.steps == 2


def test_toolbar_folds_what_has_no_room(canvas):
    page, bar = canvas.page, canvas.get("canvas").get_by_role("toolbar", name="Canvas")
    whole = page.viewport_size
    page.locator('.react-flow__node[data-id="dense_0001"]').focus()
    canvas.keys.press("Enter")
    page.set_viewport_size({"width": 560, "height": 700})
    try:
        more = bar.get_by_role("button", name="More", exact=True)
        more.wait_for()
        box = bar.bounding_box()
        for button in bar.get_by_role("button").all():
            place = button.bounding_box()
            assert box["x"] <= place["x"] <= box["x"] + box["width"] - place["width"], button.get_attribute(
                "aria-label"
            )
        # By keyboard: into the menu, down to its row, and Enter.
        bar.get_by_role("button", name="Change the selection").focus()
        for key in ("Enter", "ArrowDown", "ArrowDown", "ArrowDown", "Enter"):
            canvas.keys.press(key)
        canvas.until(lambda: canvas.drawn.nodes["dense_0001"].muted)
        more.click()
        page.get_by_role("menuitem", name="Write a note").click()
        canvas.until(lambda: canvas.drawn.marks)
    finally:
        page.set_viewport_size(whole)
    bar.get_by_role("button", name="Mute or wake").wait_for()
