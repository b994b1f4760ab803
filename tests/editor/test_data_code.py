"""Threads that read data at the same moment: pandas' modules import one another in circles, and some only when used."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import weftwork.editor

# What the server does at once when a page with several data cells opens, from every thread in which it does it.
AT_ONCE = """
import sys, threading
from pathlib import Path
from weftwork.compiler.document import DataCell, Preparation, Split

folder = Path(sys.argv[1])
steps = (Preparation(step="date_parts"), Preparation(step="drop_duplicates"), Preparation(step="impute"))
cells = [
    DataCell(id=f"data_{i}", name=f"d{i}", source="csv", location="table.csv", preparation=steps[i % 4 :],
             options={"stream": i % 2 == 0}, split=Split(seed=i), roles={"site": "group"} if i % 3 else {})
    for i in range(12)
]
barrier = threading.Barrier(len(cells))
failed = []

def read(number, cell):
    from weftwork.editor.data_code import bring_data_code
    from weftwork.editor.describe_data import _describe

    barrier.wait()
    try:
        if number % 2:
            description, problems = _describe(cell, folder)
            assert description.rows, problems
        else:
            bring_data_code()
            from weftwork.runtime.data.preview import preview

            assert "columns" in preview(cell.model_dump(mode="json"), str(folder))
    except BaseException as error:
        failed.append(repr(error))

threads = [threading.Thread(target=read, args=each) for each in enumerate(cells)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert "pandas" in sys.modules
sys.exit("\\n".join(failed) or 0)
"""


@pytest.mark.parametrize("attempt", range(2))
def test_threads_that_first_need_pandas_together_all_get_it(tmp_path, attempt):
    rows = "\n".join(f"{i * 1.5},2024-{1 + i % 12:02}-{1 + i % 28:02},s{i % 9},{'xy'[i % 2]}" for i in range(60))
    (tmp_path / "table.csv").write_text(f"size,when,site,kind\n{rows}\n")
    done = subprocess.run([sys.executable, "-c", AT_ONCE, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_server_gets_pandas_from_one_place_alone():
    """Anything else would be a second end to begin the circle from."""
    folder = Path(weftwork.editor.__file__).parent
    importing = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            if any(name.split(".")[0] == "pandas" for name in names):
                importing.add(path.name)
    assert importing == {"data_code.py"}
