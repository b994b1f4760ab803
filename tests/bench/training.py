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

from .epochs import EpochByEpoch, Waits
from .figures import Figure, interleaved, ratio
from .hand_loop import hand_loop
from .report import report


@dataclass(frozen=True)
class Case:
    name: str
    shape: tuple[int, ...]
    body: Callable[[keras.KerasTensor], keras.KerasTensor]
    rows: int
    batch_size: int
    budget: str
    # Whole numbers below this instead of numbers from 0 to 1.
    words: int = 0

    def model(self) -> keras.Model:
        keras.utils.set_random_seed(0)
        inputs = keras.Input(self.shape, dtype="int32" if self.words else "float32")
        return keras.Model(inputs, layers.Dense(10, activation="softmax")(self.body(inputs)))

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        random = np.random.default_rng(0)
        shape = (self.rows, *self.shape)
        x = (
            random.integers(0, self.words, shape, dtype="int32")
            if self.words
            else random.random(shape, dtype="float32")
        )
        return x, random.integers(0, 10, self.rows)


def _dense(x: keras.KerasTensor) -> keras.KerasTensor:
    return layers.Dense(128, activation="relu")(x)


def _convolutions(x: keras.KerasTensor) -> keras.KerasTensor:
    for filters in (16, 32):
        x = layers.MaxPooling2D()(layers.Conv2D(filters, 3, activation="relu")(x))
    return layers.Flatten()(x)


def _attention(x: keras.KerasTensor) -> keras.KerasTensor:
    """Two blocks as in any encoder: attention, then two dense layers, each added to what it got and normalized."""
    x = layers.Embedding(1000, 32)(x)
    for _ in range(2):
        x = layers.LayerNormalization()(x + layers.MultiHeadAttention(4, 8)(x, x))
        x = layers.LayerNormalization()(x + layers.Dense(32)(layers.Dense(64, activation="relu")(x)))
    return layers.GlobalAveragePooling1D()(x)


MLP = Case("MLP 784-128-10", (784,), _dense, 60_000, 128, "≤ 0.5 ×")
CNN = Case("CNN 28×28", (28, 28, 1), _convolutions, 8_000, 64, "≤ 0.85 ×")
TRANSFORMER = Case("transformer, 32 tokens", (32,), _attention, 6_000, 64, "≤ 1 ×", words=1000)


def main(rounds: int = 15) -> None:
    for case in (MLP, CNN, TRANSFORMER):
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
    waits = Waits()
    callbacks = [waits.before, turn, waits.after]
    loop = TrainingLoop(model, arrays, record, epochs=epochs, batch_size=case.batch_size, seed=0, callbacks=callbacks)
    waits.loop = loop
    loop.run()
    record.end("finished", step=loop.position.step)
