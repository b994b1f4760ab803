"""Code cells as they are read: names, order, what is wrong with them, and the layers in them. Nothing runs here."""

from __future__ import annotations

import pytest
from network_text import network

from weftwork.compiler.apply_change import apply, apply_all
from weftwork.compiler.cell_graph import in_order, with_what_they_use
from weftwork.compiler.changes import RenameCell, SetField
from weftwork.compiler.code.kinds import FAMILY, code_hash, code_kinds
from weftwork.compiler.code.names import code_names
from weftwork.compiler.document import CodeCell, DataCell, Notebook
from weftwork.compiler.keys import cell_keys
from weftwork.compiler.pipeline import check
from weftwork.compiler.to_python import model_source

GATE = '''import keras
from keras import layers

SCALE = 2.0


@keras.saving.register_keras_serializable(package="tests")
class Gate(layers.Layer):
    """Multiplies its input by a learned number."""

    def __init__(self, start: float = SCALE, units: int = 3, **kwargs):
        super().__init__(**kwargs)
        self.start, self.units = start, units

    def build(self, shape):
        self.factor = self.add_weight(shape=(), initializer=keras.initializers.Constant(self.start))

    def call(self, x):
        return x * self.factor


def twice(x: keras.KerasTensor, by: int = 2) -> keras.KerasTensor:
    return x * by


print("loud")
open("/nowhere/at/all", "w")
'''
DRAWN = """
    image: Input(shape=[4])
    gate: Gate(start=1.5) <- image
    more: twice(by=3) <- x=gate
    out: Output <- more
"""


def code(*codes: str) -> Notebook:
    return Notebook(cells=tuple(CodeCell(id=f"c{n}", name=f"c{n}", code=text) for n, text in enumerate(codes)))


def with_gate() -> Notebook:
    return Notebook(cells=(network(DRAWN), *code(GATE).cells))


@pytest.mark.parametrize(
    ("text", "defined", "used"),
    [
        ("a = b + 1", {"a"}, {"b"}),
        ("def f(x):\n    return x + g", {"f"}, {"g"}),
        ("_private = 1\nfor i in range(3): pass", {"i"}, set()),
        ("import numpy as np\nfrom a import b\nnp.zeros(b)", {"np", "b"}, set()),
        ("[k * scale for k in rows]", set(), {"scale", "rows"}),
        ("{k: {w for w in v} for k, v in rows}\nprint(k, [v := 1])", {"v"}, {"rows", "k"}),
        ("class A(Base):\n    size = n\n    def f(self):\n        return self.size", {"A"}, {"Base", "n"}),
        ("def f():\n    global counter\n    counter = 1", {"f", "counter"}, set()),
        ("with open(p) as f: (line := f.read())", {"f", "line"}, {"p"}),
    ],
)
def test_names_are_those_that_python_binds_and_looks_up(text, defined, used):
    names = code_names(text)
    assert (set(names.defined), set(names.used)) == (defined, used)


def test_code_stands_in_the_order_of_its_names_whatever_the_page_says():
    data = DataCell(id="d", name="my rows")
    notebook = Notebook(cells=(*code("b = a + 1", "a = len(my_rows.frame)").cells, data))
    assert in_order(notebook) == ["my rows", "c1", "c0"]
    assert with_what_they_use(notebook, "c0") == ["my rows", "c1", "c0"]


def test_key_of_code_follows_what_it_uses_and_no_other_cell():
    before = code("b = a + 1", "a = 1", "c = 1")
    after = apply(before, SetField(cell="c1", field="code", value="a = 2"))
    keys = cell_keys(before), cell_keys(after)
    assert [keys[0][name] == keys[1][name] for name in ("c0", "c1", "c2")] == [False, False, True]


@pytest.mark.parametrize("fix", [0, 1])
def test_name_defined_twice_is_a_problem_with_fixes(fix):
    notebook = code("a = 1", "a = 2\nprint(a, x.a, f(a=3))", "print(a)")
    problem = next(one for one in check(notebook).problems if one.code == "T430")
    assert problem.at.cell == "c1"
    mended = apply_all(notebook, problem.fixes[fix].changes)
    name = ("a_2", "_a")[fix]
    assert mended.cell("c1").code == f"{name} = 2\nprint({name}, x.a, f(a=3))"
    assert not [one for one in check(mended).problems if one.code == "T430"]


def test_same_import_in_two_cells_is_no_problem():
    assert check(code("import numpy as np\na = np", "import numpy as np\nb = np")).problems == ()


def test_circle_of_code_is_a_problem_with_a_fix():
    notebook = code("a = b", "b = a")
    problem = next(one for one in check(notebook).problems if one.code == "T425")
    mended = apply_all(notebook, problem.fixes[0].changes)
    assert "T425" not in [one.code for one in check(mended).problems]
    assert len(mended.cells) == 1


def test_code_that_cannot_be_read_is_told_with_its_line():
    problem = next(one for one in check(code("a = 1\nb = = 2")).problems if one.code == "T431")
    assert (problem.at.cell, problem.message) == ("c0", "Line 2 of c0 cannot be read: invalid syntax.")


def test_code_follows_when_a_cell_that_it_uses_is_renamed():
    notebook = Notebook(cells=(DataCell(id="d", name="rows"), *code("rows.frame").cells))
    renamed = apply(notebook, RenameCell(cell="d", name="lines"))
    assert renamed.cell("c0").code == "lines.frame"


def test_layer_class_and_function_are_kinds_with_the_parameters_of_their_signatures():
    gate, twice = code_kinds(code(GATE))
    assert (gate.kind.family, gate.kind.group, list(gate.kind.parameters)) == (FAMILY, "layer", ["start", "units"])
    assert gate.kind.help == "Multiplies its input by a learned number."
    assert (gate.kind.parameters["units"].type, gate.kind.parameters["units"].default) == ("int", 3)
    assert (twice.kind.group, [port.name for port in twice.kind.inputs]) == ("op", ["x"])
    assert list(twice.kind.parameters) == ["by"]


@pytest.mark.parametrize(
    ("text", "layers"),
    [
        ("import keras\nclass A(keras.Layer): pass", ["A"]),
        ("from keras.layers import Layer as L\nclass A(L): pass", ["A"]),
        ("import tensorflow as tf\nclass A(tf.keras.layers.Dense): pass", ["A"]),
        ("from keras import layers\nclass A(layers.Layer): pass\nclass B(A): pass", ["A", "B"]),
        ("class A: pass\nclass Layer: pass\nclass B(A): pass", []),
        ("import keras\nclass _Hidden(keras.Layer): pass", []),
    ],
)
def test_classes_are_layers_by_what_they_derive_from(text, layers):
    assert [one.name for one in code_kinds(code(text))] == layers


def test_kind_takes_along_what_it_needs_and_nothing_else():
    gate = code_kinds(code(GATE))[0]
    text = "\n".join(part.text for part in gate.source)
    assert "SCALE = 2.0" in text
    assert "print" not in text
    assert "open" not in text


def test_class_named_like_a_layer_of_keras_is_a_problem_with_a_fix():
    notebook = code("import keras\nclass Dense(keras.Layer): pass")
    problem = next(one for one in check(notebook).problems if one.code == "P332")
    mended = apply_all(notebook, problem.fixes[0].changes)
    assert [one.name for one in code_kinds(mended)] == ["MyDense"]


def test_layer_of_code_that_may_not_run_is_a_problem_at_its_node():
    problems = [one for one in check(with_gate()).problems if one.code == "P330"]
    assert [one.at.node for one in problems] == ["gate", "more"]
    assert problems[0].fixes[0].title == "Allow this notebook's code"
    assert check(with_gate()).programs == {}


def test_layer_that_uses_the_notebooks_data_says_what_is_missing():
    notebook = Notebook(
        cells=(
            network("a: Input(shape=[2])\nb: Big <- a\nc: Output <- b"),
            *code("import keras\nclass Big(keras.Layer):\n    size = rows.size").cells,
        )
    )
    found = check(notebook, allowed=[code_hash(notebook.cells[1].code)]).problems
    assert "uses rows, which no code cell defines" in next(one for one in found if one.code == "P331").message


def test_network_key_follows_the_code_of_its_layers():
    before = with_gate()
    after = apply(before, SetField(cell="c0", field="code", value=GATE.replace("self.factor\n", "self.factor + 1\n")))
    assert cell_keys(before)["net"] != cell_keys(after)["net"]


@pytest.mark.keras
def test_own_layer_gets_shapes_from_keras_and_the_script_builds_the_same_model(tmp_path):
    import keras

    from weftwork.compiler.shapes import KerasShapes
    from weftwork.compiler.to_keras import build_model

    checked = check(with_gate(), oracle=KerasShapes(), allowed=[code_hash(GATE)])
    assert [one.message for one in checked.problems] == []
    assert checked.shapes["net"]["gate"].outputs["output"].shape == (None, 4)
    assert checked.shapes["net"]["gate"].parameters == 1
    built = build_model(checked.programs["net"])
    source = model_source(checked.programs["net"])
    namespace: dict = {"__name__": "exported"}
    exec(compile(source, "script", "exec"), namespace)
    rows = keras.ops.ones((2, 4))
    assert float(built(rows)[0, 0]) == float(namespace["build_model"]()(rows)[0, 0]) == 4.5
    assert "open(" not in source
