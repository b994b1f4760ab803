"""Which tensor the palette reckons its shapes from."""

from __future__ import annotations

import pytest

from weftwork.compiler.document import NetworkCell, Node, Position, Source, Target, Wire
from weftwork.compiler.specs import NodeShapes, TensorSpec
from weftwork.editor.palette_search import Row
from weftwork.editor.palette_tensor import TensorHere, tensor_here
from weftwork.editor.preview_shapes import preview_shapes


def network(*loose: str) -> NetworkCell:
    """numbers → hidden → answer, and `loose` Dense nodes fed by `numbers`."""
    nodes = {"input": Node(kind="Input", label="numbers"), "dense": Node(kind="Dense", label="hidden")}
    nodes |= {"output": Node(kind="Output", label="answer"), **{id_: Node(kind="Dense", label=id_) for id_ in loose}}
    wires = {"w1": Wire(source=Source("input"), target=Target("dense"))}
    wires["w2"] = Wire(source=Source("dense"), target=Target("output"))
    wires |= {f"w_{id_}": Wire(source=Source("input"), target=Target(id_)) for id_ in loose}
    layout = {id_: Position(300 * number, 0) for number, id_ in enumerate(nodes)}
    return NetworkCell(id="net", name="net", nodes=nodes, wires=wires, layout=layout)


SHAPES = {
    "input": NodeShapes({"output": TensorSpec((None, 4))}),
    "dense": NodeShapes({"output": TensorSpec((None, 8))}),
    "output": NodeShapes({"output": TensorSpec((None, 8))}),
    "side": NodeShapes({"output": TensorSpec((None, 5))}),
}
HAND = {"node": "input", "port": "output", "side": "out"}


@pytest.mark.parametrize(
    ("loose", "source", "selected", "swap", "after", "size"),
    [
        ((), HAND, ["dense"], False, "numbers", 4),
        ((), None, ["dense"], False, "hidden", 8),
        ((), None, ["input", "dense"], False, "hidden", 8),
        ((), None, ["output"], False, "hidden", 8),
        ((), None, ["dense"], True, "numbers", 4),
        ((), None, [], False, "hidden", 8),
        (("side",), None, [], False, "side", 5),
        ((), None, ["gone"], False, "hidden", 8),
    ],
    ids=["wire", "selected", "several", "output", "swap", "none", "open-end", "gone"],
)
def test_tensor_is_that_of_the_wire_the_selection_or_the_open_end(loose, source, selected, swap, after, size) -> None:
    assert tensor_here(network(*loose), SHAPES, source, selected, swap=swap) == TensorHere(
        TensorSpec((None, size)), after
    )


def test_tensor_that_nobody_knows_or_that_comes_after_is_none() -> None:
    known = tensor_here(network(), {}, None, ["dense"], swap=False)
    before = tensor_here(network(), SHAPES, {**HAND, "side": "in", "port": "inputs"}, ["dense"], swap=False)
    assert known is before is None


@pytest.mark.keras
def test_shapes_of_rows_are_those_of_keras_and_what_cannot_be_built_comes_last() -> None:
    import keras

    from weftwork.compiler.shapes import KerasShapes

    found = preview_shapes(
        [Row("Conv2D", "", {"filters": 4, "kernel_size": 3}), Row("Dense", "", {"units": 7}), Row("Flatten", "")],
        TensorSpec((None, 6, 6)),
        KerasShapes(),
    )
    tensor = keras.KerasTensor((None, 6, 6))
    assert [row.kind for row in found] == ["Dense", "Flatten", "Conv2D"]
    assert found[0].shape == keras.layers.Dense(7)(tensor).shape
    assert found[1].shape == keras.layers.Flatten()(tensor).shape
    assert found[2].shape is None
    assert found[2].reason
