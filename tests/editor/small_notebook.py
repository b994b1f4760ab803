"""A small notebook on a small table, complete enough to be checked, trained, evaluated and exported in seconds."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np

from weftwork.compiler.document import (
    DataCell,
    EvaluationCell,
    ExportCell,
    NetworkCell,
    Node,
    Notebook,
    Position,
    Preparation,
    Source,
    Target,
    TextCell,
    TrainingCell,
    Wire,
)
from weftwork.compiler.document_file import write_notebook

NODES = {
    "input_1": Node(kind="Input", params={"shape": [3]}, label="leaf"),
    "dense_1": Node(kind="Dense", params={"units": 8, "activation": "relu"}),
    "dense_2": Node(kind="Dense", params={"units": 2, "activation": "softmax"}),
    "output_1": Node(kind="Output", label="tree"),
}


def chain(*ids: str) -> dict[str, Wire]:
    """Wires from each node to the next."""
    return {f"wire_{i}": Wire(source=Source(a), target=Target(b)) for i, (a, b) in enumerate(pairwise(ids))}


def small_notebook() -> Notebook:
    network = NetworkCell(
        id="net",
        name="classifier",
        nodes=NODES,
        wires=chain(*NODES),
        layout={id_: Position(240 * i, 0) for i, id_ in enumerate(NODES)},
    )
    return Notebook(
        cells=(
            TextCell(id="intro", name="intro", text="# Leaves\nTwo trees, three measurements."),
            DataCell(
                id="data",
                name="leaves",
                source="csv",
                location="leaves.csv",
                roles={"tree": "target"},
                preparation=(Preparation(step="standardise"),),
            ),
            network,
            TrainingCell(id="fit", name="fit", network="classifier", data="leaves", epochs=3, batch_size=16),
            EvaluationCell(id="eval", name="evaluation", training="fit"),
            ExportCell(id="export", name="export", training="fit"),
        )
    )


def write_small_notebook(folder: Path) -> Path:
    """Writes leaves.weft and its table into a folder, and gives the notebook's path."""
    rng = np.random.default_rng(3)
    rows = ["width,length,weight,tree"]
    for i in range(120):
        tree = i % 2
        width, length, weight = rng.normal([4 + 2 * tree, 9 - tree, 1], [0.7, 1.5, 0.2])
        rows.append(f"{width:.3f},{length:.3f},{weight:.3f},{'oak' if tree else 'elm'}")
    (folder / "leaves.csv").write_text("\n".join(rows) + "\n")
    path = folder / "leaves.weft"
    path.write_text(write_notebook(small_notebook()))
    return path
