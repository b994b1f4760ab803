"""Runs by JAX: what Keras' own fit would learn, live, paused and resumed like any other; a network over devices."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from weftwork.compiler.backends_here import INSTALL_JAX, has_jax
from weftwork.runtime.run_directory import RunDirectory, create_run

from .conftest import PATIENCE_S
from .small_notebooks import notebook
from .strategy_models import MODELS
from .strategy_notebooks import write

pytestmark = [
    pytest.mark.keras,
    pytest.mark.long,
    pytest.mark.skipif(not has_jax(), reason=f"JAX is not installed: {INSTALL_JAX}"),
]
ROOT = Path(__file__).resolve().parents[2]
BY_JAX = {"backend": "jax"}
SPREAD = {"backend": "jax", "strategy": "model-parallel"}


def trained(folder: Path, strategy: str, *names: str, devices: int = 1) -> dict[str, dict]:
    environment = {**os.environ, "KERAS_BACKEND": "jax"}
    if devices > 1:
        environment["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={devices}"
    command = [sys.executable, "-m", "tests.runtime.train_by_jax", str(folder), strategy, *names]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stderr[-3000:]
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    found = [{**each, "arrays": dict(np.load(each["arrays"]))} for each in told]
    return dict(zip(names, found, strict=True))


@pytest.fixture(scope="module")
def on_one_device(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    return trained(tmp_path_factory.mktemp("one"), "one", *MODELS, "dropout")


@pytest.mark.parametrize("name", [*MODELS, "dropout"])
def test_our_loop_learns_what_fit_learns(on_one_device, name):
    assert on_one_device[name]["state"] == "finished"
    assert on_one_device[name]["difference"] <= 1e-6


@pytest.fixture(scope="module")
def on_two_devices(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    names = [name for name in MODELS if name != "one row left"]
    dropout = ["dropout", "dropout@again"]
    return trained(tmp_path_factory.mktemp("two"), "model-parallel", *names, *dropout, devices=2)


@pytest.mark.parametrize("name", [name for name in MODELS if name != "one row left"])
def test_network_spread_over_two_devices_learns_what_fit_learns_on_one(on_two_devices, name):
    found = on_two_devices[name]
    assert found["state"] == "finished"
    assert found["difference"] <= 1e-5
    *others, last = found["kernel"]
    # Three classes cannot be shared by two: that kernel stays whole.
    part = [*others, last // 2 if last % 2 == 0 else last]
    assert found["parts"] == [part, part]


@pytest.mark.parametrize("name", [name for name in MODELS if name != "one row left"])
def test_network_spread_over_two_devices_tells_evaluates_and_predicts_as_on_one(on_one_device, on_two_devices, name):
    one, two = on_one_device[name], on_two_devices[name]
    assert one["arrays"].keys() == two["arrays"].keys()
    for key, expected in one["arrays"].items():
        np.testing.assert_allclose(two["arrays"][key], expected, atol=1e-5)
    assert len(two["logs"]) == 3
    for of_two, of_one in zip(two["logs"], one["logs"], strict=True):
        assert of_two == pytest.approx(of_one, abs=1e-5)
    assert two["evaluate"] == pytest.approx(one["evaluate"], abs=1e-5)


def test_network_with_dropout_spread_over_two_devices_repeats_itself_bit_for_bit(on_two_devices):
    first, again = (on_two_devices[name]["arrays"] for name in ("dropout", "dropout@again"))
    for key, expected in first.items():
        np.testing.assert_array_equal(again[key], expected)


def test_even_kernels_are_spread_over_the_devices(on_two_devices):
    spread = [name for name, found in on_two_devices.items() if found["parts"][0] != found["kernel"]]
    assert {"dense", "recurrent", "two outputs", "embedding"} <= set(spread)


@pytest.fixture
def run_by_host(host, tmp_path):
    def start(name: str = "dropout", **training) -> RunDirectory:
        epochs = training.pop("epochs", 3)
        made = notebook(tmp_path, name, epochs=epochs, options=BY_JAX, **training)
        run = create_run(tmp_path, made, "train", notebook_name="test.weft")
        host.start_run(run)
        return run

    return start


def wait_for(run: RunDirectory, rows: int) -> None:
    end = time.monotonic() + PATIENCE_S
    while len(run.metrics()) < rows:
        assert time.monotonic() < end
        assert run.state() not in ("failed", "lost"), run.message() + (run.path / "log.txt").read_text()
        time.sleep(0.02)


def digest(run: RunDirectory) -> str:
    return run.info()["weights_digest"]


def test_run_by_jax_is_live_and_is_paused_stopped_and_resumed_to_the_same_bits(host, run_by_host):
    whole = run_by_host(epochs=30)
    assert whole.wait(timeout=PATIENCE_S) == "finished", whole.message()
    run = run_by_host(epochs=30)
    wait_for(run, 5)
    assert run.state() == "running"
    run.pause()
    assert run.wait(("paused",), PATIENCE_S) == "paused"
    at = len(run.metrics())
    assert 5 <= at < 30 * 32
    time_of_last = run.heartbeat()
    run.resume()
    wait_for(run, at + 5)
    assert run.heartbeat() >= time_of_last
    run.stop()
    assert run.wait(timeout=PATIENCE_S) == "stopped"
    host.resume_run(run)
    assert run.wait(timeout=PATIENCE_S) == "finished"
    assert digest(run) == digest(whole)
    np.testing.assert_array_equal(np.delete(run.metrics(), 2, axis=1), np.delete(whole.metrics(), 2, axis=1))


def test_run_by_jax_tells_its_backend_and_refuses_to_look_at_layers(run_by_host):
    run = run_by_host(epochs=400)
    wait_for(run, 1)
    asked = run.command("look", {"layer": "dense"})
    end = time.monotonic() + PATIENCE_S
    while not (told := [event for event in run.events()[0] if event.get("id") == asked]):
        assert time.monotonic() < end
        time.sleep(0.02)
    run.stop()
    assert run.wait(timeout=PATIENCE_S) == "stopped"
    assert (told[0]["accepted"], told[0]["message"]) == (False, "This run was begun without a look at its layers.")
    info = run.info()
    assert info["placement"] == BY_JAX
    assert info["placement_words"] == "Trains by JAX. Its layers are not looked at."
    assert "jax" in info["versions"]


@pytest.mark.parametrize("placement", [BY_JAX, SPREAD], ids=["one device", "spread"])
def test_command_line_trains_by_jax_and_tensorflow_reads_the_model(tmp_path, capfd, placement):
    import keras

    from weftwork.editor.__main__ import _run

    path = write(tmp_path, "CNN with batch normalization")
    options = [part for name, value in placement.items() for part in (f"--{name}", value)]
    assert _run(["train", str(path), *options, "--json"]) == 0
    result = json.loads(capfd.readouterr().out)
    run = RunDirectory(Path(result["directory"]))
    assert run.info()["placement"] == placement
    assert keras.backend.backend() == "tensorflow"
    model = keras.saving.load_model(run.model_path)
    from weftwork.runtime.evaluate import evaluate_run

    found = evaluate_run(result["directory"], str(tmp_path))
    assert found["accuracy"] == pytest.approx(result["metrics"]["val_accuracy"], abs=1e-6)
    assert model.count_params() > 0
    assert _run(["train", str(path), "--reproduce", result["run"], "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["matched"] is True


def test_diverging_run_by_jax_ends_with_its_last_good_weights(run_by_host):
    from weftwork.compiler.document import Choice

    run = run_by_host(epochs=30, optimizer=Choice(kind="SGD", params={"learning_rate": 1e30}))
    assert run.wait(timeout=PATIENCE_S) == "diverged", run.message()
    assert run.message().startswith("Diverged: at step ")
