"""A small, a large and a broken network, light and dark, photographed for people to look at."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.bench.canvas_grid import grid
from weftwork.compiler.document import Mark, NetworkCell, Node, Notebook, Position, Source, Target, Wire
from weftwork.compiler.specs import NodeShapes, Shape, TensorSpec
from weftwork.compiler.write_notebook import write_notebook
from weftwork.editor.findings import Findings
from weftwork.editor.notices import StatusChanged

from .conftest import CanvasPage, open_file

SCREENSHOTS = Path(__file__).parents[1] / "screenshots"
SIZES = ((1440, 900), (1024, 700))


def chain(kinds: dict[str, Node], *, gap: int = 300) -> NetworkCell:
    ids = list(kinds)
    wires = {
        f"wire_{number}": Wire(source=Source(one), target=Target(other))
        for number, (one, other) in enumerate(pairwise(ids))
    }
    layout = {id_: Position(gap * number, 0) for number, id_ in enumerate(ids)}
    return NetworkCell(id="network_0001", name="classifier", nodes=kinds, wires=wires, layout=layout)


def small() -> NetworkCell:
    """A frame, a note, a muted and a frozen node, and a wire that is led around."""
    cell = chain(
        {
            "input": Node(kind="Input", params={"shape": [28, 28, 1]}, label="image"),
            "conv": Node(kind="Conv2D", params={"filters": 16, "kernel_size": 3, "activation": "relu"}),
            "flat": Node(kind="Flatten", muted=True),
            "dense": Node(kind="Dense", params={"units": 10, "trainable": False}, label="digit"),
            "output": Node(kind="Output", label="answer"),
        }
    )
    marks = {
        "frame": Mark(kind="frame", x=276, y=-60, width=572, height=164, text="Features", colour="blue"),
        "note": Mark(kind="note", x=900, y=140, width=208, height=80, text="Frozen: trained before.", colour="orange"),
        "point_1": Mark(kind="point", x=254, y=150, width=12, height=12, wire="around", order=1),
        "point_2": Mark(kind="point", x=850, y=160, width=12, height=12, wire="around", order=2),
    }
    add = {"add": Node(kind="Add", label="skip")}
    around = {"around": Wire(source=Source("input"), target=Target("add"))}
    return cell.model_copy(
        update={
            "nodes": cell.nodes | add,
            "wires": cell.wires | around,
            "layout": cell.layout | {"add": Position(1200, 140)},
            "marks": marks,
        }
    )


def broken() -> NetworkCell:
    cell = chain(
        {
            "input": Node(kind="Input", params={"shape": [28, 28, 1]}),
            "conv": Node(kind="Conv2D", params={"filters": -4, "kernel_size": 3, "activation": "reluu"}),
            "lost": Node(kind="NoSuchLayer", params={"depth": 3}),
            "merge": Node(kind="Dot", params={"axes": 1}),
            "output": Node(kind="Output"),
        }
    )
    loose = {"loose": Node(kind="Dense")}
    return cell.model_copy(update={"nodes": cell.nodes | loose, "layout": cell.layout | {"loose": Position(300, 160)}})


def know(canvas: CanvasPage, shapes: dict[str, Shape]) -> None:
    """What Keras would say: shapes and weights, and that the digits' layer refuses its input."""
    opened = canvas.open_notebook
    canvas.until(lambda: opened.findings.revision == opened.revision)
    known = {id_: NodeShapes({"output": TensorSpec(shape)}, 1000 * len(shape)) for id_, shape in shapes.items()}
    opened.findings = Findings(opened.revision, True, opened.findings.problems, {"classifier": known})
    opened.tell(StatusChanged(opened.revision, True))


@pytest.mark.parametrize("name", ["small", "large", "broken"])
def test_canvas_is_photographed(served, new_page, name):
    cell = {"small": small, "broken": broken, "large": lambda: grid(1000)}[name]()
    file = f"photograph_{name}.weft"
    (served.folder / file).write_text(write_notebook(Notebook(cells=(cell,))), encoding="utf-8")
    page = new_page()
    canvas = open_file(served, page, file)
    if name == "small":
        image = (None, 28, 28, 1)
        know(canvas, {"input": image, "conv": (None, 26, 26, 16), "flat": (None, 26, 26, 16), "dense": (None, 10)})
        canvas.get("node:conv").get_by_text("· × 26 × 26 × 16").wait_for()
        canvas.select("conv")
    if name == "broken":
        canvas.get("problems").get_by_text("errors").wait_for()
    SCREENSHOTS.mkdir(exist_ok=True)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        canvas.until(lambda width=width: page.evaluate("document.documentElement.scrollWidth") <= width)
        canvas.keys.press("f")
        page.wait_for_timeout(300)  # the view glides into place
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            photograph = SCREENSHOTS / f"canvas-{name}-{theme}-{width}.png"
            canvas.get("canvas").screenshot(path=photograph)
            assert photograph.stat().st_size > 10_000
    assert canvas.nodes_on_screen() == set(cell.nodes)
