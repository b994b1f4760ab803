"""Names of nodes: people's labels, else Keras' own way of naming."""

from __future__ import annotations

import re

import pytest
from network_text import network

from weftwork.compiler.labels import layer_names, operation_name, snake_case


def names(text: str) -> list[str]:
    return list(layer_names(network(text)).values())


def test_layers_are_named_by_kind_and_numbered_in_order():
    assert names("a: Dense\nb: Conv2D\nc: Dense\nd: Dense") == ["dense", "conv2d", "dense_1", "dense_2"]


def test_label_wins_over_an_earlier_default_name():
    assert names("a: Dense\nb: Dense [label=dense]") == ["dense_1", "dense"]


def test_equal_labels_still_give_different_names():
    assert names("a: Dense [label=x]\nb: Dense [label=x]\nc: Dense [label=x_1]") == ["x", "x_1", "x_1_1"]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("hidden layer", "hidden_layer"),
        ("in/out", "in_out"),
        ("Größe", "Groe"),
        ("été", "ete"),
        ("層", "dense"),
        ("_private", "private"),
        ("a.b-c", "a.b-c"),
    ],
)
def test_label_becomes_a_name_that_keras_and_tensorflow_take(label, name):
    cell = network("a: Dense")
    node = cell.nodes["a"].model_copy(update={"label": label})
    assert layer_names(cell.model_copy(update={"nodes": {"a": node}})) == {"a": name}


def test_output_may_be_called_like_the_layer_before_it():
    assert names("a: Dense [label=digit]\nb: Output [label=digit]\nc: Output") == ["digit", "digit", "output"]


def test_input_may_not_be_called_like_a_layer():
    assert names("a: Input [label=x]\nb: Dense [label=x]") == ["x", "x_1"]


def test_layer_leaves_the_name_of_an_operation_to_keras():
    assert names("a: Add\nb: ops.add\nc: Dense [label=add_3]") == ["add_layer", "add", "add_3_layer"]


def test_layer_leaves_the_other_name_of_an_operation_to_keras_too():
    assert names("a: Dense [label=absolute]\nb: ops.abs") == ["absolute_layer", "abs"]
    assert names("a: Dense [label=layer_norm_2]\nb: ops.layer_normalization")[0] == "layer_norm_2_layer"


def test_snake_case_is_that_of_keras():
    kinds = (
        "Conv2D",
        "LSTM",
        "GlobalAveragePooling2D",
        "ReLU",
        "Conv1DTranspose",
        "GRUCell",
        "ops.top_k",
        "STFTSpectrogram",
    )
    assert [snake_case(kind) for kind in kinds] == [
        "conv2d",
        "lstm",
        "global_average_pooling2d",
        "re_lu",
        "conv1d_transpose",
        "gru_cell",
        "top_k",
        "stft_spectrogram",
    ]


@pytest.mark.keras
def test_snake_case_equals_keras_for_every_layer():
    from keras.src.utils.naming import to_snake_case

    from weftwork.compiler.catalogue import catalogue

    for name, kind in catalogue().kinds.items():
        if kind.group == "layer":
            assert snake_case(name) == to_snake_case(name)


@pytest.mark.keras
def test_operations_have_the_names_that_keras_gives_them():
    import keras
    from every_kind import CANNOT, example_of, network_of

    from weftwork.compiler.catalogue import catalogue
    from weftwork.compiler.document import Notebook
    from weftwork.compiler.pipeline import check
    from weftwork.compiler.shapes import KerasShapes
    from weftwork.compiler.to_keras import build_model

    oracle = KerasShapes()
    found: dict[str, set[str]] = {}
    for name, kind in catalogue().kinds.items():
        if kind.group != "op" or kind.unbuildable or name in CANNOT:
            continue
        program = check(Notebook(cells=(network_of(kind, example_of(kind)),)), oracle=oracle).programs[name]
        keras.utils.clear_session(free_memory=False)
        made = (made for made in build_model(program).operations if not isinstance(made, keras.layers.InputLayer))
        found[name] = {re.sub(r"_\d+$", "", operation.name) for operation in made}

    assert found
    assert found == {name: {operation_name(name)} for name in found}
