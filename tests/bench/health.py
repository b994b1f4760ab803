"""What looking at layers costs: the same training with looks and without, an epoch of each in turn."""

from __future__ import annotations

import tempfile
from pathlib import Path

from .figures import Figure, interleaved, ratio
from .report import report
from .training import CNN, MLP, Case, new_run, own_process


def main(rounds: int = 15) -> None:
    for case in (MLP, CNN):
        with tempfile.TemporaryDirectory() as folder:
            report(_figure(case, rounds, Path(folder)))


def _figure(case: Case, rounds: int, folder: Path) -> Figure:
    runs = {looks: new_run(case, folder, health=looks) for looks in (True, False)}
    trainings = {looks: own_process(case, run, rounds + 1) for looks, run in runs.items()}
    seconds = interleaved(rounds, {"with": trainings[True], "without": trainings[False]})
    for training in trainings.values():
        training.finish()
    cost = runs[True].info()["health"].get("cost", 0.0)
    what = f"{case.name}, layers looked at five times a second or less (told: {cost:.1%})"
    return Figure(what, ratio(seconds, "with", "without"), "the same training without", "≤ 1.05 ×")
