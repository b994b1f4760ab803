"""Models built from Programs: names, structures, sharing, seeds, and errors that name their node."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from network_text import network

from weftwork.compiler.document import Notebook
from weftwork.compiler.pipeline import check
from weftwork.compiler.program import Call, Layer, Program, ProgramInput, ProgramOutput, Value

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def oracle() -> Any:
    from weftwork.compiler.shapes import KerasShapes

    return KerasShapes()


def build(text: str, oracle: Any) -> Any:
    from weftwork.compiler.to_keras import build_model

    checked = check(Notebook(cells=(network(text, name="My net"),)), oracle=oracle)
    assert "My net" in checked.programs, [problem.message for problem in checked.problems]
    return build_model(checked.programs["My net"])


def test_chain_is_a_plain_functional_model(oracle: Any) -> None:
    model = build(
        """
        image: Input(shape=[28, 28, 1]) [label=image]
        conv: Conv2D(filters=8, kernel_size=3) [label=edges] <- image
        flat: Flatten <- conv
        digit: Dense(units=10, activation='softmax') [label=digit] <- flat
        out: Output [label=digit] <- digit
        """,
        oracle,
    )
    assert type(model).__name__ == "Functional"
    assert (model.name, [layer.name for layer in model.layers]) == ("my_net", ["image", "edges", "flatten", "digit"])
    assert model.output.shape == (None, 10)
    assert model.predict(np.zeros((2, 28, 28, 1)), verbose=0).shape == (2, 10)


def test_several_inputs_and_outputs_go_by_name(oracle: Any) -> None:
    model = build(
        """
        a: Input(shape=[4]) [label=left]
        b: Input(shape=[4]) [label=right]
        sum: Add <- a, b
        first: Output [label=total] <- sum
        second: Output [label=copy] <- a
        """,
        oracle,
    )
    given = {"left": np.ones((1, 4), "float32"), "right": np.full((1, 4), 2.0, "float32")}
    results = {name: np.asarray(value).tolist() for name, value in model(given).items()}
    assert results == {"total": [[3.0] * 4], "copy": [[1.0] * 4]}


def test_shared_layer_has_one_set_of_weights(oracle: Any) -> None:
    model = build(
        """
        a: Input(shape=[4]) [label=left]
        b: Input(shape=[4]) [label=right]
        one: Dense(units=3) [label=encoder] <- a
        two: Dense(units=3) [shares=one] <- b
        apart: Subtract <- one, two
        out: Output <- apart
        """,
        oracle,
    )
    assert model.count_params() == 15
    same = np.random.default_rng(0).normal(size=(2, 4)).astype("float32")
    np.testing.assert_array_equal(model({"left": same, "right": same}), np.zeros((2, 3)))


def test_muted_node_leaves_no_trace(oracle: Any) -> None:
    model = build(
        """
        x: Input(shape=[4])
        drop: Dropout(rate=0.5) [muted] <- x
        dense: Dense(units=3) <- drop
        out: Output <- dense
        """,
        oracle,
    )
    assert [type(layer).__name__ for layer in model.layers] == ["InputLayer", "Dense"]


def test_states_of_one_recurrent_layer_start_another(oracle: Any) -> None:
    """An encoder and a decoder, as in Keras' own example of translation."""
    import keras

    model = build(
        """
        source: Input(shape=[6, 3]) [label=source]
        target: Input(shape=[5, 2]) [label=target]
        enc: LSTM(units=4, return_state=True) <- source
        decoder: LSTM(units=4, return_sequences=True) <- target, initial_state=enc.state_h, initial_state=enc.state_c
        out: Output <- decoder
        """,
        oracle,
    )
    source, target = keras.Input((6, 3), name="source"), keras.Input((5, 2), name="target")
    _, state_h, state_c = keras.layers.LSTM(4, return_state=True)(source)
    decoded = keras.layers.LSTM(4, return_sequences=True)(target, initial_state=[state_h, state_c])
    plain = keras.Model({"source": source, "target": target}, decoded)
    plain.set_weights(model.get_weights())
    random = np.random.default_rng(0)
    given = {
        "source": random.normal(size=(2, 6, 3)).astype("float32"),
        "target": random.normal(size=(2, 5, 2)).astype("float32"),
    }
    np.testing.assert_array_equal(model(given), plain(given))


def test_mask_of_an_embedding_reaches_the_recurrent_layer(oracle: Any) -> None:
    model = build(
        """
        words: Input(shape=[6], dtype='int32')
        embedding: Embedding(input_dim=10, output_dim=4, mask_zero=True) <- words
        lstm: LSTM(units=3) <- embedding
        out: Output <- lstm
        """,
        oracle,
    )
    short, padded = np.array([[3, 5, 0, 0, 0, 0]]), np.array([[3, 5, 0, 0, 0, 0]])
    np.testing.assert_array_equal(model(short), model(padded))
    without = model(np.array([[3, 5, 1, 1, 1, 1]]))
    assert not np.allclose(model(short), without)


def test_equal_seeds_give_the_weights_of_plain_keras(oracle: Any) -> None:
    import keras

    text = """
        x: Input(shape=[4])
        a: Dense(units=3) <- x
        b: Dense(units=2) <- a
        out: Output <- b
    """
    keras.utils.set_random_seed(5)
    ours = build(text, oracle).get_weights()
    keras.utils.set_random_seed(5)
    plain = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Dense(2)]).get_weights()
    for one, other in zip(ours, plain, strict=True):
        np.testing.assert_array_equal(one, other)


def test_model_is_saved_and_loaded_without_our_code(oracle: Any, tmp_path: Any) -> None:
    import keras

    model = build(
        """
        x: Input(shape=[6, 4])
        attention: MultiHeadAttention(num_heads=2, key_dim=3) <- query=x, value=x
        half: ops.multiply(x2=0.5) <- x1=attention
        sum: Add <- half, x
        out: Output <- sum
        """,
        oracle,
    )
    model.save(tmp_path / "model.keras")
    values = np.random.default_rng(0).normal(size=(2, 6, 4)).astype("float32")
    np.testing.assert_array_equal(model(values), keras.models.load_model(tmp_path / "model.keras")(values))


@pytest.mark.parametrize(
    ("layer", "reason"),
    [
        (Layer("it", "it", "LSTM", {"units": 3}), "must have 3 axes"),
        (Layer("it", "it", "Dense", {"units": -1}), "expected a positive integer"),
        (Layer("it", "a/b", "Dense", {"units": 1}), "cannot contain character"),
    ],
)
def test_what_slips_through_is_an_error_that_names_the_node(layer: Layer, reason: str) -> None:
    from weftwork.compiler.build_object import BuildError
    from weftwork.compiler.to_keras import build_model

    argument = "sequences" if layer.kind == "LSTM" else "inputs"
    program = Program(
        "net",
        (ProgramInput("in", "x", (4,), "float32"),),
        {"it": layer},
        (Call("it", layer.name, layer.kind, "it", {argument: Value("in")}),),
        (ProgramOutput("out", "y", Value("it")),),
    )
    with pytest.raises(BuildError, match=reason) as raised:
        build_model(program)
    assert raised.value.node == "it"
    assert "\n" not in str(raised.value)
