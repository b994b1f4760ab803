"""Run pressed → first batch done, the host being ready, against the exported script started fresh."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from weftwork.compiler.document import ExportCell, TrainingCell
from weftwork.compiler.document_file import read_notebook_file
from weftwork.gallery.cards import cards, copy_card
from weftwork.runtime.host import Host
from weftwork.runtime.run_directory import ENDED, create_run

from .figures import Figure, ratio
from .report import report

_LOOK_S = 0.002

# Runs a script as it is, and ends it after the first batch of its first `fit`.
_UNTIL_FIRST_BATCH = """
import os, runpy, sys
import keras

class Leave(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        os._exit(0)

def fit(self, *given, callbacks=(), fit=keras.Model.fit, **named):
    return fit(self, *given, callbacks=[*callbacks, Leave()], **named)

keras.Model.fit = fit
runpy.run_path(sys.argv[1], run_name="__main__")
sys.exit("no batch was trained")
"""


def main(rounds: int = 5) -> None:
    host = Host()
    host.start()
    try:
        for card in cards():
            with tempfile.TemporaryDirectory() as folder:
                report(_figure(copy_card(card.name, Path(folder)), host, rounds))
    finally:
        host.close()


def _figure(path: Path, host: Host, rounds: int) -> Figure:
    if not host.wait_ready(300):
        sys.exit(host.message)
    script = _export(path, host)
    # The script twice in each case: it takes seconds, and the export has loaded all that both of them read.
    seconds = {"script": [_script(script, host) for _ in range(min(rounds, 2))]}
    seconds["ours"] = [_run(path, host) for _ in range(rounds)]
    return Figure(
        f"Run → first batch, {path.stem}",
        f"{statistics.median(seconds['ours']):.2f} s, {ratio(seconds, 'ours', 'script')}",
        f"the exported script started fresh: {statistics.median(seconds['script']):.2f} s",
        "≤ 1.5 s, aim 0.25 ×",
    )


def _export(path: Path, host: Host) -> Path:
    notebook, _ = read_notebook_file(path)
    cell = next(cell for cell in notebook.cells if isinstance(cell, ExportCell))
    arguments = {"file": str(path), "to": "python", "cell": cell.name}
    return Path(host.call("weftwork.runtime.headless:export_task", arguments)["path"])


def _run(path: Path, host: Host) -> float:
    notebook, _ = read_notebook_file(path)
    cell = next(cell for cell in notebook.cells if isinstance(cell, TrainingCell))
    # As when somebody has looked at the notebook before pressing Run: the spare child has had its second.
    if not host.wait_warm(300):
        sys.exit("the host keeps no child ready")
    start = time.perf_counter()
    run = create_run(path.parent, notebook, cell.name, notebook_name=path.name)
    host.start_run(run)
    rows = run.path / "metrics.bin"
    while not (rows.exists() and rows.stat().st_size):
        if run.state() in ENDED:
            sys.exit(f"the run of {path.name} ended before its first batch: {run.info().get('message')}")
        time.sleep(_LOOK_S)
    seconds = time.perf_counter() - start
    run.stop()
    while run.state() not in ENDED:
        time.sleep(0.05)
    return seconds


def _script(script: Path, host: Host) -> float:
    # Else the next spare child would be made ready beside it.
    host.wait_warm(300)
    start = time.perf_counter()
    command = [sys.executable, "-c", _UNTIL_FIRST_BATCH, str(script)]
    done = subprocess.run(command, cwd=script.parent, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{script.name} failed: {done.stderr[-2000:]}")
    return seconds
