"""What a training takes of memory, as a program of its own: its peak, and what was estimated before it began.

    python -m tests.runtime.memory_taken FOLDER MODEL BATCH

MODEL is one of NETWORKS; "nothing" is a network of a few weights, which shows what the program itself takes. Prints a
JSON line: bytes at the peak, and of the estimate.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

import numpy as np

from weftwork.compiler.document import DataCell, NetworkCell, Node, Notebook, TrainingCell
from weftwork.compiler.memory_estimate import estimate_memory
from weftwork.compiler.write_notebook import write_notebook

from .small_notebooks import chain, node

_BATCHES = 4


def _network(shape: list[int], *layers: Node) -> NetworkCell:
    last = node("Dense", units=2, activation="softmax")
    return chain(node("Input", shape=shape), *layers, last, node("Output"))


def _image(*layers: Node) -> NetworkCell:
    return _network([32, 32, 1], *layers)


def _series(*layers: Node) -> NetworkCell:
    return _network([64, 4], *layers)


def _convolution(filters: int) -> Node:
    return node("Conv2D", filters=filters, kernel_size=3, activation="relu")


NETWORKS = {
    "nothing": _series(node("Flatten")),
    "weights": _series(node("Flatten"), node("Dense", units=4096), node("Dense", units=4096, activation="relu")),
    "pictures": _image(_convolution(32), _convolution(32), node("MaxPooling2D"), _convolution(64), node("Flatten")),
    "normalized": _image(
        _convolution(32), node("BatchNormalization"), node("ReLU"), node("Dropout", rate=0.5), node("Flatten")
    ),
    "recurrent": _series(node("LSTM", units=64)),
    "gated": _series(node("GRU", units=64)),
}


def write(folder: Path, name: str, batch_size: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    network = NETWORKS[name]
    shape = tuple(network.nodes["n0"].params["shape"])
    rows = _BATCHES * batch_size
    x = np.random.default_rng(0).normal(size=(rows, *shape)).astype("float32")
    np.savez(folder / "rows.npz", x=x, y=np.arange(rows) % 2)
    roles = {"x": "feature", "y": "target"}
    types = {"y": "category"}
    data = DataCell(id="data_1", name="rows", source="npz", location="rows.npz", roles=roles, types=types)
    cell = TrainingCell(id="training_1", name="train", network="net", data="rows", batch_size=batch_size, epochs=3)
    path = folder / "n.weft"
    path.write_text(write_notebook(Notebook(cells=(data, network, cell))))
    return path


def main(folder: Path, name: str, batch_size: int) -> None:
    from weftwork.runtime.headless import train
    from weftwork.runtime.inspect_notebook import inspect

    path = write(folder, name, batch_size)
    notebook, problems, checked = inspect(path)
    assert not [problem for problem in problems if problem.severity == "error"], problems
    cell = notebook.cell("train")
    assert isinstance(cell, TrainingCell)
    estimate = estimate_memory(checked.shapes["net"].values(), cell.optimizer)
    assert estimate is not None
    result = train(path)
    assert result["state"] == "finished", result
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"peak": peak, "estimate": estimate.total(batch_size) + estimate.saving}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
