"""The Python beside the canvas, by mouse and by keyboard: what is selected in one is selected in the other."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from weftwork.compiler.changes import SetParameter
from weftwork.compiler.document import NetworkCell, Node, Notebook, Position, Source, Target, Wire
from weftwork.compiler.write_notebook import write_notebook

# A bound against hanging, on a busy machine.
expect.set_options(timeout=60_000)


def cell(id_: str, name: str, nodes: dict[str, Node]) -> NetworkCell:
    """A chain of nodes in a row."""
    ids = list(nodes)
    port = {"block_000a": "x"}
    wires = {
        f"wire_{target}": Wire(
            source=Source(source, port.get(source, "output")), target=Target(target, port.get(target, "inputs"))
        )
        for source, target in pairwise(ids)
    }
    return NetworkCell(
        id=id_,
        name=name,
        nodes=nodes,
        wires=wires,
        layout={node: Position(320 * index, 0) for index, node in enumerate(ids)},
    )


def nested_notebook() -> Notebook:
    block = {
        "input_000b": Node(kind="Input", params={"shape": [8]}, label="x"),
        "dense_000b": Node(kind="Dense", params={"units": 8}, label="inner"),
        "output_000b": Node(kind="Output", label="x"),
    }
    main = {
        "input_000a": Node(kind="Input", params={"shape": [8]}, label="numbers"),
        "block_000a": Node(kind="network:Block", label="body", repeat=3),
        "dense_000a": Node(kind="Dense", params={"units": 2}, label="last"),
        "output_000a": Node(kind="Output", label="answer"),
    }
    return Notebook(cells=(cell("main", "Main", main), cell("block", "Block", block)))


@pytest.fixture
def main(served, open_canvas, request):
    path = served.folder / f"{request.node.name}.weft"
    path.write_text(write_notebook(nested_notebook()), encoding="utf-8")
    canvas = open_canvas()
    canvas.get = canvas.page.get_by_test_id("cell:Main").get_by_test_id
    return canvas


def selected(main) -> set[str]:
    found = main.page.get_by_test_id("cell:Main").locator(".react-flow__node.selected")
    return set(found.evaluate_all("all => all.map(e => e.dataset.id)"))


def test_code_and_canvas_follow_each_other(main):
    page, keys = main.page, main.keys
    main.select("dense_000a")
    keys.press("e")
    code = main.get("code:Main")
    lit = code.locator(".line.lit")
    expect(lit).to_have_text([re.compile(r"layers\.Dense\(2, name=.last.\)")])

    # The mouse: a node, then a line.
    main.select("block_000a")
    expect(lit).to_have_text(
        [re.compile("x = numbers"), re.compile("for index in"), re.compile(r"x = block\(x, name=")]
    )
    code.locator(".line").filter(has_text="numbers = keras.Input").click()
    main.until(lambda: selected(main) == {"input_000a"})
    expect(lit).to_have_count(1)

    # The keyboard: the pen goes down a line, and the canvas with it.
    assert page.evaluate("document.activeElement !== document.body")
    for wanted in ({"block_000a"}, {"block_000a"}, {"block_000a"}, {"dense_000a"}, {"output_000a"}):
        keys.press("ArrowDown")
        main.until(lambda wanted=wanted: selected(main) == wanted, f"{wanted} is not selected")
    keys.press("ArrowUp")
    main.until(lambda: selected(main) == {"dense_000a"})
    expect(lit).to_have_text([re.compile(r"layers\.Dense\(2, name=.last.\)")])

    # A line of another network enters it, and one of its own leads back.
    code.locator(".line").filter(has_text="return layers.Dense(8").click()
    expect(main.get("trail")).to_contain_text("1 of 3")
    main.until(lambda: selected(main) == {"dense_000b"})
    main.get("node:output_000b").wait_for()
    main.select("output_000b")
    expect(lit).to_have_text([re.compile("return layers.Dense")])
    code.locator(".line").filter(has_text="numbers = keras.Input").click()
    expect(main.get("trail")).to_have_count(0)
    main.until(lambda: selected(main) == {"input_000a"})
    keys.press("e")
    expect(code).to_be_hidden()


def test_code_keeps_up_with_edits_and_says_when_it_cannot(main):
    main.page.get_by_test_id("cell:Main").get_by_label("Python of the network (E)").click()
    code = main.get("code:Main")
    expect(code).to_contain_text("layers.Dense(2")
    edit = SetParameter(cell="main", node="dense_000a", parameter="units", value=7)
    main.open_notebook.perform("another tab", None, "Widen", [edit])
    expect(code).to_contain_text("layers.Dense(7")
    expect(code).not_to_contain_text("layers.Dense(2")
    main.open_notebook.perform(
        "another tab", None, "Spoil", [SetParameter(cell="main", node="dense_000a", parameter="units", value=-1)]
    )
    expect(code.get_by_role("status")).to_contain_text("as it was before")
    expect(code).to_contain_text("layers.Dense(7")
    main.open_notebook.perform("another tab", None, "Mend", [edit])
    expect(code.get_by_role("status")).to_have_count(0)

    main.keys.press("Escape")
    main.page.get_by_role("button", name="Close the Python (E)").click()
    expect(code).to_be_hidden()
    main.select("input_000a")
    main.keys.press("?")
    expect(main.page.get_by_role("dialog", name="Keys and mouse")).to_contain_text("Python beside the canvas")
