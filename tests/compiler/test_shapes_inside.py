"""Shapes and weights inside networks that are used as nodes, and what Keras refuses there. Keras is the oracle."""

from __future__ import annotations

from typing import Any

import pytest
from nested_networks import BLOCK, NOTEBOOKS, RESNET, nested, notebook, said_by
from network_text import accepted

from weftwork.compiler.document import Notebook, TrainingCell
from weftwork.compiler.pipeline import check
from weftwork.compiler.problems import Problem
from weftwork.compiler.specs import NodeShapes
from weftwork.runtime.shape_service import shapes_from_json, shapes_to_json

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def oracle() -> Any:
    from weftwork.compiler.shapes import KerasShapes

    return KerasShapes()


def test_shapes_and_weights_inside_are_those_of_the_built_layers(oracle: Any) -> None:
    from weftwork.compiler.to_keras import build_model

    for book, name in ((NOTEBOOKS["residual"], "Res"), (NOTEBOOKS["transformer"], "Transformer")):
        program = check(book, oracle=oracle).programs[name]
        layers = {layer.name: layer for layer in build_model(program).layers}
        for call in program.calls:
            known = program.shapes[call.node]
            layer = layers[program.layers[call.layer].name]
            assert known.parameters == layer.count_params(), call.node
            assert known.outputs["output"].shape == tuple(layer.output.shape), call.node


def test_a_use_counts_what_is_inside_and_says_what_each_repetition_has(oracle: Any) -> None:
    body = RESNET.nodes["body"].model_copy(update={"params": {"filters": {"each": [4, 4, 4]}}})
    main = RESNET.model_copy(update={"nodes": {**RESNET.nodes, "body": body}})
    known = check(notebook(BLOCK, main), oracle=oracle).shapes["Res"]["body"]
    block = 8 * (4 * 9 + 1) + 4 * (8 * 9 + 1)
    assert known.parameters == known.trainable == 3 * block
    assert known.outputs["x"].shape == (None, 8, 8, 4)
    assert [inside["wide"].outputs["output"].shape for inside in known.inside] == [(None, 8, 8, 8)] * 3
    # Equal repetitions are one and the same, so that a hundred of them cost what one costs.
    assert known.inside[0] is known.inside[1]


def test_shapes_pass_between_processes_with_what_is_inside(oracle: Any) -> None:
    shapes: dict[str, NodeShapes] = check(NOTEBOOKS["transformer"], oracle=oracle).shapes["Transformer"]
    sent = shapes_to_json(shapes)
    assert len(sent["insides"]) == 2  # an Encoder, and a Layer for all three of its repetitions
    again = shapes_from_json(sent)
    assert again == shapes
    layers = again["encoder"].inside[0]["layers"].inside
    assert layers[0] is layers[2]


def test_what_keras_refuses_inside_is_told_once_at_the_path_and_mended_in_the_network(oracle: Any) -> None:
    valid = {**BLOCK.nodes["back"].params, "padding": "valid"}
    broken = BLOCK.model_copy(
        update={"nodes": {**BLOCK.nodes, "back": BLOCK.nodes["back"].model_copy(update={"params": valid})}}
    )
    outer = nested("Outer", 'i: Input(shape=[8, 8, 4])\nb: use(network="Block") <- x=i\no: Output <- b.x')
    main = nested("Main", 'i: Input(shape=[8, 8, 4])\nu: use(network="Outer", repeat=2) <- input=i\no: Output <- u')
    book = notebook(broken, outer, main)
    found = check(book, oracle=oracle).problems
    assert [(problem.code, problem.at.cell, problem.at.node) for problem in found] == [
        ("S204", "Main", "u/b/sum"),
    ]
    (fix, *_) = found[0].fixes
    assert said_by(accepted(book, fix), oracle=oracle) == []


def test_a_use_that_gets_another_shape_than_the_network_was_drawn_with_is_sound(oracle: Any) -> None:
    main = nested(
        "Main", 'i: Input(shape=[20, 20, 6])\nu: use(network="Block", filters=6, repeat=2) <- x=i\no: Output <- u.x'
    )
    checked = check(notebook(BLOCK, main), oracle=oracle)
    assert not checked.problems
    assert checked.shapes["Main"]["u"].outputs["x"].shape == (None, 20, 20, 6)
    assert checked.shapes["Block"]["sum"].outputs["output"].shape == (None, 8, 8, 4)


def test_repetitions_whose_shapes_do_not_fit_are_told_where_they_do_not(oracle: Any) -> None:
    main = nested(
        "Main",
        """
        i: Input(shape=[8, 8, 4])
        u: use(network="Block", repeat=3, filters={"each": [4, 5, 5]}) <- x=i
        o: Output <- u.x
        """,
    )
    (problem,) = check(notebook(BLOCK, main), oracle=oracle).problems
    assert (problem.code, problem.at.node) == ("S204", "u:2/sum")
    shared = nested(
        "Main",
        """
        i: Input(shape=[4])
        u: use(network="Wider", repeat=2, weights="shared") <- input=i
        o: Output <- u
        """,
    )
    wider = nested("Wider", "x: Input(shape=[4])\nd: Dense(units=6) <- x\no: Output <- d")
    (problem,) = check(notebook(wider, shared), oracle=oracle).problems
    assert (problem.code, problem.at.node) == ("S201", "u:2/d")


def test_masks_go_into_a_network(oracle: Any) -> None:
    reader = nested("Reader", "x: Input(shape=[5, 4]) [label=x]\nl: LSTM(units=3) <- x\no: Output <- l")
    main = nested(
        "Main",
        """
        i: Input(shape=[5], dtype="int32")
        e: Embedding(input_dim=9, output_dim=4, mask_zero=True) <- i
        u: use(network="Reader") <- x=e
        o: Output <- u
        """,
    )
    checked = check(notebook(reader, main), oracle=oracle)
    assert not checked.problems
    assert checked.shapes["Main"]["u"].outputs["output"].shape == (None, 3)


def frozen(book: Notebook, oracle: Any, **settings: Any) -> list[Problem]:
    training = TrainingCell(id="train", name="train", network="Main", **settings)
    found = check(book.model_copy(update={"cells": (*book.cells, training)}), oracle=oracle).problems
    return [problem for problem in found if problem.code == "T443"]


def test_freezing_every_instance_is_told_and_thaws_the_instances(oracle: Any) -> None:
    outer = nested(
        "Outer", 'x: Input(shape=[8, 8, 4]) [label=x]\nb: use(network="Block", repeat=2) <- x=x\no: Output <- b.x'
    )
    text = """
        i: Input(shape=[8, 8, 4])
        u: use(network="Outer", trainable=False) <- x=i
        v: use(network="Block", trainable=%s) <- x=u.output
        o: Output <- v.x
        """
    assert frozen(notebook(BLOCK, outer, nested("Main", text % True)), oracle) == []
    book = notebook(BLOCK, outer, nested("Main", text % False))
    (problem,) = frozen(book, oracle)
    assert problem.message == "Every layer of Main is frozen: there is nothing left to train."
    (fix,) = problem.fixes
    assert [(change.cell, change.node, change.value) for change in fix.changes] == [  # type: ignore[union-attr]
        ("main", "u", True),
        ("main", "v", True),
    ]
    assert frozen(accepted(book, fix), oracle) == []
    # By the training: a factor of a node for a network holds for all that is inside.
    assert len(frozen(accepted(book, fix), oracle, options={"rate_factors": {"u": 0, "v": 0}})) == 1
    assert frozen(accepted(book, fix), oracle, options={"rate_factors": {"u": 0, "v:1": 0, "v/wide": 1}}) == []


def test_an_edit_inside_asks_keras_once_for_all_hundred_uses(oracle: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from weftwork.compiler import shapes

    many = nested(
        "Many",
        "i: Input(shape=[8, 8, 4])\n"
        + "\n".join(f'u{n}: use(network="Block") <- x={"i" if n == 0 else f"u{n - 1}.x"}' for n in range(100))
        + "\no: Output <- u99.x",
    )
    check(notebook(BLOCK, many), oracle=oracle)
    asked: list[str] = []

    def listening(kind: Any, *given: Any) -> Any:
        asked.append(kind.name)
        return ask_keras(kind, *given)

    ask_keras = shapes.ask_keras
    monkeypatch.setattr(shapes, "ask_keras", listening)
    wide = BLOCK.nodes["wide"].model_copy(update={"params": {**BLOCK.nodes["wide"].params, "kernel_size": 7}})
    edited = BLOCK.model_copy(update={"nodes": {**BLOCK.nodes, "wide": wide}})
    assert not check(notebook(edited, many), oracle=oracle).problems
    assert asked == ["Conv2D"]


def test_a_network_too_large_to_be_built_is_told_without_being_walked(oracle: Any) -> None:
    cells = [nested("N0", "x: Input(shape=[2])\nd: Dense(units=2) <- x\no: Output <- d")]
    for depth in range(1, 5):
        inner = f'u: use(network="N{depth - 1}", repeat=200) <- input=x'
        cells.append(nested(f"N{depth}", f"x: Input(shape=[2])\n{inner}\no: Output <- u"))
    found = said_by(notebook(*cells), oracle=oracle)  # 200 ** 4 places would take days
    assert found == [("W116", f"N{depth}", "") for depth in (2, 3, 4)]
