"""The exported script as people read it. No Keras: programs are written out by hand."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import replace
from textwrap import dedent
from typing import Any

import pytest

from weftwork.compiler.program import Call, Layer, Program, ProgramInput, ProgramOutput, Value
from weftwork.compiler.specs import NodeShapes, TensorSpec
from weftwork.compiler.to_python import formatted, model_source


def call(node: str, kind: str, *sources: str, name: str = "", layer: str | None = None, **params: Any) -> Call:
    """A call on the values of the given nodes; a layer of its own unless it is an operation or shares one."""
    values = tuple(Value(source) for source in sources)
    arguments: dict[str, Any] = dict(zip(("x1", "x2"), values, strict=False))
    if not kind.startswith("ops."):
        arguments = {"inputs": values if len(values) > 1 else values[0]}
        return Call(node, name or node, kind, layer or node, arguments)
    return Call(node, name or node, kind, "", arguments, params)


def program(*calls: Call, layers: tuple[Layer, ...], outputs: dict[str, str], **shapes: NodeShapes) -> Program:
    return Program(
        "Digits",
        (ProgramInput("in", "image", (28, 28, 1), "float32"),),
        {layer.node: layer for layer in layers},
        calls,
        tuple(ProgramOutput(f"out_{name}", name, Value(node)) for name, node in outputs.items()),
        shapes,
    )


CHAIN = program(
    call("conv", "Conv2D", "in"),
    call("flat", "Flatten", "conv"),
    call("dense", "Dense", "flat"),
    layers=(
        Layer("conv", "conv2d", "Conv2D", {"filters": 16, "kernel_size": 3, "activation": "relu", "strides": [1, 1]}),
        Layer("flat", "flatten", "Flatten", {}),
        Layer(
            "dense",
            "class",
            "Dense",
            {"units": 10, "kernel_initializer": {"kind": "HeNormal", "params": {"seed": 1}}, "use_bias": True},
        ),
    ),
    outputs={"digit": "dense"},
    conv=NodeShapes({"output": TensorSpec((None, 26, 26, 16))}, 160, 160),
    flat=NodeShapes({"output": TensorSpec((None, 10816))}),
    dense=NodeShapes({"output": TensorSpec((None, 10))}, 108170, 108170),
)


def body(source: str) -> str:
    """The lines of `build_model` between its docstring and its end."""
    function = source.split("def build_model")[1]
    return dedent(function.split('"""\n', 1)[1]).strip()


def test_chain_reads_as_if_written_by_hand() -> None:
    assert model_source(CHAIN) == dedent(
        '''\
        """The network “Digits”, drawn in Weftwork."""

        import keras
        from keras import layers


        def build_model() -> keras.Model:
            """From image (28, 28, 1) to digit; 108,330 parameters."""
            image = keras.Input(shape=(28, 28, 1), name="image")
            x = layers.Conv2D(16, 3, activation="relu")(image)  # (26, 26, 16)
            x = layers.Flatten()(x)  # (10816)
            digit = layers.Dense(
                units=10,
                kernel_initializer=keras.initializers.HeNormal(seed=1),
                name="class",
            )(x)  # (10)
            return keras.Model(image, digit, name="digits")
        '''
    )


def test_branch_gets_a_name_and_chains_beside_each_other_get_letters() -> None:
    shown = program(
        call("stem", "Dense", "in"),
        call("left", "Dense", "stem"),
        call("right", "Dense", "stem"),
        call("more", "Dense", "right"),
        call("sum", "Add", "left", "more"),
        layers=(
            Layer("stem", "stem", "Dense", {"units": 8}),
            Layer("left", "dense", "Dense", {"units": 4}),
            Layer("right", "dense_1", "Dense", {"units": 6}),
            Layer("more", "dense_2", "Dense", {"units": 4}),
            Layer("sum", "add", "Add", {}),
        ),
        outputs={"sum": "sum"},
    )
    assert body(model_source(shown)) == dedent(
        """\
        image = keras.Input(shape=(28, 28, 1), name="image")
        stem = layers.Dense(8, name="stem")(image)
        x = layers.Dense(4, name="dense")(stem)
        y = layers.Dense(6, name="dense_1")(stem)
        y = layers.Dense(4, name="dense_2")(y)
        sum_1 = layers.Add()([x, y])
        return keras.Model(image, sum_1, name="digits")"""
    )


def test_shared_layer_is_bound_before_its_first_call() -> None:
    shown = program(
        call("one", "Dense", "in"),
        call("two", "Dense", "one", layer="one"),
        layers=(Layer("one", "encoder", "Dense", {"units": 1}),),
        outputs={"first": "one", "second": "two"},
    )
    assert body(model_source(shown)) == dedent(
        """\
        image = keras.Input(shape=(28, 28, 1), name="image")
        encoder_layer = layers.Dense(1, name="encoder")
        first = encoder_layer(image)
        second = encoder_layer(first)
        return keras.Model(
            inputs=image, outputs={"first": first, "second": second}, name="digits"
        )"""
    )


def test_operations_take_tensors_and_constants_in_their_places() -> None:
    shown = program(
        call("half", "ops.multiply", "in", x2=0.5),
        call("flat", "ops.reshape", "half", newshape=[-1, 784]),
        layers=(),
        outputs={"y": "flat"},
    )
    flat = replace(shown.calls[1], arguments={"x": Value("half")})
    source = model_source(replace(shown, calls=(shown.calls[0], flat)))
    assert "from keras import ops" in source
    assert body(source) == dedent(
        """\
        image = keras.Input(shape=(28, 28, 1), name="image")
        x = ops.multiply(image, 0.5)
        y = ops.reshape(x, (-1, 784))
        return keras.Model(image, y, name="digits")"""
    )


def test_unused_states_are_left_unnamed() -> None:
    lstm = Call("lstm", "lstm", "LSTM", "lstm", {"sequences": Value("in")}, {}, ("output", "state_h", "state_c"))
    params = {"units": 3, "return_state": True}
    shown = program(lstm, layers=(Layer("lstm", "lstm", "LSTM", params),), outputs={"y": "lstm"})
    assert "y, _, _ = layers.LSTM(3, return_state=True)(image)" in model_source(shown)


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"rate": 0.3}, "layers.Dropout(0.3)"),
        ({"rate": 0.3, "seed": None}, "layers.Dropout(0.3)"),
        ({"seed": 4, "rate": 1 / 255}, "layers.Dropout(1 / 255, seed=4)"),
        ({"rate": 0.1, "noise_shape": [None, 1, 3]}, "layers.Dropout(0.1, noise_shape=(None, 1, 3))"),
        ({"rate": 0.1, "dtype": "float16"}, 'layers.Dropout(0.1, dtype="float16")'),
    ],
)
def test_only_what_differs_from_the_default_is_written(params: dict[str, Any], text: str) -> None:
    shown = program(
        call("it", "Dropout", "in"), layers=(Layer("it", "dropout", "Dropout", params),), outputs={"y": "it"}
    )
    assert f"y = {text}(image)" in model_source(shown)


@pytest.mark.parametrize("name", ["lambda", "print", "2nd", "größe", "keras", "x", "a b", "_", "build_model"])
def test_any_label_makes_a_variable(name: str) -> None:
    shown = program(
        call("a", "Flatten", "in"),
        call("b", "Flatten", "a"),
        layers=(Layer("a", "a", "Flatten", {}), Layer("b", "b", "Flatten", {})),
        outputs={name: "b"},
    )
    tree = ast.parse(model_source(shown))
    stored = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    assert len(set(stored)) == 3
    assert not {"keras", "layers", "print"} & set(stored)


def test_name_of_a_cell_cannot_leave_its_docstring() -> None:
    tree = ast.parse(model_source(replace(CHAIN, name='a"""\nimport os  \\')))
    assert [type(statement) for statement in tree.body] == [ast.Expr, ast.Import, ast.ImportFrom, ast.FunctionDef]


def test_name_of_an_argument_cannot_be_code() -> None:
    evil = replace(CHAIN.layers["flat"], params={"data_format=print(1), x": 1})
    with pytest.raises(ValueError, match="is no name of an argument"):
        model_source(replace(CHAIN, layers=CHAIN.layers | {"flat": evil}))


def test_script_is_as_ruff_leaves_it() -> None:
    source = model_source(CHAIN)
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "-"]
    assert subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout == source


def test_source_that_is_no_python_stays_as_it_is() -> None:
    assert formatted("x = = 1") == "x = = 1"


def test_printing_imports_no_keras() -> None:
    code = "import sys, weftwork.compiler.to_python; print('keras' in sys.modules or 'tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"
