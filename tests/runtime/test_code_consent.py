"""A notebook with code of unknown origin runs nothing before consent: check, show, train, export; then it does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from weftwork.compiler.document import CodeCell, DataCell, Notebook, TrainingCell
from weftwork.compiler.write_notebook import write_notebook
from weftwork.runtime.code_cells import consent

from .small_notebooks import chain, node

pytestmark = pytest.mark.keras

CODE = """import keras
from pathlib import Path

Path("harm.txt").write_text("ran")


class Gate(keras.Layer):
    Path("harm.txt").write_text("ran")

    def __init__(self, start: float = 1.0, **kwargs):
        super().__init__(**kwargs)
        self.start = start

    def build(self, shape):
        self.factor = self.add_weight(shape=(), initializer=keras.initializers.Constant(self.start))

    def call(self, x):
        return x * self.factor


def load():
    import numpy as np

    random = np.random.default_rng(0)
    x = random.normal(size=(64, 4))
    return {"x": x, "y": x.sum(axis=1)}
"""


@pytest.fixture(autouse=True)
def own_consent(tmp_path, monkeypatch):
    monkeypatch.setenv("WEFTWORK_DATA", str(tmp_path / "consent"))
    monkeypatch.setattr(consent, "_here", set())
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def file(tmp_path) -> Path:
    """A network with a layer of its own, trained on what a function of the notebook gives."""
    net = chain(node("Input", shape=[4]), node("Gate", start=1.5), node("Dense", units=1), node("Output"))
    data = DataCell(id="data_1", name="rows", source="code", location="own.load", roles={"y": "target"})
    training = TrainingCell(id="train_1", name="fit", network="net", data="rows", epochs=1)
    path = tmp_path / "a.weft"
    cells = (CodeCell(id="code_1", name="own", code=CODE), data, net, training)
    path.write_text(write_notebook(Notebook(cells=cells)), encoding="utf-8")
    return path


def command(*arguments: str, file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "weftwork.editor", *arguments],
        capture_output=True, text=True, timeout=300, cwd=file.parent,
    )  # fmt: skip


def test_nothing_runs_without_consent_by_check_show_train_run_or_export(file):
    from weftwork.runtime import headless
    from weftwork.runtime.inspect_notebook import NotebookProblems

    codes = {problem.code for problem in headless.check(file)}
    assert {"P330", "D540"} <= codes
    headless.show(file)
    for act in (
        lambda: headless.train(file),
        lambda: headless.run(file),
        lambda: headless.export(file, to="python", output=file.with_suffix(".py")),
    ):
        with pytest.raises(NotebookProblems, match="not been allowed to run"):
            act()
    assert not (file.parent / "harm.txt").exists()


def test_command_line_says_how_to_allow_it_and_ends_with_1(file):
    done = command("check", "a.weft", file=file)
    assert done.returncode == 1
    assert "--allow-code" in done.stdout
    assert not (file.parent / "harm.txt").exists()


def test_allowed_layer_and_rows_are_trained_exported_and_loaded_again(file):
    import keras

    from weftwork.runtime import headless

    consent.allow_file_here(file)
    assert [problem.message for problem in headless.check(file) if problem.severity == "error"] == []
    trained = headless.train(file)
    assert trained["state"] == "finished", trained
    script = file.with_suffix(".py")
    assert headless.export(file, to="python", output=script)["difference"] < 1e-5
    source = script.read_text()
    assert "class Gate(keras.Layer):" in source
    assert "def load_rows" in source
    model = file.with_suffix(".keras")
    assert headless.export(file, to="keras", output=model)["difference"] < 1e-5
    beside = file.with_name("a_layers.py")
    code = f"import runpy, keras; runpy.run_path({str(beside)!r}); print(keras.models.load_model({str(model)!r}).name)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, cwd=file.parent)
    assert done.returncode == 0, done.stderr
    rows = np.random.default_rng(1).normal(size=(4, 4)).astype("float32")
    assert keras.models.load_model(model)(rows).shape == (4, 1)


def test_run_runs_code_cells_in_order_and_keeps_what_they_put_out(tmp_path):
    path = tmp_path / "a.weft"
    cells = (CodeCell(id="b", name="b", code="a + 1"), CodeCell(id="a", name="a", code="a = 41"))
    path.write_text(write_notebook(Notebook(cells=cells)), encoding="utf-8")
    assert command("run", "a.weft", file=path).returncode == 1
    done = command("run", "a.weft", "--allow-code", "--json", file=path)
    assert (done.returncode, json.loads(done.stdout)) == (0, []), done.stderr
    kept = "".join(one.read_text() for one in (tmp_path / ".weftwork" / "outputs").glob("*.json"))
    assert '"42\\n"' in kept


@pytest.mark.parametrize(
    ("code", "said"),
    {
        "process ends": ("import os\nos._exit(0)", "process ended before its code did"),
        "memory": ("x = bytearray(10**15)", "memory that code may take did not suffice"),
        "error": ("1\n2 / 0", "failed in line 2 of a: ZeroDivisionError"),
        "fork": ("import os\nif os.fork() == 0:\n    while True: pass\n1 / 0", "ZeroDivisionError"),
    }.values(),
    ids=["process ends", "memory", "error", "fork"],
)
def test_code_that_goes_wrong_ends_the_command_with_one_clear_line(tmp_path, code, said):
    path = tmp_path / "a.weft"
    path.write_text(write_notebook(Notebook(cells=(CodeCell(id="a", name="a", code=code),))), encoding="utf-8")
    done = command("run", "a.weft", "--allow-code", file=path)
    assert done.returncode == 1
    assert said in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
