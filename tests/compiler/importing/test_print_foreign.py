"""Scripts of networks with layers of somebody's own: they name class and config, and call as the file does."""

from __future__ import annotations

import ast
import base64
import marshal

from weftwork.compiler.document import NetworkCell, Node, Notebook, Source, Target, Wire
from weftwork.compiler.importing.foreign_program import foreign_program
from weftwork.compiler.importing.print_foreign import printable
from weftwork.compiler.to_python import model_source


def _foreign(kind: str, label: str, params: dict, call: dict, **entry) -> Node:
    outputs = [{"shape": [None, 3], "dtype": "float32"}]
    imported = {"class_name": kind.rpartition(">")[2], **entry, "call": call, "outputs": outputs}
    return Node.model_validate({"kind": kind, "label": label, "params": params, "imported": imported})


def _script(node: Node, tensors: int = 1) -> str:
    """Of a network in which one placeholder takes so many Inputs."""
    nodes = {f"Input_000{n}": Node(kind="Input", params={"shape": [3]}, label=f"given_{n}") for n in range(tensors)}
    nodes |= {"own_0001": node, "Output_0001": Node(kind="Output", label="out")}
    wires = {
        f"wire_000{n}": Wire(source=Source(f"Input_000{n}"), target=Target("own_0001", "inputs", n))
        for n in range(tensors)
    }
    wires["wire_0009"] = Wire(source=Source("own_0001"), target=Target("Output_0001", "inputs"))
    cell = NetworkCell(id="network_0001", name="net", nodes=nodes, wires=wires)
    found = foreign_program(Notebook(cells=(cell,)), cell, None)
    assert found.program is not None, [problem.message for problem in found.problems]
    text = model_source(printable(found.program, found.foreign))
    ast.parse(text)
    return text


def test_a_class_is_named_with_its_config_and_with_what_to_do():
    node = _foreign(
        "ours>Doubled",
        "twice",
        {"by": 3, "inner": {"kind": "x"}},
        {"args": [{"tensor": 0}], "kwargs": {}},
        module="ours",
    )

    text = _script(node)

    assert "# ours>Doubled is no layer of Keras" in text or "# Doubled is no layer of Keras" in text
    assert '"class_name": "Doubled"' in text
    assert '"by": 3' in text
    assert 'make_twice(name="twice")(given_0)' in text


def test_tensors_go_where_the_file_has_them():
    call = {
        "args": [{"class_name": "__tensor__", "config": {"value": [1.0, 2.0], "dtype": "float32"}}, {"tensor": 0}],
        "kwargs": {"mask": [None, {"tensor": 1}], "training": None},
    }

    text = _script(_foreign("ours>Gate", "gate", {}, call), tensors=2)

    assert "layer(" in text
    assert "mask=[None, tensors[1]]" in text
    assert "training" not in text
    assert "(\n    [given_0, given_1]" in text or "([given_0, given_1])" in text


def test_a_lambda_is_written_by_its_source():
    code = next(one for one in compile("lambda t: tf.abs(t) * 2", "", "eval").co_consts if hasattr(one, "co_code"))
    function = {"class_name": "__lambda__", "config": {"code": base64.b64encode(marshal.dumps(code)).decode()}}

    text = _script(_foreign("Lambda", "code", {"function": function}, {"args": [{"tensor": 0}], "kwargs": {}}))

    assert "import tensorflow as tf" in text
    assert "keras.layers.Lambda(lambda t: tf.abs(t) * 2, name=name)" in text


def test_code_without_a_source_is_listed_before_it_would_run():
    code = next(one for one in compile("lambda t: t if t else 0", "", "eval").co_consts if hasattr(one, "co_code"))
    function = {"class_name": "__lambda__", "config": {"code": base64.b64encode(marshal.dumps(code)).decode()}}

    text = _script(_foreign("Lambda", "code", {"function": function}, {"args": [{"tensor": 0}], "kwargs": {}}))

    assert "Look at it before you run this" in text
    assert "# A function of t" in text
    assert "safe_mode=False" in text


def test_names_of_a_hostile_file_stay_in_their_comment():
    name = "x\nimport os\r\nos.abort()"
    node = _foreign(f"1{name}", "own", {}, {"args": [{"tensor": 0}]}, registered_name=name)

    body = ast.parse(_script(node)).body

    assert {type(one) for one in body} <= {ast.Expr, ast.Import, ast.FunctionDef}
    assert [alias.name for one in body if isinstance(one, ast.Import) for alias in one.names] == ["keras"]


def test_what_a_notebook_file_says_in_another_form_is_left_out():
    for imported in (
        3,
        [],
        {"call": 4, "outputs": "x"},
        {"call": {"args": 1}, "outputs": [{"shape": "x"}]},
        {"outputs": []},
    ):
        node = Node.model_validate({"kind": "ours>Own", "label": "own", "imported": imported})
        assert 'make_own(name="own")(' in _script(node)
