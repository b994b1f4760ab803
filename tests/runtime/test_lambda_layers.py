"""Lambda layers of imported files: nothing runs before consent, and then both back ends compute what Keras did."""

from __future__ import annotations

import json

import keras
import numpy as np
import pytest
from keras import layers

from weftwork.compiler.apply_change import apply_all
from weftwork.compiler.code.lambda_layers import lambda_code
from weftwork.compiler.document import CodeCell, NetworkCell, Notebook
from weftwork.compiler.from_keras import from_config
from weftwork.compiler.importing.as_notebook import as_notebook
from weftwork.compiler.pipeline import check
from weftwork.compiler.shapes import KerasShapes
from weftwork.compiler.to_keras import build_model
from weftwork.compiler.write_notebook import write_notebook
from weftwork.runtime import headless
from weftwork.runtime.code_cells import consent

pytestmark = pytest.mark.keras


@pytest.fixture(autouse=True)
def own_consent(tmp_path, monkeypatch):
    monkeypatch.setenv("WEFTWORK_DATA", str(tmp_path / "consent"))
    monkeypatch.setattr(consent, "_here", set())
    monkeypatch.chdir(tmp_path)


def model_with_lambdas(add: float = 0.25) -> keras.Model:
    """A Lambda used twice, one with an argument and a shape of its own, one that has a closure."""
    x = inputs = keras.Input((4,), name="inputs")
    twice = layers.Lambda(lambda t: t * 2.0, name="twice")
    x = twice(layers.Dense(4, name="dense")(twice(x)))
    x = layers.Lambda(lambda t, power=1: keras.ops.power(t, power), (4,), arguments={"power": 2}, name="raised")(x)
    x = layers.Lambda(lambda t: t + add, name="more than before")(x)
    return keras.Model(inputs, layers.Dense(2, name="out")(x))


def imported(model: keras.Model) -> Notebook:
    return as_notebook(from_config(json.loads(model.to_json()), "net"), "net", [])


def test_both_back_ends_compute_what_keras_computed_once_the_code_is_allowed(tmp_path):
    model = model_with_lambdas()
    path = tmp_path / "net.weft"
    path.write_text(write_notebook(imported(model)), encoding="utf-8")
    script = tmp_path / "net.py"
    assert {problem.code for problem in headless.check(path)} == {"P330"}
    assert check(consent.read_to_run(path)[0], oracle=KerasShapes()).programs == {}

    consent.allow_file_here(path)
    notebook, problems = consent.read_to_run(path)
    checked = check(notebook, oracle=KerasShapes(), allowed=consent.allowed_in(notebook))
    assert [*problems, *checked.problems] == []
    rows = np.random.default_rng(0).normal(size=(8, 4)).astype("float32")
    wanted = model(rows)
    built = build_model(checked.programs["net"])
    built.set_weights(model.get_weights())
    np.testing.assert_array_equal(built(rows), wanted)

    headless.export(path, to="python", output=script)
    space: dict = {"__name__": "exported"}
    exec(compile(script.read_text(), "net.py", "exec"), space)
    printed = space["build_model"]()
    printed.set_weights(model.get_weights())
    np.testing.assert_array_equal(printed(rows), wanted)
    # And it is kept like the layers of Keras: its config holds no code.
    printed.save(tmp_path / "net.keras")
    np.testing.assert_array_equal(keras.saving.load_model(tmp_path / "net.keras")(rows), wanted)


def test_question_names_the_layers_and_the_words_in_their_code():
    said = "\n".join(consent.what_would_run(imported(model_with_lambdas())))
    assert "Lambda layer Twice: compiled Python for 2 nodes" in said
    assert "power" in said.partition("Lambda layer Raised")[2].partition("\n")[0]


def test_code_of_lambda_layers_becomes_a_cell_that_is_still_to_be_allowed():
    notebook = imported(model_with_lambdas())
    found = lambda_code(notebook)
    assert found is not None
    moved = apply_all(notebook, found.changes)
    assert [cell.name for cell in consent.waiting(moved)] == ["lambdas"]
    assert isinstance(moved.cell("lambdas"), CodeCell)
    net = moved.cell("net")
    assert isinstance(net, NetworkCell)
    assert {node.kind for node in net.nodes.values()} == {
        "Input",
        "Twice",
        "Dense",
        "Raised",
        "MoreThanBefore",
        "Output",
    }
    assert lambda_code(moved) is None


def test_code_as_keras_2_wrote_it_is_taken_too():
    notebook = imported(model_with_lambdas())
    net = notebook.cell("net")
    assert isinstance(net, NetworkCell)
    old = {}
    for id_, node in net.nodes.items():
        if node.kind == "Lambda" and node.shares is None:
            code = node.params["function"]["config"]
            legacy = [code["code"], code["defaults"], code["closure"]]
            node = node.model_copy(update={"params": {**node.params, "function": legacy, "function_type": "lambda"}})
        old[id_] = node
    before, after = lambda_code(notebook), lambda_code(notebook.with_cell(net.model_copy(update={"nodes": old})))
    assert before is not None
    assert after is not None
    assert after.cell.code == before.cell.code


def test_function_that_a_file_only_names_is_refused_with_the_reason():
    def doubled(t):
        return t * 2

    inputs = keras.Input((4,))
    model = keras.Model(inputs, layers.Lambda(doubled, name="named")(inputs))
    notebook = imported(model)
    assert lambda_code(notebook) is None
    assert [problem.code for problem in check(notebook).problems if problem.severity == "error"] == ["P313"]


def test_code_of_another_python_is_refused_in_one_line():
    notebook = imported(model_with_lambdas())
    net = notebook.cell("net")
    assert isinstance(net, NetworkCell)
    id_ = next(id_ for id_, node in net.nodes.items() if node.label == "raised")
    node = net.nodes[id_]
    function = {"class_name": "__lambda__", "config": {"code": "/////w==", "defaults": None, "closure": None}}
    nodes = {**net.nodes, id_: node.model_copy(update={"params": {**node.params, "function": function}})}
    notebook = notebook.with_cell(net.model_copy(update={"nodes": nodes}))
    consent.allow_here(consent.codes_of(notebook))
    found = lambda_code(notebook)
    assert found is not None
    moved = apply_all(notebook, found.changes)
    checked = check(moved, oracle=KerasShapes(), allowed=consent.allowed_in(moved))
    assert "nother version of Python compiled it" in " ".join(problem.message for problem in checked.problems)
