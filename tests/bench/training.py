"""Live training, every batch recorded, against `model.fit` on arrays and against a loop written by hand.

Each round trains one epoch of all three. Ours is the loop of a real run in a real run directory, in a process of its
own with the threads that a run of this network has: rows drained to metrics.bin, a checkpoint after each epoch, control
byte and commands looked at, steps per call found by itself. The rivals have TensorFlow's own threads.
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
from weftwork.compiler.from_keras import from_model
from weftwork.runtime.batches import Arrays
from weftwork.runtime.compile_model import build_all
from weftwork.runtime.machine import settle
from weftwork.runtime.run_directory import RunDirectory, create_run
from weftwork.runtime.run_record import RunRecord
from weftwork.runtime.training_loop import TrainingLoop

from .epochs import EpochByEpoch, Waits
from .figures import Figure, interleaved, ratio
from .hand_loop import hand_loop
from .own_process import OwnProcess, Turns
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
        x = layers.LayerNormalization()(layers.Add()([x, layers.MultiHeadAttention(4, 8)(x, x)]))
        inside = layers.Dense(32)(layers.Dense(64, activation="relu")(x))
        x = layers.LayerNormalization()(layers.Add()([x, inside]))
    return layers.GlobalAveragePooling1D()(x)


MLP = Case("MLP 784-128-10", (784,), _dense, 60_000, 128, "≤ 0.5 ×")
CNN = Case("CNN 28×28", (28, 28, 1), _convolutions, 8_000, 64, "≤ 0.85 ×")
TRANSFORMER = Case("transformer, 32 tokens", (32,), _attention, 6_000, 64, "≤ 1 ×", words=1000)


CASES = (MLP, CNN, TRANSFORMER)


def main(rounds: int = 15) -> None:
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            report(*_figures(case, rounds, Path(folder)))


def _figures(case: Case, rounds: int, folder: Path) -> list[Figure]:
    x, y = case.data()
    run = new_run(case, folder)
    # One round more than counts: the first one traces.
    epochs = rounds + 1
    ours = own_process(case, run, epochs)
    fit = EpochByEpoch(lambda turn: _compiled(case).fit(x, y, case.batch_size, epochs, verbose=0, callbacks=[turn]))
    steps_per_call = lambda: int(run.info().get("steps_per_execution", 1))  # noqa: E731
    hand = hand_loop(case.model(), x, y, case.batch_size, steps_per_call)
    seconds = interleaved(rounds, {"ours": ours, "fit": fit, "hand": hand})
    ours.finish()
    fit.finish()
    steps = -(-case.rows // case.batch_size)
    rows = len(run.metrics())
    assert rows == epochs * steps, f"recorded {rows} of {epochs * steps} steps"
    what = f"{case.name}, live training, {steps} steps an epoch, {steps_per_call()} a call"
    what += ", one thread an operation" if run.info()["intra_op_threads"] == 1 else ""
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


def new_run(case: Case, folder: Path, **options: object) -> RunDirectory:
    """A run of the case's network as one draws it."""
    networks = from_model(case.model(), "network").cells
    cell = TrainingCell(id="training", name="training", network=networks[-1].name, batch_size=case.batch_size)
    return create_run(folder, Notebook(cells=(*networks, cell)), cell.name, notebook_name="bench", options=options)


def own_process(case: Case, run: RunDirectory, epochs: int) -> OwnProcess:
    """Trains that run, an epoch a call."""
    return OwnProcess(
        f"from tests.bench import training; training.live({CASES.index(case)}, {str(run.path)!r}, {epochs})"
    )


def live(place: int, path: str, epochs: int) -> None:
    """The life of the process that trains the run in that directory."""
    case, record = CASES[place], RunRecord(RunDirectory(path))
    record.update(**settle(record.info, record.info.get("options") or {}))
    record.begin(on_stop=lambda: None)
    x, y = case.data()
    model = _compiled(case)
    build_all(model, x, y)
    waits = Waits()
    callbacks = [waits.before, Turns(), waits.after]
    loop = TrainingLoop(
        model, Arrays(x, y), record, epochs=epochs, batch_size=case.batch_size, seed=0, callbacks=callbacks
    )
    waits.loop = loop
    loop.run()
    record.end("finished", step=loop.position.step)
