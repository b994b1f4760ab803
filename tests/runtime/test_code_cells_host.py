"""Code in a child of the real host: stopped by hand, bounded in memory, and rows for a server that runs none of it."""

from __future__ import annotations

import threading
import time

import pytest

from weftwork.compiler.code.kinds import code_hash
from weftwork.compiler.document import CodeCell, DataCell, Notebook
from weftwork.compiler.write_notebook import write_notebook
from weftwork.runtime.code_cells import consent
from weftwork.runtime.code_cells.data_functions import rows_by_children
from weftwork.runtime.code_cells.request import FUNCTION
from weftwork.runtime.data.code_source import set_code_runner
from weftwork.runtime.data.load import load
from weftwork.runtime.data.source import UnusableData
from weftwork.runtime.host import TaskFailed

pytestmark = pytest.mark.keras

LOAD = """import os

def load():
    return {"x": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], "y": [os.getpid()] * 5 + [0.5]}
"""


def arguments(code: str, folder) -> dict:
    notebook = Notebook(cells=(CodeCell(id="a", name="a", code=code),))
    return {
        "notebook": write_notebook(notebook),
        "cell": "a",
        "folder": str(folder),
        "allowed": [code_hash(code)],
        "runs": {},
        "limit": 120.0,
    }


def test_endless_code_is_stopped_by_hand(host, tmp_path):
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    began = time.monotonic()
    with pytest.raises(TaskFailed, match="Stopped"):
        host.call(
            FUNCTION,
            arguments("while True:\n    try:\n        pass\n    except BaseException: pass", tmp_path),
            120,
            stop=stop,
        )
    assert time.monotonic() - began < 100


def test_eater_of_memory_is_told_so_with_its_line(host, tmp_path):
    found = host.call(
        FUNCTION,
        arguments("parts = []\nwhile True:\n    parts.append(bytearray(1 << 26))", tmp_path),
        120,
        memory=1 << 30,
    )
    assert found["error"]["message"].startswith("The memory that code may take did not suffice")
    assert found["error"]["line"] == 3


def test_forked_child_gives_no_second_answer(host, tmp_path):
    found = host.call(FUNCTION, arguments("import os\nos.fork() and None\n'once'", tmp_path), 120)
    assert (found["outputs"], found["error"]) == ([{"type": "text", "text": "'once'\n"}], None)


def test_server_gets_rows_from_a_child_once_they_are_allowed(host, tmp_path, monkeypatch):
    monkeypatch.setenv("WEFTWORK_DATA", str(tmp_path / "consent"))
    data = DataCell(id="d", name="rows", source="code", location="make.load", roles={"y": "target"})
    notebook = Notebook(cells=(CodeCell(id="c", name="make", code=LOAD), data))
    rows_by_children(lambda folder: [notebook], host.call)
    try:
        with pytest.raises(UnusableData, match="has not been allowed to run"):
            load(data, tmp_path)
        consent.allow([LOAD])
        dataset = load(data, tmp_path)
    finally:
        set_code_runner(None)
    import os

    pids = {*dataset.raw_train["y"].reshape(-1), *dataset.raw_validation["y"].reshape(-1)}
    assert os.getpid() not in pids
    assert 0.5 in pids
