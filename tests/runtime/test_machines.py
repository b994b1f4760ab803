"""Several machines, as processes on loopback: what they learn together, who writes it, and what a loss comes to."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from weftwork.compiler.write_notebook import write_notebook
from weftwork.runtime.run_directory import RunDirectory, list_runs

from .small_notebooks import notebook

pytestmark = [pytest.mark.keras, pytest.mark.long]
ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 400
PROGRAM = """
import json, sys
from weftwork.runtime.headless import train
from weftwork.runtime.run_state import RunRefused
file, workers, index, epochs, resume = sys.argv[1:]
together = {"workers": workers, "index": int(index)} if workers else {}
try:
    result = train(file, epochs=int(epochs), resume=resume or None, **together)
except RunRefused as error:
    sys.exit(str(error))
print(json.dumps(result))
sys.exit(result["state"] != "finished")
"""


def addresses(count: int) -> str:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ",".join(f"127.0.0.1:{port}" for port in ports)


def start(folder: Path, workers: str, index: int, *, epochs: int = 3, resume: str = "", **rows: int):
    """A machine with a folder of its own, as it would have."""
    if not folder.exists():
        folder.mkdir()
        (folder / "n.weft").write_text(write_notebook(notebook(folder, "batch normalization", **{"rows": 330, **rows})))
    command = [sys.executable, "-c", PROGRAM, str(folder / "n.weft"), workers, str(index), str(epochs), resume]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def end(process: subprocess.Popen) -> tuple[int, dict, str]:
    out, err = process.communicate(timeout=PATIENCE_S)
    lines = [line for line in out.splitlines() if line.startswith("{")]
    return process.returncode, json.loads(lines[-1]) if lines else {}, err


def weights(run: RunDirectory) -> list[np.ndarray]:
    import keras

    return keras.saving.load_model(run.model_path, compile=False).get_weights()


@pytest.mark.parametrize("count", [2, 3])
def test_machines_train_what_one_does_and_the_chief_alone_writes(tmp_path, count):
    workers = addresses(count)
    together = [start(tmp_path / str(index), workers, index) for index in range(count)]
    ended = [end(process) for process in together]
    assert [code for code, _, _ in ended] == [0] * count, ended[0][2][-2000:]
    assert end(start(tmp_path / "alone", "", 0))[0] == 0
    (run,), (alone,) = list_runs(tmp_path / "0"), list_runs(tmp_path / "alone")
    assert all(not list_runs(tmp_path / str(index)) for index in range(1, count))
    for one, other in zip(weights(run), weights(alone), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
    for one, other in zip(run.epochs(), alone.epochs(), strict=True):
        assert one["metrics"] == pytest.approx(other["metrics"], abs=1e-5)


def test_lost_worker_ends_the_run_with_a_message_and_it_is_resumed(tmp_path):
    workers = addresses(2)
    chief, worker = (start(tmp_path / str(index), workers, index, epochs=400) for index in (0, 1))
    until = time.monotonic() + PATIENCE_S
    while not (runs := list_runs(tmp_path / "0")) or len(runs[0].metrics()) < 40:
        assert time.monotonic() < until
        assert chief.poll() is None, chief.communicate()[1][-2000:]
    worker.kill()
    code, _, err = end(chief)
    worker.communicate()
    (run,) = runs
    assert code == 1
    assert run.state() == "failed"
    assert run.message().startswith("Worker 1 (127.0.0.1:")
    assert f"--resume {run.id}: it goes on from step " in run.message()
    assert run.message() in err


def test_worker_with_another_notebook_is_refused(tmp_path):
    workers = addresses(2)
    chief = start(tmp_path / "0", workers, 0)
    code, _, err = end(start(tmp_path / "1", workers, 1, batch_size=16))
    assert code == 1
    assert "The chief refused this worker: Its notebook or its data are not those of the chief." in err
    assert end(start(tmp_path / "2", workers, 1))[0] == 0
    assert end(chief)[0] == 0
