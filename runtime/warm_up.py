"""A tiny run in a temporary folder, so that all that is done only once in a process is done before the real run.

Reading and checking a notebook, building, tracing and running a graph, validation, a checkpoint, the saved model: the
first time each costs much more than ever after. Nothing of it is left behind that the next run could see.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import keras
import numpy as np

from ..compiler.document import DataCell, NetworkCell, Node, Notebook, Source, Target, TrainingCell, Wire
from .run_directory import create_run
from .run_record import RunRecord
from .trainer import train

# What most networks are made of; what each of them needs from TensorFlow is then loaded.
_LAYERS = (
    Node(kind="Input", params={"shape": [8, 8, 1]}),
    Node(kind="Conv2D", params={"filters": 2, "kernel_size": 3, "padding": "same"}),
    Node(kind="BatchNormalization"),
    Node(kind="ReLU"),
    Node(kind="MaxPooling2D"),
    Node(kind="Flatten"),
    Node(kind="Dropout", params={"rate": 0.1}),
    Node(kind="Dense", params={"units": 2, "activation": "softmax"}),
    Node(kind="Output"),
)
_ROWS = 40


def warm_up(threads: int) -> None:
    """Trains one epoch of a few steps, an operation in that many threads. Raises OSError where there is no room for a
    temporary folder."""
    with tempfile.TemporaryDirectory(prefix="weftwork-") as folder:
        notebook = _notebook(Path(folder))
        run = create_run(Path(folder), notebook, "train", notebook_name="warm-up", options={"threads": threads})
        train(RunRecord(run), on_stop=lambda: None)
    # Names, seeds and graphs are counted anew, as in a process that has just begun.
    keras.utils.clear_session()


def _notebook(folder: Path) -> Notebook:
    np.savez(folder / "rows.npz", x=np.zeros((_ROWS, 8, 8, 1), np.float32), y=np.arange(_ROWS) % 2)
    ids = [f"n{number}" for number in range(len(_LAYERS))]
    wires = {
        f"w{number}": Wire(source=Source(ids[number]), target=Target(ids[number + 1])) for number in range(len(ids) - 1)
    }
    return Notebook(
        cells=(
            DataCell(id="data", name="rows", source="npz", location="rows.npz", types={"y": "category"}),
            NetworkCell(id="net", name="net", nodes=dict(zip(ids, _LAYERS, strict=True)), wires=wires),
            TrainingCell(id="train", name="train", network="net", data="rows", epochs=1, batch_size=8),
        )
    )
