"""Networks inside networks by hand: entered, edited, left, made, unpacked."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import open_file
from weftwork.compiler.document import NetworkCell, NetworkParameter, Node, Notebook, Position, Source, Target, Wire
from weftwork.compiler.nesting.references import network_name
from weftwork.compiler.write_notebook import write_notebook


def cell(id_: str, name: str, nodes: dict[str, Node], ends: list[tuple[str, str, str]], **fields) -> NetworkCell:
    """A network whose nodes stand in a row; `ends` are source, target and the target's port."""
    wires = {
        f"wire_{id_}{index}": Wire(source=Source(*source.split(".")), target=Target(target, port))
        for index, (source, target, port) in enumerate(ends)
    }
    layout = {node: Position(320 * index, 0) for index, node in enumerate(nodes)}
    return NetworkCell(id=id_, name=name, nodes=nodes, wires=wires, layout=layout, **fields)


def nested_notebook() -> Notebook:
    block = cell(
        "block",
        "Block",
        {
            "input_000b": Node(kind="Input", params={"shape": [8]}, label="x"),
            "dense_000b": Node(kind="Dense", params={"units": {"expression": "units"}}, label="inner"),
            "output_000b": Node(kind="Output", label="x"),
        },
        [("input_000b", "dense_000b", "inputs"), ("dense_000b", "output_000b", "inputs")],
        parameters={"units": NetworkParameter(default=8, type="int", minimum=1)},
    )
    main = cell(
        "main",
        "Main",
        {
            "input_000a": Node(kind="Input", params={"shape": [8]}, label="numbers"),
            "block_000a": Node(kind="network:Block", label="body", repeat=3),
            "relu_000a": Node(kind="ReLU", label="bend"),
            "dense_000a": Node(kind="Dense", params={"units": 2}, label="last"),
            "output_000a": Node(kind="Output", label="answer"),
        },
        [
            ("input_000a", "block_000a", "x"),
            ("block_000a.x", "relu_000a", "inputs"),
            ("relu_000a", "dense_000a", "inputs"),
            ("dense_000a", "output_000a", "inputs"),
        ],
    )
    return Notebook(cells=(main, block))


def deep_notebook() -> Notebook:
    """Main, in which Tower stands, in which Block does."""
    main, block = nested_notebook().networks()
    tower = cell(
        "tower",
        "Tower",
        {
            "input_000c": Node(kind="Input", params={"shape": [8]}, label="x"),
            "block_000c": Node(kind="network:Block", label="storey", repeat=2),
            "output_000c": Node(kind="Output", label="x"),
        },
        [("input_000c", "block_000c", "x"), ("block_000c.x", "output_000c", "inputs")],
    )
    outer = main.nodes["block_000a"].model_copy(update={"kind": "network:Tower", "repeat": 1})
    return Notebook(cells=(main.model_copy(update={"nodes": {**main.nodes, "block_000a": outer}}), tower, block))


@pytest.fixture
def nested(served, open_canvas, request):
    path = served.folder / (re.sub(r"\W", "_", request.node.name) + ".weft")
    book = request.param() if hasattr(request, "param") else nested_notebook()
    path.write_text(write_notebook(book), encoding="utf-8")
    canvas = open_canvas()
    # The block has a canvas of its own below; here all is seen in the first one.
    here = canvas.page.get_by_test_id("cell:Main")
    canvas.get = here.get_by_test_id
    canvas.nodes_on_screen = lambda: {
        name.removeprefix("node:")
        for name in here.locator('[data-testid^="node:"]').evaluate_all("all => all.map(e => e.dataset.testid)")
    }
    return canvas


def settled(nested, node: str) -> None:
    """Waits until the view rests: a node stands where it stood a moment ago."""
    nested.get(f"node:{node}").wait_for()
    seen: list = []

    def rests() -> bool:
        seen.append(nested.grip(node))
        return len(seen) > 3 and len(set(seen[-3:])) == 1

    nested.until(rests)


def test_a_network_is_entered_edited_left_and_undone(nested):
    page, book = nested.page, nested.open_notebook
    nested.get("node:block_000a").wait_for()
    assert nested.get("node:block_000a").locator(".picture rect").count() == 3
    expect(nested.get("node:block_000a")).to_contain_text("× 3")
    expect(nested.get("palette").get_by_role("button", name="Add Block", exact=True)).to_be_visible()

    page.mouse.dblclick(*nested.grip("block_000a"))
    trail = nested.get("trail")
    expect(trail).to_contain_text("1 of 3")
    nested.get("node:dense_000b").wait_for()
    assert nested.nodes_on_screen() == {"input_000b", "dense_000b", "output_000b"}
    trail.get_by_role("button", name="Next repetition").click()
    expect(trail).to_contain_text("2 of 3")

    settled(nested, "dense_000b")
    nested.select("dense_000b")
    nested.keys.press("m")
    nested.until(lambda: book.notebook.cell("Block").nodes["dense_000b"].muted)
    nested.keys.press("Escape")
    expect(page.get_by_test_id("cell:Main").locator(".react-flow__node.selected")).to_have_count(0)
    nested.keys.press("Escape")  # and out
    nested.get("node:relu_000a").wait_for()
    expect(trail).to_have_count(0)
    nested.keys.press("Control+z")
    nested.until(lambda: not book.notebook.cell("Block").nodes["dense_000b"].muted)


def test_the_inspector_sets_repetitions_values_and_parameters(nested):
    book = nested.open_notebook
    inspector = nested.get("inspector")
    nested.select("block_000a")
    inspector.get_by_label("units", exact=True).fill("4 | 8 | 8")
    nested.until(lambda: book.notebook.cell("Main").nodes["block_000a"].params == {"units": {"each": [4, 8, 8]}})
    inspector.get_by_label("repeat", exact=True).fill("2")
    nested.until(lambda: book.notebook.cell("Main").nodes["block_000a"].repeat == 2)
    nested.get("problem:P320").first.wait_for()
    inspector.get_by_label("weights").select_option("shared")
    nested.until(lambda: book.notebook.cell("Main").nodes["block_000a"].weights == "shared")

    inspector.get_by_role("button", name="Enter").click()
    settled(nested, "dense_000b")
    nested.select("dense_000b")
    expect(inspector.locator("#dense_000b-units")).to_have_value("= units")
    inspector.get_by_label("activation", exact=True).hover()
    inspector.get_by_role("button", name="Make activation a parameter of the network").click()
    nested.until(lambda: "activation" in book.notebook.cell("Block").parameters)
    assert book.notebook.cell("Block").nodes["dense_000b"].params["activation"] == {"expression": "activation"}


def test_a_selection_becomes_a_network_and_is_unpacked_again(nested):
    book = nested.open_notebook
    before = nested.drawn
    nested.select("relu_000a")
    nested.keys.down("Control")
    nested.select("dense_000a")
    nested.keys.up("Control")
    nested.keys.press("Control+g")
    nested.until(lambda: len(book.notebook.networks()) == 3)
    main = book.notebook.cell("Main")
    (made,) = [id_ for id_, node in main.nodes.items() if network_name(node.kind) == "Block 2"]
    nested.get(f"node:{made}").wait_for()
    assert len(main.wires) == 3

    nested.select(made)
    nested.keys.press("Control+c")
    nested.keys.press("Control+v")
    nested.until(lambda: len(book.notebook.cell("Main").nodes) == 5)
    nested.keys.press("Control+z")
    nested.select(made)
    nested.keys.press("Control+Shift+g")
    nested.until(lambda: made not in book.notebook.cell("Main").nodes)
    after = book.notebook.cell("Main")
    assert (after.nodes, after.wires) == (before.nodes, before.wires)


@pytest.mark.parametrize("nested", [deep_notebook], indirect=True, ids=["deep"])
def test_two_levels_down_and_back_by_every_way_with_undo_across_them(nested):
    page, book, trail = nested.page, nested.open_notebook, nested.get("trail")
    settled(nested, "block_000a")
    page.mouse.dblclick(*nested.grip("block_000a"))
    settled(nested, "block_000c")
    page.mouse.dblclick(*nested.grip("block_000c"))
    settled(nested, "dense_000b")
    expect(trail).to_contain_text("Main")
    expect(trail.get_by_role("button", name="body", exact=True)).to_be_visible()
    expect(trail).to_contain_text("1 of 2")

    # Nothing of what is around may stand in here: it comes last, and says why.
    palette = nested.get("palette")
    expect(palette.get_by_role("button", name=re.compile("^Networks"))).to_have_count(0)
    palette.get_by_label("Find a layer").fill("tower")
    row = palette.get_by_role("button", name="Add Tower", exact=True)
    expect(row).to_be_disabled()
    expect(row).to_have_attribute("title", "Block stands in it: it would contain itself")
    palette.get_by_label("Find a layer").fill("")

    nested.select("dense_000b")
    nested.keys.press("m")
    nested.until(lambda: book.notebook.cell("Block").nodes["dense_000b"].muted)
    trail.get_by_role("button", name="Back to body").click()  # the picture of the parent
    settled(nested, "block_000c")
    nested.select("block_000c")
    nested.keys.press("m")
    nested.until(lambda: book.notebook.cell("Tower").nodes["block_000c"].muted)
    page.mouse.dblclick(*nested.grip("block_000c"))
    settled(nested, "dense_000b")
    trail.get_by_role("button", name="Main", exact=True).click()
    settled(nested, "relu_000a")
    expect(trail).to_have_count(0)
    nested.keys.press("Control+z")
    nested.until(lambda: not book.notebook.cell("Tower").nodes["block_000c"].muted)
    nested.keys.press("Control+z")
    nested.until(lambda: not book.notebook.cell("Block").nodes["dense_000b"].muted)


def test_a_unique_copy_is_offered_as_one_again(nested):
    page, book = nested.page, nested.open_notebook
    nested.select("block_000a")
    nested.get("inspector").get_by_role("button", name="Make unique").click()
    nested.until(lambda: book.notebook.cell("Main").nodes["block_000a"].kind == "network:Block 2")
    copy = page.get_by_test_id("cell:Block 2")
    copy.get_by_test_id("problem:W115").get_by_role("button", name="Use Block for both").first.click()
    nested.until(lambda: [cell.name for cell in book.notebook.cells] == ["Main", "Block"])
    assert book.notebook.cell("Main").nodes["block_000a"].kind == "network:Block"


def test_what_is_copied_into_another_notebook_brings_its_network_along_once(nested, served, pages):
    nested.select("block_000a")
    nested.keys.press("Control+c")
    nested.until(lambda: "definitions" in nested.page.evaluate("navigator.clipboard.readText()"))
    other = open_file(served, pages.make(), "pasted_into.weft")
    drawn = dict(other.drawn.nodes)
    other.page.mouse.click(*other.blank())
    for pasted in (1, 2):
        other.keys.press("Control+v")
        other.until(lambda pasted=pasted: len(other.drawn.nodes) == len(drawn) + pasted)
    cells = {cell.name: cell for cell in other.open_notebook.notebook.cells}
    assert list(cells) == ["network", "Block"]
    block = nested.open_notebook.notebook.cell("Block")
    assert (cells["Block"].nodes, cells["Block"].wires) == (block.nodes, block.wires)
    assert cells["Block"].parameters == block.parameters
    new = [node for id_, node in other.drawn.nodes.items() if id_ not in drawn]
    assert {(node.kind, node.repeat) for node in new} == {("network:Block", 3)}
    for _ in range(2):
        other.keys.press("Control+z")
    other.until(lambda: [cell.name for cell in other.open_notebook.notebook.cells] == ["network"])
    assert other.drawn.nodes == drawn
