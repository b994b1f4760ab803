"""The models of the table of strategies as notebooks, for runs that begin with a file: several machines, and JAX.

No random layers, and no bias before batch normalization, whose rounding noise Adam would turn into steps. The last
batch of an epoch is short, so that replicas get unequal numbers of rows.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from weftwork.compiler.document import Choice, DataCell, NetworkCell, Node, Notebook, TrainingCell, Wire
from weftwork.compiler.write_notebook import write_notebook

from .small_notebooks import chain, node

ROWS, BATCH = 104, 16


def _classes(*layers: Node, shape: tuple[int, ...]) -> NetworkCell:
    return chain(
        node("Input", shape=list(shape)), *layers, node("Dense", units=3, activation="softmax"), node("Output")
    )


def dense() -> NetworkCell:
    return _classes(node("Dense", units=16, activation="relu"), shape=(8,))


def image() -> NetworkCell:
    convolution = node("Conv2D", filters=4, kernel_size=3, use_bias=False)
    return _classes(convolution, node("BatchNormalization"), node("ReLU"), node("Flatten"), shape=(8, 8, 1))


def dropout() -> NetworkCell:
    return _classes(node("Dense", units=16, activation="relu"), node("Dropout", rate=0.5), shape=(8,))


def recurrent() -> NetworkCell:
    return _classes(node("LSTM", units=5), shape=(6, 3))


def embedding() -> NetworkCell:
    layers = node("Embedding", input_dim=20, output_dim=4), node("GlobalAveragePooling1D")
    return _classes(*layers, shape=(6,))


def two_outputs() -> NetworkCell:
    nodes = {
        "x": node("Input", shape=[8]),
        "hidden": node("Dense", units=12, activation="relu"),
        "classes": node("Dense", units=3, activation="softmax"),
        "number": node("Dense", units=1),
        "y": Node(kind="Output", label="y"),
        "z": Node(kind="Output", label="z"),
    }
    pairs = [("x", "hidden"), ("hidden", "classes"), ("hidden", "number"), ("classes", "y"), ("number", "z")]
    wires = {
        f"w{number}": Wire(source=(one, "output"), target=(other, "inputs", 0))
        for number, (one, other) in enumerate(pairs)
    }
    return NetworkCell(id="network_1", name="net", nodes=nodes, wires=wires)


NETWORKS: dict[str, tuple[Callable[[], NetworkCell], tuple[int, ...]]] = {
    "dense": (dense, (8,)),
    "CNN with batch normalization": (image, (8, 8, 1)),
    "recurrent": (recurrent, (6, 3)),
    "two outputs": (two_outputs, (8,)),
    "embedding": (embedding, (6,)),
}

# Each replica leaves out other units, so this is no row of the table.
DROPOUT = "dropout"
_ALL = {**NETWORKS, DROPOUT: (dropout, (8,))}


def write(folder: Path, name: str, **training: Any) -> Path:
    """Makes `folder` with the notebook `n.weft` and its data; gives the notebook's path."""
    folder.mkdir(parents=True, exist_ok=True)
    network, shape = _ALL[name]
    random = np.random.default_rng(0)
    x = random.normal(size=(ROWS, *shape)).astype("float32")
    y = np.digitize(x.reshape(ROWS, -1)[:, :3].sum(axis=1), [-1, 1]).astype("int64")
    z = x.reshape(ROWS, -1).sum(axis=1).astype("float32")
    if name == "embedding":
        x = np.mod(np.abs(x * 10).astype("int64"), 20).astype("float32")
    np.savez(folder / "rows.npz", x=x, y=y, z=z)
    data = DataCell(
        id="data_1",
        name="rows",
        source="npz",
        location="rows.npz",
        types={"y": "category", "z": "number"},
        roles={"x": "feature", "y": "target", "z": "target" if name == "two outputs" else "ignore"},
    )
    settings: dict[str, Any] = {
        "batch_size": BATCH,
        "epochs": 3,
        "optimizer": Choice(kind="Adam", params={"learning_rate": 0.01}),
        **({"targets": {"y": "y", "z": "z"}} if name == "two outputs" else {}),
        **training,
    }
    cell = TrainingCell(id="training_1", name="train", network="net", data="rows", **settings)
    path = folder / "n.weft"
    path.write_text(write_notebook(Notebook(cells=(data, network(), cell))))
    return path
