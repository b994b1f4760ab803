"""What readers cost: the same training with nobody reading, and with one that looks ten times a second, one that stands
still with every file open and one that has died. An epoch of each in turn; who reads rests while the other trains."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .figures import Figure, interleaved, ratio
from .report import report
from .training import CNN, new_run, own_process

# As the page does: ten looks a second at all that is new.
READER = """
import sys, time
from weftwork.runtime.run_directory import RunDirectory
run = RunDirectory(sys.argv[1])
held = [open(run.path / name, "rb") for name in ("run.json", "events.jsonl", "control", "notebook.weft")]
rows = offset = 0
print("reads", flush=True)
while True:
    run.info()
    rows += len(run.metrics(rows))
    offset = run.events(offset)[1]
    time.sleep(0.1)
"""


def main(rounds: int = 15) -> None:
    with tempfile.TemporaryDirectory() as folder:
        report(_figure(rounds, Path(folder)))


def _figure(rounds: int, folder: Path) -> Figure:
    runs = [new_run(CNN, folder) for _ in range(2)]
    alone, watched = (own_process(CNN, run, rounds + 1) for run in runs)
    command = [sys.executable, "-c", READER, str(runs[1].path)]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    try:
        for reader in readers:
            if reader.stdout is None or reader.stdout.readline() != "reads\n":
                sys.exit("a reader could not read")
        busy, still, dead = readers
        still.send_signal(signal.SIGSTOP)
        dead.kill()
        dead.wait()
        busy.send_signal(signal.SIGSTOP)

        def with_readers() -> float:
            busy.send_signal(signal.SIGCONT)
            began = time.perf_counter()
            watched()
            seconds = time.perf_counter() - began
            busy.send_signal(signal.SIGSTOP)
            return seconds

        seconds = interleaved(rounds, {"with": with_readers, "without": alone})
    finally:
        for reader in readers:
            reader.kill()
            reader.communicate()
    alone.finish()
    watched.finish()
    what = f"{CNN.name}, with a reader that reads, one that stands still and one that died"
    return Figure(what, ratio(seconds, "with", "without"), "the same training with none", "1 ×")
