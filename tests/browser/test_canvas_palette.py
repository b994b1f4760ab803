"""The palette at the cursor: shapes and reasons of what it offers, and nodes put into the selected wire."""

from __future__ import annotations

import pytest

from weftwork.compiler.document import NetworkCell
from weftwork.compiler.specs import NodeShapes, TensorSpec
from weftwork.editor.findings import Findings


class Oracle:
    """Stands for Keras, which no canvas test starts: Conv2D takes no rows, everything else makes nine of them."""

    def infer(self, network: NetworkCell) -> dict[str, NodeShapes]:
        refused = NodeShapes(refused="Conv2D takes images.")
        nine = NodeShapes({"output": TensorSpec((None, 9))})
        return {id_: refused if node.kind == "Conv2D" else nine for id_, node in network.nodes.items()}


@pytest.fixture
def know_shapes(canvas, monkeypatch):
    """Puts shapes in the place of what the last check found out, which knew none."""
    opened = canvas.open_notebook
    eight = NodeShapes({"output": TensorSpec((None, 8))})
    shapes = {"network": {"input_0001": eight, "dense_0001": eight}}
    monkeypatch.setattr(opened, "oracle", Oracle())

    def know() -> None:
        canvas.until(lambda: opened.findings.revision == opened.revision, "the last edit was not checked")
        monkeypatch.setattr(opened, "findings", Findings(opened.revision, True, (), shapes))

    return know


@pytest.fixture
def asked(canvas, know_shapes):
    know_shapes()
    return canvas


def test_rows_show_their_shape_here_and_what_cannot_be_built_last_with_the_reason(asked, know_shapes):
    x, y = asked.blank(0.3, 0.05)
    asked.page.mouse.dblclick(x, y)
    field = asked.get("palette-search")
    box = field.bounding_box()
    assert abs(box["x"] - x) < 40
    assert abs(box["y"] - y) < 40
    field.fill("conv 64 3")
    rows = asked.page.get_by_role("option")
    last = rows.filter(has_text="Conv2D takes images.")
    last.wait_for()
    texts = rows.all_inner_texts()
    assert texts[-1].startswith("Conv2D")
    assert all("· × 9" in text for text in texts[:-1])
    asked.page.get_by_text("Output shapes after hidden").wait_for()
    # What was typed is what Enter places, though its row went to the end.
    assert last.get_attribute("aria-selected") == "true"
    field.press("Enter")
    asked.until(lambda: any(node.kind == "Conv2D" for node in asked.drawn.nodes.values()))
    # With a node selected the shapes are those behind it.
    know_shapes()
    asked.select("input_0001")
    asked.keys.press("/")
    asked.page.get_by_text("Output shapes after numbers").wait_for()
    asked.keys.press("Escape")


def test_kind_is_put_into_the_selected_wire_by_keyboard_alone(canvas):
    canvas.page.locator('.react-flow__edge[data-id="wire_0002"]').focus()
    canvas.keys.press("Enter")
    canvas.keys.press("/")
    field = canvas.get("palette-search")
    assert "Put into the wire" in field.get_attribute("placeholder")
    field.fill("dropout 0.3")
    canvas.keys.press("Enter")

    added = canvas.until(lambda: next((i for i, n in canvas.drawn.nodes.items() if n.params == {"rate": 0.3}), None))
    wired = {(wire.source.node, wire.target.node) for wire in canvas.drawn.wires.values()}
    assert {("dense_0001", added), (added, "output_0001")} <= wired
    assert 320 < canvas.drawn.layout[added].x < 640
    assert canvas.steps == 1
