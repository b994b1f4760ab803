"""The command line: what it prints, its exit codes, and that it does what the Python functions do."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.editor.small_notebook import write_small_notebook
from weftwork.compiler.document_file import read_notebook_file, write_notebook
from weftwork.editor.__main__ import _run

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("leaves")
    write_small_notebook(folder)
    return folder


@pytest.fixture(scope="module")
def trained(folder):
    from weftwork.runtime.headless import train

    return train(folder / "leaves.weft")


@pytest.fixture
def weftwork(capfd):
    """Runs a command in this process: (exit code, standard output)."""

    def call(*arguments):
        code = _run([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return code, out

    return call


def as_json(outcome):
    code, out = outcome
    return code, json.loads(out)


def test_check_of_a_good_notebook_is_empty(weftwork, folder):
    assert as_json(weftwork("check", folder / "leaves.weft", "--json")) == (0, [])


def test_check_prints_place_and_fixes(weftwork, folder, tmp_path):
    path = write_small_notebook(tmp_path)
    path.write_text(path.read_text().replace('"units": 8', '"units": "8"'))
    code, problems = as_json(weftwork("check", path, "--json"))
    assert code == 1
    assert [problem["at"] for problem in problems] == [
        {"cell": "classifier", "node": "dense_1", "port": "", "parameter": "units"}
    ]
    assert problems[0]["fixes"]
    code, text = weftwork("check", path)
    assert code == 1
    assert "at classifier › dense_1 › parameter units" in text


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "nowhere.weft"),
        ("show", "nowhere.weft"),
        ("train", "nowhere.weft"),
        ("export", "nowhere.weft", "--to", "keras", "-o", "x.keras"),
        ("export", "nowhere.weft", "--to", "paper", "-o", "x"),
        ("export", "nowhere.weft", "--to", "ipynb", "--run", "1", "-o", "x.ipynb"),
        ("import", "nowhere.ipynb"),
        ("import", "nowhere.ipynb", "-o", "x.paper"),
        ("runs", "list", "nowhere"),
        ("gallery", "copy", "nothing"),
        ("check", "--no-such-option"),
        ("check",),
    ],
    ids=" ".join,
)
def test_what_cannot_be_read_ends_with_two_and_one_line(weftwork, arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, content = as_json(weftwork(*arguments, "--json"))
    assert code == 2
    assert set(content) == {"error"}
    assert content["error"].count("\n") == 0


def test_show_counts_what_keras_counts(weftwork, folder):
    code, content = as_json(weftwork("show", folder / "leaves.weft", "--json"))
    assert code == 0
    cell = next(cell for cell in content["cells"] if cell["kind"] == "network")
    assert (cell["layers"], cell["wires"], cell["parameters"]) == (3, 3, 3 * 8 + 8 + 8 * 2 + 2)
    nodes = {node["id"]: node for node in cell["nodes"]}
    assert nodes["dense_1"]["shapes"] == [[None, 8]]
    assert nodes["dense_1"]["parameters"] == 32
    assert [cell["name"] for cell in content["cells"]] == [
        "intro",
        "leaves",
        "classifier",
        "fit",
        "evaluation",
        "export",
    ]


def test_show_of_a_network_that_is_not_there_lists_those_that_are(weftwork, folder):
    code, content = as_json(weftwork("show", folder / "leaves.weft", "--network", "nobody", "--json"))
    assert code == 2
    assert "classifier" in content["error"]


def test_train_gives_run_state_and_metrics(weftwork, folder):
    code, result = as_json(weftwork("train", folder / "leaves.weft", "--epochs", 1, "--json"))
    assert (code, result["state"], result["steps"]) == (0, "finished", 6)
    assert {"loss", "val_loss"} <= set(result["metrics"])
    assert (Path(result["directory"]) / "artefacts" / "model.keras").is_file()


def test_a_notebook_with_errors_is_not_trained(weftwork, tmp_path):
    path = write_small_notebook(tmp_path)
    path.write_text(path.read_text().replace('"units": 2', '"units": 1'))
    code, problems = as_json(weftwork("train", path, "--json"))
    assert code == 1
    assert [problem["code"][0] for problem in problems] == ["T"]
    assert not (tmp_path / ".weftwork" / "runs").exists()


def test_a_finished_run_is_not_resumed(weftwork, folder, trained):
    code, content = as_json(weftwork("train", folder / "leaves.weft", "--resume", trained["run"], "--json"))
    assert code == 1
    assert "finished" in content["error"]


def test_run_trains_only_what_is_stale(weftwork, tmp_path):
    path = write_small_notebook(tmp_path)
    code, first = as_json(weftwork("run", path, "--json"))
    assert (code, [run["state"] for run in first]) == (0, ["finished"])
    assert as_json(weftwork("run", path, "--json")) == (0, [])
    path.write_text(path.read_text().replace('"units": 8', '"units": 9'))
    assert len(as_json(weftwork("run", path, "--json"))[1]) == 1


def test_runs_are_listed_shown_and_compared(weftwork, folder, trained):
    code, rows = as_json(weftwork("runs", "list", folder, "--json"))
    assert code == 0
    assert trained["run"] in [row["run"] for row in rows]
    code, shown = as_json(weftwork("runs", "show", trained["run"], folder, "--json"))
    assert shown["metrics"] == trained["metrics"]
    code, compared = as_json(weftwork("runs", "compare", trained["run"], trained["run"], folder, "--json"))
    assert (code, compared["settings"]) == (0, {})


@pytest.mark.parametrize("to", ["python", "keras", "savedmodel"])
def test_export_writes_what_predicts_the_same(weftwork, folder, trained, to, tmp_path):
    output = tmp_path / {"python": "leaves.py", "keras": "leaves.keras", "savedmodel": "leaves"}[to]
    code, result = as_json(weftwork("export", folder / "leaves.weft", "--to", to, "-o", output, "--json"))
    assert (code, result["format"], result["path"]) == (0, to, str(output))
    assert result["difference"] <= 1e-6
    assert output.exists()


def test_exported_python_runs_in_a_clean_process(weftwork, folder, trained, tmp_path):
    import keras

    script = tmp_path / "leaves.py"
    assert weftwork("export", folder / "leaves.weft", "--to", "python", "-o", script)[0] == 0
    model = keras.models.load_model(Path(trained["directory"]) / "artefacts" / "model.keras")
    rows = np.random.default_rng(0).normal(size=(32, 3)).astype("float32")
    np.savez(tmp_path / "rows.npz", rows=rows, **{f"w{i}": w for i, w in enumerate(model.get_weights())})
    code = (
        "import numpy as np, leaves, sys; a = np.load('rows.npz'); m = leaves.build_model();"
        "m.set_weights([a[f'w{i}'] for i in range(len(m.weights))]); np.save('out.npy', m(a['rows']));"
        "print(m.count_params(), any(name.startswith('weftwork') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(model.count_params()), "False"]
    assert np.abs(np.load(tmp_path / "out.npy") - np.asarray(model(rows))).max() <= 1e-6


def test_a_copied_notebook_keeps_what_it_says(weftwork, tmp_path):
    code, rows = as_json(weftwork("gallery", "list", "--json"))
    assert code == 0
    assert len(rows) >= 4
    for row in rows:
        code, copied = as_json(weftwork("gallery", "copy", row["name"], tmp_path, "--json"))
        assert code == 0
        notebook, problems = read_notebook_file(Path(copied["path"]))
        assert problems == []
        assert write_notebook(notebook) == Path(row["path"]).read_text()


def test_doctor_finds_this_machine_fit(weftwork):
    code, findings = as_json(weftwork("doctor", "--json"))
    assert code == 0
    assert {"Python", "tensorflow", "Memory", "Devices"} <= {finding["name"] for finding in findings}


def test_the_command_is_installed():
    command = Path(sys.executable).with_name("weftwork")
    done = subprocess.run([command, "check", "nowhere.weft"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "nowhere.weft: No such file or directory\n"
