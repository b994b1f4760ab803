"""Code cells in a real browser, with TensorFlow: asked for, run; a layer is written, placed, trained, exported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from weftwork.compiler.document import (
    CodeCell,
    DataCell,
    ExportCell,
    NetworkCell,
    Node,
    Notebook,
    Position,
    TrainingCell,
    Wire,
)
from weftwork.compiler.document_file import read_notebook_file
from weftwork.runtime.run_directory import list_runs

from .mouse import drag, middle
from .waiting import WAIT_S, until

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

SCREENSHOTS = Path(__file__).parents[1] / "screenshots"

SHOW = """import matplotlib.pyplot as plt
import pandas as pd
from bokeh.plotting import figure
from PIL import Image

print("<b>not bold</b>")
display(pd.DataFrame({"tree": ["oak", "ash"], "height": [12.5, 9.0]}))
display(Image.new("RGB", (40, 30), (200, 60, 60)))
fig, axes = plt.subplots(figsize=(3, 2))
axes.plot([1, 2, 3])
plot = figure(height=180, width=420, title="Heights")
plot.line([1, 2, 3], [3.0, 1.0, 2.0])
plot"""
GATE = """import keras


class Gate(keras.Layer):
    def build(self, shape):
        self.factor = self.add_weight(shape=(), initializer="ones")

    def call(self, x):
        return x * self.factor
"""
SHIFT = """

class Shift(keras.Layer):
    def __init__(self, by: float = 0.25, **kwargs):
        super().__init__(**kwargs)
        self.by = by

    def call(self, x):
        return x + self.by
"""


def notebook() -> Notebook:
    nodes = {
        "input_0001": Node(kind="Input", params={"shape": [2]}, label="features"),
        "gate_0001": Node(kind="Gate"),
        "dense_0001": Node(kind="Dense", params={"units": 1}),
        "output_0001": Node(kind="Output", label="height"),
    }
    ids = list(nodes)
    wires = {
        f"wire_000{n}": Wire(source=(ids[n], "output"), target=(ids[n + 1], "inputs", 0)) for n in range(len(ids) - 1)
    }
    layout = {id_: Position(260 * n, 0) for n, id_ in enumerate(ids)}
    return Notebook(
        cells=(
            CodeCell(id="code_0001", name="look", code=SHOW),
            CodeCell(id="code_0002", name="own", code=GATE.rstrip()),
            DataCell(id="data_0001", name="trees", source="csv", location="trees.csv", roles={"height": "target"}),
            NetworkCell(id="network_0001", name="net", nodes=nodes, wires=wires, layout=layout),
            TrainingCell(id="training_0001", name="fit", network="net", data="trees", epochs=1),
            ExportCell(id="export_0001", name="out", training="fit"),
        )
    )


def test_code_is_asked_for_shown_and_its_layer_placed_trained_and_exported(start_command, new_page):
    weftwork = start_command(notebook())
    rows = "\n".join(f"{n % 7},{n % 5},{(n % 7) * 2 + n % 5}" for n in range(80))
    (weftwork.folder / "trees.csv").write_text(f"girth,age,height\n{rows}\n")
    page = new_page()
    page.set_default_timeout(WAIT_S * 1000)
    get = page.get_by_test_id
    page.goto(weftwork.address)
    look, own, net = get("cell:look"), get("cell:own"), get("cell:net")
    net.locator('[data-testid="canvas"][data-loaded="true"]').wait_for()

    # Nothing has run; the question names what would. A node of such code says the same, and its fix allows it.
    asked = get("code-consent")
    asked.get_by_text("look: 13 lines of Python").wait_for()
    asked.get_by_text("own: 9 lines of Python, defines layer Gate (1 node)").wait_for()
    assert "not allowed" in look.get_by_test_id("cell-state").inner_text()
    problem = net.get_by_test_id("problem:P330").first
    problem.get_by_role("button", name="Allow this notebook's code").click()
    asked.wait_for(state="detached")
    problem.wait_for(state="detached")

    # Text, a table, a picture, a figure of matplotlib and one of Bokeh.
    get("run:look").click()
    look.get_by_text("<b>not bold</b>", exact=True).wait_for()
    look.get_by_role("cell", name="12.5").wait_for()
    pictures = look.get_by_alt_text("Picture made by the code")
    until(page, lambda: pictures.count() == 2, "there are not two pictures")
    assert pictures.first.evaluate("picture => [picture.naturalWidth, picture.naturalHeight]") == [40, 30]
    look.locator(".bk-Figure canvas").first.wait_for()
    look.get_by_text("run", exact=True).wait_for()
    SCREENSHOTS.mkdir(exist_ok=True)
    look.screenshot(path=SCREENSHOTS / "code_cell.png")

    # A second layer is written below the first, with Enter, and left with Ctrl-Enter, which runs the cell.
    own.evaluate("frame => frame.focus()")
    page.keyboard.press("Enter")
    field = own.get_by_role("textbox", name="Code of own")
    until(page, lambda: field.evaluate("area => area.getRootNode().activeElement === area"), "nothing is written in")
    field.fill(GATE + SHIFT)
    page.keyboard.press("Control+Enter")
    own.get_by_text("run", exact=True).wait_for()

    # It is a kind of the palette, and is drawn between the gate and what follows it.
    net.scroll_into_view_if_needed()
    net.get_by_role("searchbox", name="Find a layer").fill("shift")
    item = net.get_by_role("button", name="Add Shift", exact=True)
    item.wait_for()
    net.screenshot(path=SCREENSHOTS / "own_layer_in_the_palette.png")
    place, pane = item.bounding_box(), net.locator(".react-flow__pane").bounding_box()
    above = pane["x"] + pane["width"] * 0.45, pane["y"] + pane["height"] * 0.15
    drag(page, (place["x"] + 40, place["y"] + place["height"] / 2), above)
    added = net.locator('[data-testid^="node:shift_"]')
    added.wait_for()
    shift = added.get_attribute("data-testid").removeprefix("node:")
    drag(page, middle(get("port:gate_0001:out:output")), middle(get(f"port:{shift}:in:inputs")))
    drag(page, middle(get(f"port:{shift}:out:output")), middle(get("port:dense_0001:in:inputs")))

    def feeding(node: str) -> list[str]:
        drawn = read_notebook_file(weftwork.folder / "own.weft")[0].networks()[0]
        return [wire.source.node for wire in drawn.wires.values() if wire.target.node == node]

    until(page, lambda: (feeding("dense_0001"), feeding(shift)) == ([shift], ["gate_0001"]), "it was not wired in")
    until(page, lambda: "4 parameters" in net.get_by_test_id("cell-state").inner_text(), "it has no shape")
    net.screenshot(path=SCREENSHOTS / "own_layer.png")

    # Trained, and taken away as a script that brings both layers along.
    get("run:fit").click()
    run = until(page, lambda: next(iter(list_runs(weftwork.folder)), None), "no run began")
    until(page, lambda: run.state() == "finished", "the run did not finish")
    get("export:python").click()
    # What is exported was loaded in a fresh process and compared.
    get("exported:python").wait_for()
    script = (weftwork.folder / "exports" / "own.py").read_text()
    assert re.findall(r"^class (\w+)\(keras\.Layer\)", script, re.MULTILINE) == ["Gate", "Shift"]

    # Code without an end is stopped by hand.
    own.locator(".code-lines").dblclick()
    field.fill("while True: pass")
    page.keyboard.press("Control+Enter")
    get("stop:own").click()
    own.get_by_role("alert").get_by_text("Stopped.").wait_for()
