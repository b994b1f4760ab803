"""Several machines, as processes on loopback: what they learn together, who writes it, and what a loss comes to."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from weftwork.compiler.document_file import read_notebook_file
from weftwork.editor.cells.run_follower import RunFollower
from weftwork.runtime.distribution.machines import notebook_key, versions
from weftwork.runtime.distribution.wire import Wire, call
from weftwork.runtime.run_directory import RunDirectory, list_runs

from .strategy_notebooks import DROPOUT, NETWORKS, write

pytestmark = [pytest.mark.keras, pytest.mark.long]
ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 400
# The command line as a shell starts it; several files one after another where it trains alone.
PROGRAM = """
import sys
from weftwork.editor.__main__ import _run
files, *options = sys.argv[1:]
sys.exit(max(_run(["train", file, *options]) for file in files.split(",")))
"""


def addresses(count: int) -> str:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ",".join(f"127.0.0.1:{port}" for port in ports)


def weftwork_train(files: str, *options: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, files, *map(str, options)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def start(folder: Path, workers: str, index: int, name: str, *options: object, **training) -> subprocess.Popen[str]:
    """A machine with a folder of its own, as it would have."""
    path = folder / "n.weft"
    if not path.exists():
        write(folder, name, **training)
    return weftwork_train(str(path), "--workers", workers, "--index", index, *options)


def end(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit code, and what it said. A process that hangs fails the test."""
    said = "".join(process.communicate(timeout=PATIENCE_S))
    return process.returncode, said


def the_run(folder: Path) -> RunDirectory:
    (run,) = list_runs(folder)
    return run


def wait_for_rows(chief: subprocess.Popen[str], folder: Path, rows: int) -> RunDirectory:
    until = time.monotonic() + PATIENCE_S
    while not (runs := list_runs(folder)) or len(runs[0].metrics()) < rows:
        assert time.monotonic() < until
        assert chief.poll() is None, chief.communicate()[1][-2000:]
    return runs[0]


def model_of(run: RunDirectory):
    import keras

    return keras.saving.load_model(run.model_path)


def assert_equal_runs(run: RunDirectory, alone: RunDirectory) -> None:
    """Weights, each step's row, each epoch's metrics, evaluate and predict are those of one device."""
    one, other = model_of(run), model_of(alone)
    for mine, theirs in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-5)
    rows, expected = (np.delete(each.metrics(), 2, axis=1) for each in (run, alone))
    np.testing.assert_allclose(rows, expected, atol=1e-5)
    for epoch, of_alone in zip(run.epochs(), alone.epochs(), strict=True):
        assert epoch["metrics"] == pytest.approx(of_alone["metrics"], abs=1e-5)
    with np.load(run.path.parents[2] / "rows.npz") as data:
        x = data["x"]
        y = {"y": data["y"], "z": data["z"][:, None]} if len(one.outputs) > 1 else data["y"]
    for mine, theirs in zip(_answers(one, x), _answers(other, x), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-5)
    evaluated, expected_of = (each.evaluate(x, y, verbose=0, return_dict=True) for each in (one, other))
    assert evaluated == pytest.approx(expected_of, abs=1e-5)


def _answers(model, x: np.ndarray) -> list[np.ndarray]:
    import keras

    return keras.tree.flatten(model.predict(x, verbose=0))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RunDirectory]:
    """Each model trained on one device, all in one process."""
    folder = tmp_path_factory.mktemp("alone")
    files = [write(folder / name, name) for name in NETWORKS]
    code, said = end(weftwork_train(",".join(map(str, files))))
    assert code == 0, said[-2000:]
    return {name: the_run(folder / name) for name in NETWORKS}


@pytest.mark.parametrize(("name", "count"), [*((name, 2) for name in NETWORKS), ("CNN with batch normalization", 3)])
def test_machines_train_what_one_device_does_and_the_chief_alone_writes(tmp_path, alone, name, count):
    workers = addresses(count)
    together = [start(tmp_path / str(index), workers, index, name) for index in range(count)]
    ended = [end(process) for process in together]
    assert [code for code, _ in ended] == [0] * count, "\n".join(said[-2000:] for _, said in ended)
    assert all(not list_runs(tmp_path / str(index)) for index in range(1, count))
    assert all(not [*(tmp_path / str(index)).rglob("*.keras")] for index in range(1, count))
    run = the_run(tmp_path / "0")
    assert_equal_runs(run, alone[name])
    # The page follows it from its files, as any run of this machine.
    follower = RunFollower(run)
    follower.look()
    assert (follower.progress.state, follower.progress.step) == ("finished", len(run.metrics()))
    words = run.info()["placement_words"]
    assert f"{count} replicas train together." in words
    assert ("Batch normalization is synchronized." in words) == ("batch normalization" in name)


def test_run_on_machines_is_paused_and_stopped_by_the_files_of_the_chief(tmp_path):
    workers = addresses(2)
    chief, worker = (start(tmp_path / str(index), workers, index, "dense", epochs=4000) for index in (0, 1))
    run = wait_for_rows(chief, tmp_path / "0", 5)
    run.pause()
    assert run.wait(("paused",), PATIENCE_S) == "paused"
    # Longer than a silent connection would be taken for a lost one.
    paused_at = len(run.metrics())
    run.resume()
    wait_for_rows(chief, tmp_path / "0", paused_at + 5)
    run.stop()
    assert [end(process)[0] for process in (chief, worker)] == [0, 0]
    assert run.state() == "stopped"
    assert run.model_path.exists()


def test_machines_with_dropout_leave_out_what_replicas_of_one_machine_do_and_repeat_it_bit_for_bit(tmp_path):
    whole = write(tmp_path / "replicas", DROPOUT, options={"strategy": "mirrored", "replicas": 2})
    assert end(weftwork_train(str(whole)))[0] == 0
    for folder in (tmp_path / "first", tmp_path / "again"):
        workers = addresses(2)
        together = [start(folder / str(index), workers, index, DROPOUT) for index in (0, 1)]
        assert [end(process)[0] for process in together] == [0, 0]
    first, again = (the_run(tmp_path / name / "0") for name in ("first", "again"))
    assert first.info()["weights_digest"] == again.info()["weights_digest"]
    np.testing.assert_array_equal(*(np.delete(run.metrics(), 2, axis=1) for run in (first, again)))
    # Another mask in each replica: with equal ones these would be other weights.
    assert_equal_runs(first, the_run(tmp_path / "replicas"))


@pytest.mark.parametrize("seed", range(3))
def test_machine_killed_at_random_ends_the_run_with_a_message_and_it_is_resumed(tmp_path, alone, seed):
    random = np.random.default_rng(seed)
    count, rows = (2, 3, 2)[seed], int(random.integers(1, 60))
    # Of two machines once the chief itself.
    victim = 0 if seed == 2 else int(random.integers(1, count))
    name, workers = "dense", addresses(count)
    together = [start(tmp_path / str(index), workers, index, name, epochs=60) for index in range(count)]
    run = wait_for_rows(together[0], tmp_path / "0", rows)
    together[victim].kill()
    ended = [end(process) for process in together]
    assert all(code != 0 for code, _ in ended)
    if victim:
        message = run.message()
        assert run.state() == "failed"
        assert message.startswith(f"Worker {victim} (127.0.0.1:")
        assert f"--resume {run.id}: it goes on from step " in message
        assert message in ended[0][1]
    else:
        assert run.state() == "lost"
        assert "The chief is gone" in ended[1][1]
    again = addresses(count)
    resumed = [
        start(tmp_path / str(index), again, index, name, *(["--resume", run.id] if index == 0 else []))
        for index in range(count)
    ]
    ended = [end(process) for process in resumed]
    assert [code for code, _ in ended] == [0] * count, "\n".join(said[-2000:] for _, said in ended)
    assert run.state() == "finished"
    assert len(run.metrics()) == 60 * 6
    whole = write(tmp_path / "whole", name, epochs=60)
    assert end(weftwork_train(str(whole)))[0] == 0
    for mine, theirs in zip(
        model_of(run).get_weights(), model_of(the_run(tmp_path / "whole")).get_weights(), strict=True
    ):
        np.testing.assert_allclose(mine, theirs, atol=1e-4)  # 360 steps: the rounding of three epochs, twenty times


@pytest.mark.parametrize("seed", range(3))
def test_machine_killed_at_any_moment_keeps_nobody_waiting(tmp_path, seed):
    """While they find each other, start TensorFlow, build, train, validate or save."""
    random = np.random.default_rng(seed)
    workers = addresses(2)
    together = [start(tmp_path / str(index), workers, index, "dense", epochs=60) for index in (0, 1)]
    victim, moment = int(random.integers(2)), time.monotonic() + random.uniform(1, 25)
    while time.monotonic() < moment and together[victim].poll() is None:
        time.sleep(0.01)
    together[victim].kill()
    (_, _), (code, said) = end(together[victim]), end(together[1 - victim])
    assert code == 0 or any(words in said for words in ("gone", "was lost", "id not")), said[-2000:]
    assert "Traceback" not in said


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def port_of(workers: str, index: int) -> int:
    return int(workers.split(",")[index].rpartition(":")[2])


def wait_until_listening(port: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while not listening(port):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_worker_lost_before_tensorflow_has_met_it_ends_the_run_with_a_message(tmp_path):
    """TensorFlow itself would wait for it for an hour."""
    workers = addresses(2)
    chief = start(tmp_path, workers, 0, "dense")
    wire = call(("127.0.0.1", port_of(workers, 0)), PATIENCE_S)
    notebook, _ = read_notebook_file(tmp_path / "n.weft")
    key = notebook_key(notebook, notebook.cell("train"), tmp_path)
    wire.send("hello", index=1, workers=workers.split(","), versions=versions(), key=key)
    assert wire.receive()[0]["do"] == "welcome"
    wire.send("ready")
    assert wire.receive()[0]["do"] == "go"
    # TensorFlow's own server: it waits for the other now, and lets no other thread run.
    wait_until_listening(port_of(workers, 0))
    wire.close()
    code, said = end(chief)
    # Nothing within could have ended it.
    assert code == -signal.SIGKILL
    message = (
        f"Worker 1 (127.0.0.1:{port_of(workers, 1)}) was lost, before the training began. Start all workers again."
    )
    assert message in said
    run = the_run(tmp_path)
    assert (run.state(), run.message()) == ("failed", message)


def test_chief_lost_before_tensorflow_has_met_it_ends_the_worker_with_a_message(tmp_path):
    workers = addresses(2)
    with socket.create_server(("127.0.0.1", port_of(workers, 0))) as listener:
        worker = start(tmp_path, workers, 1, "dense")
        chief = Wire(listener.accept()[0])
    assert chief.receive()[0]["do"] == "hello"
    chief.beat()
    chief.send("welcome")
    assert chief.receive()[0]["do"] == "ready"
    chief.send("go")
    wait_until_listening(port_of(workers, 1))
    chief.close()
    code, said = end(worker)
    assert code == -signal.SIGKILL
    assert "The chief is gone" in said


def test_machine_that_falls_silent_ends_the_run_like_one_that_is_lost(tmp_path):
    """As one whose cable was pulled: its connections stay open, and nothing comes."""
    workers = addresses(2)
    chief, worker = (start(tmp_path / str(index), workers, index, "dense", epochs=4000) for index in (0, 1))
    run = wait_for_rows(chief, tmp_path / "0", 5)
    worker.send_signal(signal.SIGSTOP)
    code, said = end(chief)
    worker.kill()
    end(worker)
    assert code == 1
    assert run.state() == "failed"
    assert run.message().startswith("Worker 1 (127.0.0.1:")
    assert "was lost" in said


def test_worker_with_another_notebook_is_refused(tmp_path):
    workers = addresses(2)
    chief = start(tmp_path / "0", workers, 0, "dense")
    code, said = end(start(tmp_path / "1", workers, 1, "dense", batch_size=8))
    assert code == 1
    assert "The chief refused this worker: Its notebook or its data are not those of the chief." in said
    assert end(start(tmp_path / "2", workers, 1, "dense"))[0] == 0
    assert end(chief)[0] == 0
