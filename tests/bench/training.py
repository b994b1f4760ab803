"""Live training, every batch recorded, against `model.fit` on arrays and against a loop written by hand.

Each round trains one epoch of all three. Ours is the loop of a real run in a real run directory: rows drained to
metrics.bin, a checkpoint after each epoch, control byte and commands looked at, steps per call found by itself.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from keras import layers

from weftwork.compiler.document import Notebook, TrainingCell
from weftwork.runtime.batches import Arrays
from weftwork.runtime.compile_model import build_all
from weftwork.runtime.run_directory import create_run
from weftwork.runtime.run_record import RunRecord
from weftwork.runtime.training_loop import TrainingLoop

from .epochs import EpochByEpoch
from .figures import Figure, interleaved, ratio
from .hand_loop import hand_loop
from .report import report


@dataclass(frozen=True)
class Case:
    name: str
    shape: tuple[int, ...]
    layers: Callable[[], list[keras.Layer]]
    rows: int
    batch_size: int
    budget: str

    def model(self) -> keras.Model:
        keras.utils.set_random_seed(0)
        return keras.Sequential([keras.Input(self.shape), *self.layers(), layers.Dense(10, activation="softmax")])

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        random = np.random.default_rng(0)
        x = random.random((self.rows, *self.shape), dtype="float32")
        return x, random.integers(0, 10, self.rows)


MLP = Case("MLP 784-128-10", (784,), lambda: [layers.Dense(128, activation="relu")], 60_000, 128, "≤ 0.5 ×")
CNN = Case(
    "CNN 28×28",
    (28, 28, 1),
    lambda: [
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
    ],
    8_000,
    64,
    "≤ 0.85 ×",
)


def main(rounds: int = 15) -> None:
    for case in (MLP, CNN):
        with tempfile.TemporaryDirectory() as folder:
            report(*_figures(case, rounds, Path(folder)))


def _figures(case: Case, rounds: int, folder: Path) -> list[Figure]:
    x, y = case.data()
    cell = TrainingCell(id="training", name="training")
    record = RunRecord(create_run(folder, Notebook(cells=(cell,)), cell.name, notebook_name="bench"))
    # One round more than counts: the first one traces.
    epochs = rounds + 1
    ours = EpochByEpoch(lambda turn: _live(case, Arrays(x, y), record, epochs, turn))
    fit = EpochByEpoch(lambda turn: _compiled(case).fit(x, y, case.batch_size, epochs, verbose=0, callbacks=[turn]))
    steps_per_call = lambda: int(record.info.get("steps_per_execution", 1))  # noqa: E731
    hand = hand_loop(case.model(), x, y, case.batch_size, steps_per_call)
    seconds = interleaved(rounds, {"ours": ours, "fit": fit, "hand": hand})
    ours.finish()
    fit.finish()
    steps = -(-case.rows // case.batch_size)
    rows = len(record.run.metrics())
    assert rows == epochs * steps, f"recorded {rows} of {epochs * steps} steps"
    what = f"{case.name}, live training, {steps} steps an epoch, {steps_per_call()} a call"
    hand_to_fit = f"`model.fit(numpy)` (hand-written loop to it: {ratio(seconds, 'hand', 'fit')})"
    return [
        Figure(what, ratio(seconds, "ours", "fit"), hand_to_fit, case.budget),
        Figure(what, ratio(seconds, "ours", "hand"), "hand-written `tf.function` loop, same steps a call", "≤ 1.1 ×"),
    ]


def _compiled(case: Case) -> keras.Model:
    model = case.model()
    model.compile(
        optimizer=keras.optimizers.Adam(),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
        jit_compile=False,
    )
    return model


def _live(case: Case, arrays: Arrays, record: RunRecord, epochs: int, turn: keras.callbacks.Callback) -> None:
    record.begin(on_stop=lambda: None)
    model = _compiled(case)
    build_all(model, arrays.x, arrays.y)
    loop = TrainingLoop(model, arrays, record, epochs=epochs, batch_size=case.batch_size, seed=0, callbacks=[turn])
    loop.run()
    record.end("finished", step=loop.position.step)
