"""Every format version that was ever written opens, can be edited and saved, and keeps what is not understood."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from weftwork.compiler import migrations
from weftwork.compiler.changes import SetField
from weftwork.compiler.document import FORMAT, UnknownCell
from weftwork.compiler.document_file import read_notebook
from weftwork.editor.notices import Applied
from weftwork.editor.open_notebook import OpenNotebook

CORPUS = sorted((Path(__file__).parents[1] / "corpus").glob("*.weft"))


def test_every_format_up_to_the_present_one_is_in_the_corpus() -> None:
    written = {json.loads(path.read_text()).get("format", 1) for path in CORPUS}
    assert set(range(1, FORMAT + 1)) <= written
    assert max(written) > FORMAT


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_notebook_of_the_corpus_opens_is_edited_saved_and_loses_nothing(tmp_path: Path, path: Path) -> None:
    before = json.loads(path.read_text())
    shutil.copy(path, tmp_path)
    notebook = OpenNotebook(tmp_path / path.name)
    assert [problem for problem in notebook.problems if problem.severity == "error"] == []
    assert [cell.name for cell in notebook.notebook.cells] == [cell["name"] for cell in before["cells"]]
    intro = notebook.notebook.cell("intro")
    change = SetField(cell=intro.id, field="text", value="# Leaves\nThree trees.")
    assert isinstance(notebook.perform("tab_a", 1, "Prose", [change]), Applied)
    assert notebook.close()
    after = json.loads((tmp_path / path.name).read_text())
    assert after["cells"][0]["text"] == ["# Leaves", "Three trees."]
    for old, new in zip(before["cells"][1:], after["cells"][1:], strict=True):
        assert {key: _lines(value) for key, value in new.items() if key in old} == {
            k: _lines(v) for k, v in old.items()
        }
    assert {key: value for key, value in after.items() if key in before and key != "cells"} == {
        key: value for key, value in before.items() if key != "cells"
    }


def _lines(value: Any) -> Any:
    return value.split("\n") if isinstance(value, str) and "\n" in value else value


def test_a_notebook_of_a_later_version_says_so_and_shows_placeholders() -> None:
    (path,) = [path for path in CORPUS if "future" in path.stem]
    notebook, problems = read_notebook(path.read_text())
    assert [(problem.code, problem.severity) for problem in problems] == [("F604", "warning"), ("F607", "warning")]
    assert "format 2, this version knows up to 1" in problems[0].message
    assert isinstance(notebook.cell("listen"), UnknownCell)
    network: Any = notebook.cell("classifier")
    assert network.nodes["warp_1"].kind == "QuantumDense"


def test_migrations_are_applied_one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the first two migrations to come will do, on the oldest notebook of the corpus."""
    monkeypatch.setattr(
        migrations,
        "MIGRATIONS",
        {
            1: lambda data: {**data, "cells": [{**cell, "tags": []} for cell in data["cells"]]},
            2: lambda data: {**data, "cells": [{**cell, "tags": ["old"]} for cell in data["cells"]]},
        },
    )
    data = migrations.migrate(json.loads(CORPUS[0].read_text()))
    assert data["format"] == 3
    assert {tuple(cell["tags"]) for cell in data["cells"]} == {("old",)}
    assert migrations.migrate({"format": 9, "cells": []}) == {"format": 9, "cells": []}
