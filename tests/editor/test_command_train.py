"""`weftwork train` with an earlier run: repeated, forked, gone on with."""

import json

import pytest

from tests.editor.small_notebook import write_small_notebook
from weftwork.editor.__main__ import _run
from weftwork.runtime.run_directory import RunDirectory

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return write_small_notebook(tmp_path_factory.mktemp("leaves"))


@pytest.fixture(scope="module")
def trained(path):
    from weftwork.runtime.headless import train

    return train(path, epochs=1)


@pytest.fixture
def weftwork(capfd):
    """Runs a command in this process: (exit code, standard output)."""

    def call(*arguments):
        code = _run([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return code, out + err

    return call


def test_reproduce_says_whether_it_matched_and_ends_with_1_where_not(weftwork, path, trained):
    code, out = weftwork("train", path, "--reproduce", trained["run"], "--json")
    result = json.loads(out)
    assert (code, result["matched"], result["reproduces"]) == (0, True, trained["run"])
    assert result["digests"][0] == result["digests"][1]
    assert result["differs"] == {}
    assert result["metrics"] == trained["metrics"]
    code, out = weftwork("train", path, "--reproduce", trained["run"])
    assert code == 0
    assert f"It matches {trained['run']} bit for bit." in out

    run = RunDirectory(trained["directory"])
    info = run.info()
    other = {**info, "weights_digest": "0" * 64, "versions": {**info["versions"], "keras": "0.1"}}
    (run.path / "run.json").write_text(json.dumps(other))
    try:
        code, out = weftwork("train", path, "--reproduce", trained["run"])
        assert code == 1
        assert f"It does not match {trained['run']}: the weights differ." in out
        assert "versions was" in out
        code, out = weftwork("train", path, "--reproduce", trained["run"], "--json")
        assert (code, json.loads(out)["matched"]) == (1, False)
    finally:
        (run.path / "run.json").write_text(json.dumps(info))


def test_run_records_what_decided_its_bits(trained):
    info = RunDirectory(trained["directory"]).info()
    assert {"seed", "versions", "device", "data_fingerprint", "network_key", "key", "weights_digest"} <= set(info)
    assert len(info["weights_digest"]) == 64
    assert info["weights_step"] == trained["steps"]


def test_fork_trains_on_from_a_checkpoint(weftwork, path, trained):
    run = trained["run"]
    code, out = weftwork("train", path, "--fork", f"{run}@0", "--epochs", 1, "--learning-rate", 0.01, "--json")
    result = json.loads(out)
    assert (code, result["state"], result["parent"]) == (0, "finished", {"run": run, "step": 0})
    rates = RunDirectory(result["directory"]).metrics()[:, -3:]
    assert (abs(rates - 0.01) < 1e-6).any(axis=1).all()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--fork", "{run}"], "needs more of them"),
        (["--fork", "{run}@soon"], "RUN@STEP"),
        (["--fork", "{run}@7777"], "no checkpoint of step 7777"),
        (["--reproduce", "{run}", "--epochs", "3"], "its own number of epochs"),
        (["--reproduce", "{run}", "--resume", "{run}"], "choose one"),
        (["--reproduce", "{run}", "--learning-rate", "0.1"], "its own learning rate"),
    ],
)
def test_what_cannot_be_taken_up_is_refused_in_one_line(weftwork, path, trained, options, reason):
    code, out = weftwork("train", path, *(option.format(run=trained["run"]) for option in options))
    assert code == 1
    assert reason in out
    assert out.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--backend", "jax"], "Install it where Weftwork is installed: pip install 'weftwork[jax]'"),
        (["--strategy", "parameter-server"], "takes no data from a coordinator"),
        (["--strategy", "central-storage"], "loss and metrics that Keras reports with it are wrong"),
        (["--strategy", "keras-distribution"], "keras.distribution does nothing"),
        (["--strategy", "model-parallel"], "spread over several devices by JAX"),
        (["--workers", "a:1,a:1", "--index", "0"], "Two workers have the same address."),
        (["--workers", "a:1,b:2"], "--index says which of the 2 workers this is"),
    ],
)
def test_what_cannot_train_here_is_refused_with_one_reason(weftwork, path, monkeypatch, options, reason):
    monkeypatch.setattr("weftwork.compiler.passes.check_devices.has_jax", lambda: False)
    before = sorted((path.parent / ".weftwork" / "runs").glob("*"))
    code, out = weftwork("train", path, *options)
    assert code == 1
    assert reason in out
    assert out.count("error[") <= 1
    assert sorted((path.parent / ".weftwork" / "runs").glob("*")) == before
