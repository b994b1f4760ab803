"""What looking at layers costs: the same training with looks and without, an epoch of each in turn."""

from __future__ import annotations

import tempfile
from pathlib import Path

import keras

from weftwork.compiler.document import Notebook, TrainingCell
from weftwork.runtime.batches import Arrays
from weftwork.runtime.compile_model import build_all
from weftwork.runtime.run_directory import create_run
from weftwork.runtime.run_record import RunRecord
from weftwork.runtime.training_loop import TrainingLoop

from .epochs import EpochByEpoch, Waits
from .figures import Figure, interleaved, ratio
from .report import report
from .training import CNN, MLP, Case, _compiled


def main(rounds: int = 15) -> None:
    for case in (MLP, CNN):
        with tempfile.TemporaryDirectory() as folder:
            report(_figure(case, rounds, Path(folder)))


def _figure(case: Case, rounds: int, folder: Path) -> Figure:
    x, y = case.data()
    records = {looks: _record(folder, looks) for looks in (True, False)}
    trainings = {
        looks: EpochByEpoch(lambda turn, record=record: _train(case, Arrays(x, y), record, rounds + 1, turn))
        for looks, record in records.items()
    }
    seconds = interleaved(rounds, {"with": trainings[True], "without": trainings[False]})
    for training in trainings.values():
        training.finish()
    cost = records[True].info["health"].get("cost", 0.0)
    what = f"{case.name}, layers looked at five times a second or less (told: {cost:.1%})"
    return Figure(what, ratio(seconds, "with", "without"), "the same training without", "≤ 1.05 ×")


def _record(folder: Path, looks: bool) -> RunRecord:
    cell = TrainingCell(id="training", name="training")
    options = {"health": looks}
    return RunRecord(create_run(folder, Notebook(cells=(cell,)), cell.name, notebook_name="bench", options=options))


def _train(case: Case, arrays: Arrays, record: RunRecord, epochs: int, turn: keras.callbacks.Callback) -> None:
    record.begin(on_stop=lambda: None)
    model = _compiled(case)
    build_all(model, arrays.x, arrays.y)
    waits = Waits()
    loop = TrainingLoop(
        model,
        arrays,
        record,
        epochs=epochs,
        batch_size=case.batch_size,
        seed=0,
        callbacks=[waits.before, turn, waits.after],
    )
    waits.loop = loop
    loop.run()
    record.end("finished", step=loop.position.step)
