"""Networks inside networks against models by hand: the same layers, parameters and, from equal weights, outputs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from nested_networks import BLOCK, MAIN, NOTEBOOKS, RESNET, nested, notebook

from weftwork.compiler.document import Notebook
from weftwork.compiler.pipeline import check
from weftwork.compiler.to_python import model_source

pytestmark = pytest.mark.keras


def residual() -> Any:
    import keras
    from keras import layers

    image = keras.Input((8, 8, 1), name="image")
    x = layers.Conv2D(4, 3, padding="same", name="stem")(image)
    for n in (1, 2, 3):
        y = layers.Conv2D(8, 3, padding="same", activation="relu", name=f"block_{n}_conv2d_1")(x)
        y = layers.Conv2D(4, 3, padding="same", name=f"block_{n}_conv2d")(y)
        x = layers.Add(name=f"block_{n}_add")([y, x])
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    return keras.Model(image, layers.Dense(10, name="dense")(x))


def inception() -> Any:
    import keras
    from keras import layers

    x = image = keras.Input((6, 6, 3), name="image")
    for name, width in (("low", 2), ("high", 3)):
        one = layers.Conv2D(width, 1, activation="relu", name=f"{name}_one")(x)
        three = layers.Conv2D(width + 1, 3, padding="same", name=f"{name}_three")(one)
        pool = layers.MaxPooling2D(3, 1, padding="same", name=f"{name}_pool")(x)
        x = layers.Concatenate(name=f"{name}_all")([one, three, pool])
    x = layers.Flatten(name="flat")(x)
    return keras.Model(image, layers.Dense(3, name="dense")(x))


def transformer() -> Any:
    import keras
    from keras import layers

    x = words = keras.Input((5, 8), name="words")
    for n in (1, 2, 3):
        at = f"encoder_layer_{n}"
        attended = layers.MultiHeadAttention(2, 4, name=f"{at}_attention")(x, x)
        x = layers.LayerNormalization(name=f"{at}_norm")(layers.Add(name=f"{at}_sum")([attended, x]))
        y = layers.Dense(8, name=f"{at}_back")(layers.Dense(32, activation="gelu", name=f"{at}_wide")(x))
        x = layers.LayerNormalization(name=f"{at}_norm_2")(layers.Add(name=f"{at}_sum_2")([y, x]))
    x = layers.GlobalAveragePooling1D(name="pool")(x)
    return keras.Model(words, layers.Dense(2, name="dense")(x))


BY_HAND = {"residual": residual, "inception": inception, "transformer": transformer}


@pytest.fixture(scope="module")
def oracle() -> Any:
    from weftwork.compiler.shapes import KerasShapes

    return KerasShapes()


def in_file_order(book: Notebook) -> Notebook:
    """Nodes as a file lists them, which is how their names are numbered."""
    cells = (cell.model_copy(update={"nodes": dict(sorted(cell.nodes.items()))}) for cell in book.networks())
    return Notebook(cells=tuple(cells))


def program_of(book: Notebook, name: str, oracle: Any) -> Any:
    checked = check(in_file_order(book), oracle=oracle)
    assert not checked.problems, [problem.message for problem in checked.problems]
    return checked.programs[name]


def layers_of(model: Any, prefix: str = "") -> dict[str, Any]:
    """Every layer with weights by name, those of models inside by prefixed names."""
    import keras

    found = {}
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            found |= layers_of(layer, f"{prefix}{layer.name}_")
        elif layer.weights:
            found[prefix + layer.name] = layer
    return found


def printed(program: Any) -> Any:
    import keras

    # As in a process of its own: Keras numbers automatic names on.
    keras.utils.clear_session(free_memory=False)
    module: dict[str, Any] = {}
    exec(model_source(program), module)
    return module["build_model"]()


@pytest.mark.parametrize("name", BY_HAND)
def test_flat_nested_and_printed_models_equal_one_written_by_hand(name: str, oracle: Any) -> None:
    from weftwork.compiler.to_keras import build_model

    program = program_of(NOTEBOOKS[name], MAIN[name], oracle)
    hand = BY_HAND[name]()
    models = {"flat": build_model(program), "nested": build_model(program, nested=True), "printed": printed(program)}
    rows = np.random.default_rng(0).normal(size=(4, *hand.input.shape[1:])).astype("float32")
    expected = np.asarray(hand(rows))
    assert hand.count_params() == sum(known.parameters for known in program.shapes.values())
    for how, model in models.items():
        layers = layers_of(model)
        assert set(layers) == set(layers_of(hand)), how
        assert model.count_params() == hand.count_params(), how
        for layer, theirs in layers_of(hand).items():
            layers[layer].set_weights(theirs.get_weights())
        np.testing.assert_array_equal(np.asarray(model(rows)), expected, err_msg=how)
    assert [layer.name for layer in models["flat"].layers] == [layer.name for layer in models["printed"].layers]


def test_equal_seeds_give_equal_weights_in_the_printed_model(oracle: Any) -> None:
    import keras

    from weftwork.compiler.to_keras import build_model

    program = program_of(NOTEBOOKS["residual"], "Res", oracle)
    keras.utils.set_random_seed(3)
    ours = build_model(program)
    keras.utils.set_random_seed(3)
    theirs = printed(program)
    for one, other in zip(ours.weights, theirs.weights, strict=True):
        np.testing.assert_array_equal(one, other)


def test_printed_script_calls_a_function_in_a_loop(oracle: Any) -> None:
    source = model_source(program_of(NOTEBOOKS["residual"], "Res", oracle))
    assert 'def block(x, filters=4, name="block"):' in source
    assert "filters=filters * 2" in source or "layers.Conv2D(filters * 2, 3" in source
    assert '    for index in range(1, 4):\n        x = block(x, name=f"block_{index}")\n' in source
    source = model_source(program_of(NOTEBOOKS["inception"], "Inception", oracle))
    assert 'for label, width in [("low", 2), ("high", 3)]:' in source
    source = model_source(program_of(NOTEBOOKS["transformer"], "Transformer", oracle))
    assert "for index in range(1, depth + 1):" in source


@pytest.mark.parametrize("how", ["repeat", "shares"])
def test_shared_weights_are_made_once_by_every_back_end(how: str, oracle: Any) -> None:
    from weftwork.compiler.to_keras import build_model

    if how == "repeat":
        body = RESNET.nodes["body"].model_copy(update={"weights": "shared"})
        main = RESNET.model_copy(update={"nodes": {**RESNET.nodes, "body": body}})
        times, rows = 3, (4, 8, 8, 1)
    else:
        main = nested(
            "Res",
            """
            left: Input(shape=[8, 8, 4]) [label=left]
            right: Input(shape=[8, 8, 4]) [label=right]
            one: use(network="Block") [label=tower] <- x=left
            two: use(network="Block") [label=twin, shares=one] <- x=right
            both: Add [label=both] <- one.x, two.x
            out: Output <- both
            """,
        )
        times, rows = 2, (4, 8, 8, 4)
    program = program_of(notebook(BLOCK, main), "Res", oracle)
    block = 8 * (4 * 9 + 1) + 4 * (8 * 9 + 1)
    outside = 4 * 10 + 4 * 10 + 10 if how == "repeat" else 0
    models = [build_model(program), build_model(program, nested=True), printed(program)]
    assert [model.count_params() for model in models] == [block + outside] * 3
    assert sum(known.parameters for known in program.shapes.values()) == block + outside
    weights = [dict(layers_of(model)) for model in models]
    for name, layer in weights[0].items():
        for others in weights[1:]:
            others[name].set_weights(layer.get_weights())
    given = np.random.default_rng(1).normal(size=rows).astype("float32")
    inputs: Any = given if how == "repeat" else {"left": given, "right": given[::-1]}
    results = [np.asarray(model(inputs)) for model in models]
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])
    assert len([call for call in program.calls if call.kind == "Conv2D"]) == 2 * times + (how == "repeat")
    source = model_source(program)
    assert 'def make_block(filters=4, name="block"):' in source
    assert source.count("layers.Conv2D") == 2 + (how == "repeat")
    if how == "repeat":
        assert '    block = make_block(name="block_1")\n    for _ in range(3):\n        x = block(x)\n' in source
    else:
        assert 'tower = make_block(name="tower")' in source
        assert [layer.name for layer in models[0].layers] == [layer.name for layer in models[2].layers]


def test_equal_seeds_give_equal_weights_where_layers_are_made_once(oracle: Any) -> None:
    import keras

    from weftwork.compiler.to_keras import build_model

    body = RESNET.nodes["body"].model_copy(update={"weights": "shared"})
    main = RESNET.model_copy(update={"nodes": {**RESNET.nodes, "body": body}})
    program = program_of(notebook(BLOCK, main), "Res", oracle)
    models = []
    for build in (build_model, printed):
        keras.utils.set_random_seed(3)
        models.append(build(program))
    for one, other in zip(models[0].weights, models[1].weights, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_frozen_use_trains_nothing(oracle: Any) -> None:
    from weftwork.compiler.to_keras import build_model

    body = RESNET.nodes["body"].model_copy(update={"params": {"trainable": False}})
    main = RESNET.model_copy(update={"nodes": {**RESNET.nodes, "body": body}})
    program = program_of(notebook(BLOCK, main), "Res", oracle)
    for model in (build_model(program), build_model(program, nested=True), printed(program)):
        trained = {variable.path.partition("/")[0] for variable in model.trainable_variables}
        assert trained == {"stem", "dense"}


def test_a_muted_use_is_passed_by_and_a_node_muted_inside_is_in_every_use(oracle: Any) -> None:
    from weftwork.compiler.to_keras import build_model

    body = RESNET.nodes["body"].model_copy(update={"muted": True})
    main = RESNET.model_copy(update={"nodes": {**RESNET.nodes, "body": body}})
    program = program_of(notebook(BLOCK, main), "Res", oracle)
    for model in (build_model(program), build_model(program, nested=True), printed(program)):
        assert [layer.name for layer in model.layers] == ["image", "stem", "pool", "dense"]
    wide = BLOCK.nodes["wide"].model_copy(update={"muted": True})
    program = program_of(
        notebook(BLOCK.model_copy(update={"nodes": {**BLOCK.nodes, "wide": wide}}), RESNET), "Res", oracle
    )
    for model in (build_model(program), build_model(program, nested=True), printed(program)):
        assert set(layers_of(model)) == {"stem", "dense", *(f"block_{n}_conv2d" for n in (1, 2, 3))}


def test_an_output_that_nothing_uses_is_not_built(oracle: Any) -> None:
    from weftwork.compiler.to_keras import build_model

    two = nested(
        "Two",
        """
        x: Input(shape=[3]) [label=x]
        used: Dense(units=2) [label=used] <- x
        spare: Dense(units=5) [label=spare] <- x
        a: Output [label=a] <- used
        b: Output [label=b] <- spare
        """,
    )
    main = nested("Main", 'i: Input(shape=[3])\nu: use(network="Two") [label=u] <- x=i\no: Output <- u.a')
    program = program_of(notebook(two, main), "Main", oracle)
    assert [layer.name for layer in program.layers.values()] == ["u_used"]
    assert build_model(program).count_params() == printed(program).count_params() == 8


def test_a_name_that_is_taken_outside_gets_a_number(oracle: Any) -> None:
    from weftwork.compiler.to_keras import build_model

    nodes = {**RESNET.nodes, "stem": RESNET.nodes["stem"].model_copy(update={"label": "block_1_add"})}
    program = program_of(notebook(BLOCK, RESNET.model_copy(update={"nodes": nodes})), "Res", oracle)
    names = [layer.name for layer in build_model(program).layers]
    assert len(set(names)) == len(names)
    assert "block_1_add_1" in names
    assert [layer.name for layer in printed(program).layers] == names
