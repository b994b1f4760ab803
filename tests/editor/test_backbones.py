"""Networks of keras.applications as nodes: offered by name, and brought along when the first one is placed."""

from __future__ import annotations

from typing import Any

import pytest

from weftwork.compiler.catalogue import catalogue
from weftwork.compiler.changes import AddNode
from weftwork.compiler.document import NetworkCell, Node, Notebook, Position, Source, Target, Wire
from weftwork.compiler.document_file import read_notebook
from weftwork.compiler.pipeline import check
from weftwork.compiler.shapes import KerasShapes
from weftwork.editor.backbones import backbone_kinds, bring, missing
from weftwork.runtime.importers.applications import backbone


def test_every_application_is_offered_as_a_node_once():
    kinds = backbone_kinds(["VGG16"])

    assert len(catalogue().applications) == 40
    assert len(kinds) == 39
    assert "network:VGG16" not in kinds
    assert {kind.family for kind in kinds.values()} == {"Backbones"}


def test_only_networks_that_are_not_there_are_brought():
    place = [
        AddNode(cell="n", id=f"n_{number}", node=Node(kind=kind), position=Position(0, 0))
        for number, kind in enumerate(
            ("network:ResNet50", "network:ResNet50", "network:VGG16", "network:other", "Dense")
        )
    ]

    assert missing(Notebook(cells=(NetworkCell(id="v", name="VGG16"),)), place) == ["ResNet50"]


class Asked:
    """Stands for the host and for the open notebook: what they were asked."""

    def __init__(self, notebook: Notebook) -> None:
        self.notebook, self.done = notebook, []

    def wait_ready(self, timeout: float) -> bool:
        return True

    def call(self, function: str, arguments: dict[str, Any], timeout: float) -> dict[str, Any]:
        return backbone(**arguments)

    def perform(self, tab: str, sequence: None, label: str, changes: tuple[Any, ...]) -> None:
        self.done.append((label, changes))


@pytest.fixture(scope="module")
def mobile() -> Notebook:
    """A notebook with a node for MobileNetV2 and a head, after its network came along."""
    nodes = {
        "picture": Node(kind="Input", params={"shape": [96, 96, 3]}, label="picture"),
        "body": Node(kind="network:MobileNetV2", label="body", params={"trainable": False}),
        "pool": Node(kind="GlobalAveragePooling2D"),
        "head": Node(kind="Dense", params={"units": 3}, label="head"),
        "end": Node(kind="Output", label="end"),
    }
    wires = {
        "w1": Wire(source=Source("picture"), target=Target("body", "image")),
        "w2": Wire(source=Source("body", "features"), target=Target("pool")),
        "w3": Wire(source=Source("pool"), target=Target("head")),
        "w4": Wire(source=Source("head"), target=Target("end")),
    }
    notebook = Notebook(cells=(NetworkCell(id="n", name="block", nodes=nodes, wires=wires),))
    asked: Any = Asked(notebook)
    bring(asked, asked, "tab", "MobileNetV2").join()
    ((label, changes),) = asked.done
    assert label == "Bring MobileNetV2"
    return Notebook(cells=(*notebook.cells, *(change.cell for change in changes)))


def test_a_frozen_backbone_has_the_parameters_of_keras_own(mobile):
    import keras

    with keras.StatelessScope(initialize_variables=False):
        own = keras.applications.MobileNetV2(weights=None, include_top=False)

    checked = check(mobile, oracle=KerasShapes())

    assert [problem.message for problem in checked.problems] == []
    body = checked.shapes["block"]["body"]
    assert (body.parameters, body.trainable) == (own.count_params(), 0)
    assert body.outputs["features"].shape == (None, 3, 3, 1280)


def test_a_backbone_is_cut_where_its_output_is_wired(mobile):
    cell = next(cell for cell in mobile.networks() if cell.name == "MobileNetV2")
    before = next(wire.source.node for wire in cell.wires.values() if cell.nodes[wire.target.node].kind == "Output")
    end = next(id_ for id_, wire in cell.wires.items() if cell.nodes[wire.target.node].kind == "Output")
    earlier = next(wire.source for wire in cell.wires.values() if wire.target.node == before)
    wires = {**cell.wires, end: cell.wires[end].model_copy(update={"source": earlier})}
    cut = mobile.with_cell(cell.model_copy(update={"wires": wires}))

    whole, part = (check(one, oracle=KerasShapes()) for one in (mobile, cut))

    assert "block" in part.programs
    assert len(part.programs["block"].calls) == len(whole.programs["block"].calls) - 1


def test_the_networks_of_a_backbone_are_called_as_no_cell_is():
    (first, *others) = read_notebook(backbone("ResNet50", ["conv_block"])["text"])[0].networks()

    assert first.name == "ResNet50"
    assert [cell.name for cell in others] == ["conv_block 2", "conv_block 3"]
    assert all(cell.layout.keys() >= cell.nodes.keys() for cell in (first, *others))
