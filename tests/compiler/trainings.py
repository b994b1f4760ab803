"""Small notebooks with data, network and training, and a stand-in for Keras' shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from network_text import network

from weftwork.compiler.document import Choice, DataCell, NetworkCell, Notebook, TrainingCell
from weftwork.compiler.network_order import node_order
from weftwork.compiler.pipeline import Checked, check
from weftwork.compiler.specs import DataDescription, DataField, NodeShapes, TensorSpec

DIGITS = DataDescription(
    fields={
        "image": DataField("image", (28, 28, 1), content="image"),
        "digit": DataField("digit", (), "int32", "target", "category", tuple("0123456789")),
    },
    rows=800,
    validation_rows=200,
)
TUMOURS = DataDescription(
    fields={
        "features": DataField("features", (30,), content="features"),
        "diagnosis": DataField("diagnosis", (), "int32", "target", "category", ("benign", "malignant")),
    },
    rows=400,
)
PRICES = DataDescription(
    fields={
        "features": DataField("features", (8,), content="features"),
        "price": DataField("price", (), "float32", "target", "number"),
    },
    rows=400,
    validation_rows=100,
)
ONE_HOT = DataDescription(
    fields={
        "features": DataField("features", (4,), content="features"),
        "species": DataField("species", (3,), "float32", "target", "category", ("a", "b", "c")),
    },
    rows=100,
)
PICTURES = DataDescription(fields={"image": DataField("image", (8, 8, 1), content="image")}, rows=100)


class LastSizes:
    """Shapes of chains: units set the last size, Flatten and pooling leave one axis, all else keeps what it gets."""

    def infer(self, network: NetworkCell) -> dict[str, NodeShapes]:
        shapes: dict[str, NodeShapes] = {}
        sources = {wire.target.node: wire.source.node for wire in network.wires.values()}
        for node_id in node_order(network):
            node = network.nodes[node_id]
            if node.kind == "Input":
                shape = (None, *node.params["shape"])
            else:
                shape = shapes[sources[node_id]].outputs["output"].shape
            if node.kind in ("Flatten", "GlobalAveragePooling2D"):
                shape = (None, 7)
            if "units" in node.params:
                shape = (*shape[:-1], node.params["units"])
            shapes[node_id] = NodeShapes({"output": TensorSpec(shape)}, 1, 1)
        return shapes


def notebook_of(text: str, **settings: Any) -> Notebook:
    """A data cell `numbers`, the network `net` and the training `train` with these settings."""
    cell = TrainingCell(id="train_1", name="train", **{"network": "net", "data": "numbers", **settings})
    return Notebook(cells=(DataCell(id="data_1", name="numbers"), network(text), cell))


def checked(notebook: Notebook, data: DataDescription, oracle: Any = None) -> Checked:
    return check(notebook, oracle=oracle or LastSizes(), data={"numbers": data})


def choice(kind: str, **params: Any) -> Choice:
    return Choice(kind=kind, params=params)


def losses(choices: Mapping[str, Choice]) -> dict[str, tuple[str, dict[str, Any]]]:
    return {node: (chosen.kind, chosen.params) for node, chosen in choices.items()}
