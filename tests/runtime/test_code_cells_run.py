"""One code cell in this process or a child: what it puts out, and what becomes of code that goes wrong."""

from __future__ import annotations

import base64
import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from weftwork.compiler.code.kinds import code_hash
from weftwork.compiler.document import CodeCell, DataCell, Notebook
from weftwork.compiler.write_notebook import write_notebook
from weftwork.runtime.code_cells.capture import LONGEST_TEXT
from weftwork.runtime.code_cells.outputs import COLUMNS, ROWS, output_of
from weftwork.runtime.code_cells.run_code import run_code_cell
from weftwork.runtime.code_cells.told_errors import NotAllowed


def cells(*codes: str) -> Notebook:
    return Notebook(cells=tuple(CodeCell(id=f"c{n}", name=f"c{n}", code=code) for n, code in enumerate(codes)))


def ran(notebook: Notebook, folder, *, cell: str = "", limit: float = 30.0, allowed: bool = True):
    codes = [one for one in notebook.cells if isinstance(one, CodeCell)]
    hashes = [code_hash(one.code) for one in codes] if allowed else []
    before = pd.io.common.os.getcwd()
    try:
        return run_code_cell(write_notebook(notebook), cell or codes[-1].name, str(folder), hashes, {}, limit)
    finally:
        pd.io.common.os.chdir(before)


def texts(found) -> str:
    return "".join(item.get("text", "") for item in found["outputs"])


def test_text_and_last_expression_are_put_out_in_order(tmp_path):
    found = ran(cells("print('one')\ndisplay(2)\nprint('three')\n2 + 2"), tmp_path)
    assert (texts(found), found["error"]) == ("one\n2\nthree\n4\n", None)


def test_semicolon_keeps_the_last_value_quiet(tmp_path):
    assert ran(cells("2 + 2;"), tmp_path)["outputs"] == []


def test_cell_finds_what_the_cells_it_uses_define_and_only_its_own_output_shows(tmp_path):
    notebook = cells(
        "total = double(4)\ntotal", "print('loud')\n_two = 2\ndef double(x):\n    return _two * x", "total + 1"
    )
    assert texts(ran(notebook, tmp_path, cell="c0")) == "8\n"
    assert texts(ran(notebook, tmp_path, cell="c2")) == "9\n"


def test_data_cell_is_at_hand_as_frame_and_arrays(tmp_path):
    frame = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0, 5.0], "b": [0.5] * 5, "y": [1.0, 3.0, 2.0, 5.0, 4.0]})
    frame.to_csv(tmp_path / "rows.csv", index=False)
    data = DataCell(id="d", name="my rows", source="csv", location="rows.csv", roles={"y": "target"})
    code = "print(my_rows.frame['a'].sum(), len(my_rows.train['y']) + len(my_rows.validation['y']))"
    notebook = Notebook(cells=(data, *cells(code).cells))
    assert texts(ran(notebook, tmp_path)) == f"{frame['a'].sum()} {len(frame)}\n"


def test_table_is_bounded_and_says_how_large_it_is():
    found = output_of(pd.DataFrame(np.zeros((500, 60))))
    assert (len(found["rows"]), len(found["rows"][0]), found["of_rows"], found["of_columns"]) == (
        ROWS,
        COLUMNS,
        500,
        60,
    )


def test_picture_is_a_png_of_the_same_pixels():
    pixels = np.random.default_rng(0).integers(0, 255, (5, 7, 3), dtype=np.uint8)
    found = output_of(Image.fromarray(pixels))
    again = Image.open(io.BytesIO(base64.b64decode(found["png"])))
    assert np.array_equal(np.asarray(again), pixels)


def test_bokeh_figure_is_given_as_its_document(tmp_path):
    code = "from bokeh.plotting import figure\nf = figure()\nf.line([1, 2], [3, 4])\nf"
    found = ran(cells(code), tmp_path)
    assert [item["type"] for item in found["outputs"]] == ["figure"]


@pytest.mark.parametrize(
    ("code", "message", "line"),
    {
        "mistake": ("x = 1\n\nx / 0", "ZeroDivisionError: division by zero", 3),
        "in a function": ("def f():\n    return missing\nf()", "NameError: name 'missing' is not defined", 2),
        "in a library": ("import json\njson.loads('{')", "JSONDecodeError: Expecting property name", 2),
        "syntax": ("x = 1\nx = = 2", "SyntaxError: invalid syntax", 2),
        "exit": ("import sys\nsys.exit(3)\nprint('no')", "The code ended itself by exit(3)", 2),
        "recursion": ("def f():\n    return f()\nf()", "RecursionError", 2),
        "memory": ("raise MemoryError", "The memory that code may take did not suffice", 1),
    }.values(),
    ids=["mistake", "in a function", "in a library", "syntax", "exit", "recursion", "memory"],
)
def test_error_tells_message_and_line_of_the_cell(tmp_path, code, message, line):
    error = ran(cells(code), tmp_path)["error"]
    assert (error["cell"], error["line"]) == ("c0", line)
    assert error["message"].startswith(message)
    assert {frame["cell"] for frame in error["frames"]} <= {"c0"}


def test_error_in_a_cell_that_is_used_names_that_cell(tmp_path):
    error = ran(cells("a = 1 / 0", "a + 1"), tmp_path)["error"]
    assert (error["cell"], error["line"]) == ("c0", 1)


def test_endless_loop_is_ended_and_its_line_told(tmp_path):
    error = ran(cells("x = 0\nwhile True:\n    x += 1"), tmp_path, limit=1.0)["error"]
    assert error["message"].startswith("It took longer than 1 s")
    assert error["line"] in (2, 3)


def test_huge_output_is_cut_and_counted(tmp_path):
    found = ran(cells("for _ in range(300):\n    print('x' * 999)"), tmp_path)
    assert (len(texts(found)), found["left_out"]) == (LONGEST_TEXT, 300_000 - LONGEST_TEXT)


def test_output_of_programs_is_taken_too(tmp_path):
    assert texts(ran(cells("import os\nos.system('echo from below');"), tmp_path)) == "from below\n"


def test_nothing_runs_where_one_cell_is_not_allowed(tmp_path):
    with pytest.raises(NotAllowed, match="c0 has not been allowed"):
        ran(cells(f"open({str(tmp_path / 'harm')!r}, 'w')\na = 1", "a"), tmp_path, allowed=False)
    assert not (tmp_path / "harm").exists()
