"""`weftwork import`: what it prints, its exit codes, and that it overwrites nothing."""

from __future__ import annotations

import json

import pytest

from tests.editor.small_notebook import small_notebook, write_small_notebook
from tests.runtime.test_import_file import CODE, MD, others
from weftwork.compiler.write_notebook import write_notebook
from weftwork.editor.__main__ import _run
from weftwork.runtime.exporters.python_trailer import with_trailer

TEXT = write_notebook(small_notebook())


@pytest.fixture
def weftwork(capfd, tmp_path, monkeypatch):
    """Runs a command in this process and a folder of its own: (exit code, standard output, the rest)."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        code = _run(list(arguments))
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return call


@pytest.mark.keras
def test_script_is_imported_and_counted_as_keras_counts(weftwork, tmp_path):
    (tmp_path / "a.py").write_text(with_trailer("x = 1\n", TEXT))
    code, out, _ = weftwork("import", "a.py", "-o", "back.weft", "--json")
    assert code == 0
    assert json.loads(out) == {
        "path": str(tmp_path / "back.weft"),
        "networks": [{"name": "classifier", "nodes": 4, "layers": 3, "parameters": 3 * 8 + 8 + 8 * 2 + 2}],
        "placeholders": [],
        "folded": 0,
        "weights": 0,
        "notices": [],
    }
    assert (tmp_path / "back.weft").read_text() == TEXT


def test_name_is_found_where_none_is_given_and_notices_are_printed(weftwork, tmp_path):
    write_small_notebook(tmp_path)
    (tmp_path / "leaves.ipynb").write_bytes(others(MD("# Hi"), CODE("1")))
    code, out, _ = weftwork("import", "leaves.ipynb")
    lines = out.splitlines()
    assert (code, lines[0]) == (0, str(tmp_path / "leaves-2.weft"))
    assert lines[1].startswith("leaves.ipynb has no notebook of Weftwork inside. 1 text cell and 1 code cell")


def test_notebook_that_is_there_is_not_overwritten(weftwork, tmp_path):
    path = write_small_notebook(tmp_path)
    before = path.read_bytes()
    (tmp_path / "a.py").write_text(with_trailer("x = 1\n", TEXT))
    assert weftwork("import", "a.py", "-o", "leaves.weft") == (2, "", "leaves.weft: File exists\n")
    assert path.read_bytes() == before


@pytest.mark.parametrize("as_json", [False, True])
def test_bad_content_ends_with_one_and_one_line(weftwork, tmp_path, as_json):
    (tmp_path / "a.ipynb").write_text('{"cells": [')
    code, out, err = weftwork("import", "a.ipynb", *(["--json"] if as_json else []))
    line = "a.ipynb is no Jupyter notebook: it is not JSON, or breaks off."
    assert code == 1
    assert (json.loads(out) == {"error": line}) if as_json else (err == f"{line}\n")
    assert list(tmp_path.glob("*.weft")) == []


@pytest.mark.keras
def test_huge_network_is_counted_and_not_built(weftwork, tmp_path):
    wide = small_notebook()
    text = write_notebook(wide).replace('"units": 8', '"units": 100000000')
    (tmp_path / "a.py").write_text(with_trailer("x = 1\n", text))
    code, out, _ = weftwork("import", "a.py", "--json")
    assert code == 0
    (network,) = json.loads(out)["networks"]
    assert network["parameters"] == 10**8 * (3 + 1) + 10**8 * 2 + 2
