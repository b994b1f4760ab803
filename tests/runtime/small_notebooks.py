"""Notebooks that train in a second on a few hundred rows, one for each thing that a resume must bring back."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from weftwork.compiler.document import Choice, DataCell, NetworkCell, Node, Notebook, TrainingCell, Wire


def chain(*nodes: Node) -> NetworkCell:
    """A network of nodes one after another, from an Input to an Output."""
    ids = [f"n{number}" for number in range(len(nodes))]
    wires = {
        f"w{number}": _wire(before, after, nodes[number + 1].kind)
        for number, (before, after) in enumerate(pairwise(ids))
    }
    return NetworkCell(id="network_1", name="net", nodes=dict(zip(ids, nodes, strict=True)), wires=wires)


def _wire(before: str, after: str, kind: str) -> Wire:
    port = "sequences" if kind in ("LSTM", "GRU", "Bidirectional") else "inputs"
    return Wire(source=(before, "output"), target=(after, port, 0))


def node(kind: str, **params: Any) -> Node:
    return Node(kind=kind, params=params, label={"Input": "x", "Output": "y"}.get(kind, ""))


NETWORKS: dict[str, tuple[tuple[int, ...], tuple[Node, ...]]] = {
    "dropout": ((8,), (node("Dense", units=16, activation="relu"), node("Dropout", rate=0.3))),
    "batch normalization": (
        (8, 8, 1),
        (node("Conv2D", filters=4, kernel_size=3), node("BatchNormalization"), node("Flatten")),
    ),
    "lstm": ((6, 3), (node("LSTM", units=5, dropout=0.2, recurrent_dropout=0.2),)),
}
SCHEDULE = {"kind": "CosineDecay", "params": {"initial_learning_rate": 0.02, "decay_steps": 400}}


def notebook(folder: Path, name: str = "dropout", *, rows: int = 320, **training: Any) -> Notebook:
    """A notebook with one of NETWORKS, its data in `folder`, and a training cell called train."""
    shape, layers = NETWORKS[name]
    _write_data(folder, shape, rows)
    net = chain(node("Input", shape=list(shape)), *layers, node("Dense", units=3, activation="softmax"), node("Output"))
    return _assemble(net, training)


def two_outputs(folder: Path, *, rows: int = 320, **training: Any) -> Notebook:
    """One Input, a class and a number."""
    _write_data(folder, (8,), rows)
    nodes = {
        "x": node("Input", shape=[8]),
        "hidden": node("Dense", units=12, activation="relu"),
        "noise": node("GaussianNoise", stddev=0.1),
        "classes": node("Dense", units=3, activation="softmax"),
        "number": node("Dense", units=1),
        "y": Node(kind="Output", label="y"),
        "z": Node(kind="Output", label="z"),
    }
    pairs = ["x hidden", "hidden noise", "noise classes", "noise number", "classes y", "number z"]
    wires = {
        f"w{number}": Wire(source=(pair.split()[0], "output"), target=(pair.split()[1], "inputs", 0))
        for number, pair in enumerate(pairs)
    }
    net = NetworkCell(id="network_1", name="net", nodes=nodes, wires=wires)
    return _assemble(net, {"targets": {"y": "y", "z": "z"}, **training}, number=True)


def _write_data(folder: Path, shape: tuple[int, ...], rows: int) -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=(rows, *shape)).astype("float32")
    y = np.digitize(x.reshape(rows, -1)[:, :3].sum(axis=1), [-1, 1]).astype("int64")
    np.savez(folder / "rows.npz", x=x, y=y, z=x.reshape(rows, -1).sum(axis=1).astype("float32"))


def _assemble(net: NetworkCell, training: dict[str, Any], *, number: bool = False) -> Notebook:
    data = DataCell(
        id="data_1",
        name="rows",
        source="npz",
        location="rows.npz",
        types={"y": "category", "z": "number"},
        roles={"x": "feature", "y": "target", "z": "target" if number else "ignore"},
    )
    settings = {"batch_size": 8, "epochs": 3, "optimizer": Choice(kind="Adam", params={"learning_rate": SCHEDULE})}
    cell = TrainingCell(id="training_1", name="train", network="net", data="rows", **{**settings, **training})
    return Notebook(cells=(data, net, cell))
