"""What the oracle says of networks, whole, broken and shared, held against Keras."""

from __future__ import annotations

import random
from typing import Any

import pytest
from network_text import network

from weftwork.compiler.specs import NodeShapes, TensorSpec

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def oracle() -> Any:
    from weftwork.compiler.shapes import KerasShapes

    return KerasShapes()


def shape(found: dict[str, NodeShapes], node: str, port: str = "output") -> tuple[int | None, ...]:
    return found[node].outputs[port].shape


def test_chain_has_shapes_and_parameters_of_every_node(oracle: Any) -> None:
    found = oracle.infer(
        network(
            """
            image: Input(shape=[28, 28, 1])
            conv: Conv2D(filters=8, kernel_size=3) <- image
            norm: BatchNormalization <- conv
            flat: Flatten <- norm
            digit: Output <- flat
            """
        )
    )
    assert found == {
        "image": NodeShapes({"output": TensorSpec((None, 28, 28, 1))}),
        "conv": NodeShapes({"output": TensorSpec((None, 26, 26, 8))}, 80, 80),
        "norm": NodeShapes({"output": TensorSpec((None, 26, 26, 8))}, 32, 16),
        "flat": NodeShapes({"output": TensorSpec((None, 5408))}),
        "digit": NodeShapes({"output": TensorSpec((None, 5408))}),
    }


def test_broken_parts_have_no_entry_and_the_rest_has(oracle: Any) -> None:
    found = oracle.infer(
        network(
            """
            x: Input(shape=[4])
            strange: Teleport <- x
            behind: Dense(units=2) <- strange
            alone: Dense(units=2)
            one: Dense(units=2) <- two
            two: Dense(units=2) <- one
            sound: Dense(units=3) <- x
            half: Add <- sound, nowhere
            """
        )
    )
    assert set(found) == {"x", "sound"}


def test_refused_call_says_why_and_what_depends_on_it_is_left_out(oracle: Any) -> None:
    found = oracle.infer(
        network(
            """
            x: Input(shape=[4])
            lstm: LSTM(units=3) <- x
            after: Dense(units=2) <- lstm
            """
        )
    )
    assert found["lstm"] == NodeShapes(refused="The input must have 3 axes (batch included), and has 2: (None, 4).")
    assert "after" not in found


REFUSED_PARAMETERS = {
    "Dense(units=-3)": "units",
    "Dense(units=3, activation='rel')": "activation",
    "Dense(units=3, kernel_initializer={'kind': 'HeNormal', 'params': {'sed': 1}})": "kernel_initializer",
    "Dense(units=3, foo=1)": "foo",
    "Dropout(rate=1.5)": "rate",
    "Conv1D(filters=4, kernel_size='a')": "kernel_size",
    "Conv1D(filters=3, kernel_size=3, groups=2)": "groups",
    "Permute(dims=[1, 3])": "dims",
    "Bidirectional(layer={'kind': 'Nothing', 'params': {}})": "layer",
}


@pytest.mark.parametrize("call", REFUSED_PARAMETERS)
def test_refused_argument_is_named(call: str, oracle: Any) -> None:
    found = oracle.infer(network(f"x: Input(shape=[8, 4])\nit: {call} <- x"))["it"]
    assert found.refused_parameter == REFUSED_PARAMETERS[call]
    assert "\n" not in found.refused
    assert "Traceback" not in found.refused
    assert "Exception encountered" not in found.refused


def test_several_outputs_go_by_port(oracle: Any) -> None:
    found = oracle.infer(
        network(
            """
            x: Input(shape=[5, 4])
            lstm: LSTM(units=3, return_state=True, return_sequences=True) <- x
            dense: Dense(units=2) <- lstm.state_c
            """
        )
    )
    assert {port: spec.shape for port, spec in found["lstm"].outputs.items()} == {
        "output": (None, 5, 3),
        "state_h": (None, 3),
        "state_c": (None, 3),
    }
    assert found["dense"].parameters == 8


def test_muted_node_passes_its_input_on(oracle: Any) -> None:
    found = oracle.infer(
        network(
            """
            x: Input(shape=[4])
            dense: Dense(units=9) [muted] <- x
            after: Dense(units=2) <- dense
            """
        )
    )
    assert shape(found, "dense") == (None, 4)
    assert found["dense"].parameters == 0
    assert found["after"].parameters == 10


def test_shared_layer_counts_once_on_its_owner(oracle: Any) -> None:
    text = """
        left: Input(shape=[4])
        right: Input(shape=[4])
        twin: Dense(units=3) [shares=dense] <- left
        dense: Dense(units=3) <- right
    """
    found = oracle.infer(network(text))
    assert (found["dense"].parameters, found["twin"].parameters) == (15, 0)
    assert shape(found, "twin") == shape(found, "dense") == (None, 3)


def test_weights_of_a_muted_owner_count_on_the_first_call(oracle: Any) -> None:
    text = """
        x: Input(shape=[4])
        dense: Dense(units=3) [muted] <- x
        twin: Dense(units=3) [shares=dense] <- x
        third: Dense(units=3) [shares=dense] <- x
    """
    found = oracle.infer(network(text))
    assert [found[node].parameters for node in ("dense", "twin", "third")] == [0, 15, 0]


def test_shared_layer_refuses_an_input_of_another_size(oracle: Any) -> None:
    text = """
        left: Input(shape=[4])
        right: Input(shape=[5])
        dense: Dense(units=3) <- left
        twin: Dense(units=3) [shares=dense] <- right
    """
    found = oracle.infer(network(text))
    assert found["dense"].parameters == 15
    assert found["twin"].refused == "Axis -1 of the input must have length 4; its shape is (None, 5)."


def test_wire_wins_over_a_constant_of_the_same_argument(oracle: Any) -> None:
    text = """
        x: Input(shape=[4])
        y: Input(shape=[3, 1])
        sum: ops.add(x2=2.0) <- x1=x
        both: ops.add(x2=2.0) <- x1=x, x2=y
    """
    found = oracle.infer(network(text))
    assert (shape(found, "sum"), shape(found, "both")) == ((None, 4), (None, 3, 4))


def test_mask_goes_from_layer_to_layer(oracle: Any) -> None:
    text = """
        words: Input(shape=[6], dtype="int32")
        embedding: Embedding(input_dim=10, output_dim=4, mask_zero=True) <- words
        lstm: LSTM(units=3) <- embedding
    """
    found = oracle.infer(network(text))
    assert shape(found, "lstm") == (None, 3)
    assert found["embedding"].parameters == 40


def test_call_that_gives_other_outputs_than_the_node_has_is_refused(
    oracle: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from weftwork.compiler import shapes
    from weftwork.compiler.catalogue_types import Port

    monkeypatch.setattr(shapes, "output_ports", lambda kind, params: (Port("output"),))
    text = "x: Input(shape=[6, 2])\nlstm: LSTM(units=2, return_state=True) <- x"
    found = oracle.infer(network(text))
    assert found["lstm"].refused == "It gives 3 tensors, and the node has outputs for 1."


def test_second_question_asks_keras_nothing(oracle: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from weftwork.compiler import shapes

    text = "x: Input(shape=[7])\ndense: Dense(units=6) <- x\nlone: LSTM(units=2) <- x"
    first = oracle.infer(network(text))
    monkeypatch.setattr(shapes, "ask_keras", lambda *arguments: pytest.fail("Keras was asked again"))
    assert oracle.infer(network(text)) == first


def test_memory_is_bounded() -> None:
    from weftwork.compiler.shapes import KerasShapes

    small = KerasShapes(memory=5)
    for units in range(1, 20):
        small.infer(network(f"x: Input(shape=[4])\ndense: Dense(units={units}) <- x"))
    assert len(small._known) == 5


def test_numbers_that_python_holds_equal_are_told_apart() -> None:
    from weftwork.compiler.shapes import KerasShapes

    fresh = KerasShapes()
    for offset in (1, 1.0, True):
        fresh.infer(network(f"x: Input(shape=[4])\nit: Rescaling(scale=2, offset={offset}) <- x"))
    assert len(fresh._known) == 4


def test_question_leaves_keras_as_it_was(oracle: Any) -> None:
    import keras
    from keras.src.backend.common import global_state

    keras.layers.Dense(2)
    before = {
        name: len(value) if isinstance(value, list | dict) else value
        for name, value in vars(global_state.GLOBAL_STATE_TRACKER).items()
    }
    numbers = random.getstate()
    oracle.infer(
        network(
            """
            x: Input(shape=[11, 3])
            conv: Conv1D(filters=5, kernel_size=3) <- x
            drop: Dropout(rate=0.3) <- conv
            lstm: LSTM(units=3, dropout=0.2) <- drop
            flat: Dense(units=-1) <- lstm
            """
        )
    )
    after = {
        name: len(value) if isinstance(value, list | dict) else value
        for name, value in vars(global_state.GLOBAL_STATE_TRACKER).items()
    }
    assert after == before
    assert random.getstate() == numbers
    assert keras.config.is_traceback_filtering_enabled()


def test_enormous_layer_costs_nothing(oracle: Any) -> None:
    found = oracle.infer(network("x: Input(shape=[1000000])\ndense: Dense(units=1000000) <- x"))
    assert found["dense"].parameters == 1_000_001_000_000
