"""Renaming variables in Python text."""

from __future__ import annotations

import ast

from weftwork.runtime.exporters.renamed import functions_of, renamed

SOURCE = '''def split(rows):
    """Row numbers of rows."""
    return rows.model, rows["rows"]


model = make(model=rows, name="model")  # the model
rows |= {name: rows[name] for name in ["rows"]}
'''


def test_variables_change_and_attributes_arguments_and_texts_stay():
    expected = '''def split(rows_a):
    """Row numbers of rows."""
    return rows_a.model, rows_a["rows"]


model_a = make(model=rows_a, name="model")  # the model
rows_a |= {name: rows_a[name] for name in ["rows"]}
'''
    assert renamed(SOURCE, {"rows": "rows_a", "model": "model_a"}) == expected


def test_equal_names_change_nothing():
    assert renamed(SOURCE, {"rows": "rows"}) == SOURCE


def test_functions_come_out_whole_and_in_order():
    source = "import keras\n\ndef a(x):\n    # why\n    return x\n\ndef b():\n    return (\n        1\n    )\n"
    found = functions_of(source)
    assert list(found) == ["a", "b"]
    assert [ast.unparse(ast.parse(text)) for text in found.values()] == [
        "def a(x):\n    return x",
        "def b():\n    return 1",
    ]
    assert "# why" in found["a"]
