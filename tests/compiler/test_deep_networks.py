"""Chains longer than Python's recursion limit, which Keras' own walk would run into."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest

from weftwork.compiler.deep_networks import SHORT, make_room, recursion_limit
from weftwork.compiler.document import NetworkCell, Node, Source, Target, Wire
from weftwork.compiler.pipeline import check_network
from weftwork.compiler.program import Program
from weftwork.compiler.to_python import model_source


@pytest.fixture(autouse=True)
def usual_limit():
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    yield
    sys.setrecursionlimit(before)


def chain(length: int) -> Program:
    """An Input, Activations that pass on what they get, an Output."""
    ids = ["in", *(f"n{number}" for number in range(length)), "out"]
    nodes = {id_: Node(kind="Activation", params={"activation": "linear"}) for id_ in ids}
    nodes |= {"in": Node(kind="Input", params={"shape": [2]}), "out": Node(kind="Output")}
    wires = {f"to_{after}": Wire(source=Source(before), target=Target(after)) for before, after in pairwise(ids)}
    draft = check_network(NetworkCell(id="net", name="net", nodes=nodes, wires=wires))
    assert draft.program is not None, draft.problems
    return draft.program


def test_room_is_made_once_and_never_taken_back():
    make_room(1500)
    assert sys.getrecursionlimit() == recursion_limit(1500)
    make_room(10)
    assert sys.getrecursionlimit() == recursion_limit(1500)


def test_script_of_a_short_network_does_not_touch_the_limit():
    assert "recursion" not in model_source(chain(SHORT))
    assert f"{recursion_limit(SHORT + 1)}" in model_source(chain(SHORT + 1))


@pytest.mark.keras
def test_chain_of_1500_layers_is_built():
    from weftwork.compiler.to_keras import build_model

    assert len(build_model(chain(1500)).layers) == 1501


@pytest.mark.keras
@pytest.mark.long
def test_chain_of_1500_layers_predicts_and_is_saved_and_loaded(tmp_path):
    import keras
    import numpy as np

    from weftwork.compiler.to_keras import build_model

    model = build_model(chain(1500))
    rows = np.arange(4, dtype="float32").reshape(2, 2)
    np.testing.assert_array_equal(model(rows), rows)
    model.save(tmp_path / "chain.keras")
    assert len(keras.models.load_model(tmp_path / "chain.keras").layers) == 1501


@pytest.mark.keras
def test_script_of_1500_layers_builds_the_same_network():
    import keras

    module: dict = {}
    exec(model_source(chain(1500)), module)
    keras.utils.clear_session()  # a script of its own begins to count names anew
    model = module["build_model"]()
    assert [layer.name for layer in model.layers[:3]] == ["input", "activation", "activation_1"]
    assert len(model.layers) == 1501
