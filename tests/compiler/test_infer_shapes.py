"""What Keras refuses: one problem a cause, at the node, with fixes that Keras accepts."""

from __future__ import annotations

import pytest
from network_text import accepted, broken_fixes, network, said

from weftwork.compiler.catalogue import catalogue
from weftwork.compiler.document import NetworkCell, Notebook
from weftwork.compiler.passes.draft import ShapeOracle, begin
from weftwork.compiler.passes.infer_shapes import infer_shapes
from weftwork.compiler.passes.resolve_kinds import resolve_kinds
from weftwork.compiler.problems import Problem
from weftwork.compiler.specs import NodeShapes, TensorSpec


class OnlyRows:
    """An oracle to whom every kind keeps its shape, Flatten flattens, and Dense takes rows alone."""

    def __init__(self) -> None:
        self.asked = 0

    def infer(self, network: NetworkCell) -> dict[str, NodeShapes]:
        self.asked += 1
        shapes: dict[str, NodeShapes] = {}
        wires = {wire.target.node: wire.source.node for wire in network.wires.values()}
        waiting = list(network.nodes)
        while waiting:
            node = next((n for n in waiting if n not in wires or wires[n] not in waiting), None)
            if node is None:
                break
            waiting.remove(node)
            kind, params = network.nodes[node].kind, network.nodes[node].params
            before = shapes.get(wires.get(node, ""))
            if kind == "Input":
                shape = (None, *params["shape"])
            elif before is None or before.refused:
                continue
            else:
                shape = before.outputs["output"].shape
            if kind == "Flatten":
                shape = (None, 99)
            if kind in ("Dense", "RepeatVector") and len(shape) > 2:
                shapes[node] = NodeShapes(refused="Rows only.")
            else:
                shapes[node] = NodeShapes({"output": TensorSpec(shape)})
        return shapes


def problems_of(notebook: Notebook, oracle: ShapeOracle) -> tuple[Problem, ...]:
    draft = resolve_kinds(begin(notebook.networks()[0], catalogue(), oracle))
    return infer_shapes(draft).problems


def test_without_an_oracle_nothing_is_said():
    cell = network("x: Input(shape=[4, 4])\ndense: Dense(units=2) <- x\nout: Output <- dense")
    draft = infer_shapes(begin(cell, catalogue()))
    assert (draft.problems, draft.shapes) == ((), {})


def test_what_follows_a_refused_node_is_unknown_and_not_wrong():
    cell = network("""
        x: Input(shape=[4, 4])
        one: Dense(units=2) <- x
        two: Dense(units=2) <- one
        out: Output <- two
    """)
    assert said(problems_of(Notebook(cells=(cell,)), OnlyRows())) == [("S201", "one")]


def test_refusal_of_a_bad_parameter_is_not_reported_twice():
    cell = network("x: Input(shape=[4, 4])\none: Dense(units=0) <- x\nout: Output <- one")
    assert said(problems_of(Notebook(cells=(cell,)), OnlyRows())) == [("P305", "one.units")]


def test_refused_node_that_is_not_built_is_a_warning():
    cell = network("x: Input(shape=[4, 4])\nside: Dense(units=2) <- x\nout: Output <- x")
    (problem,) = problems_of(Notebook(cells=(cell,)), OnlyRows())
    assert problem.severity == "warning"


def test_fix_that_does_not_help_is_not_offered():
    cell = network("x: Input(shape=[4, 4])\nrepeat: RepeatVector(n=2) <- x\nout: Output <- repeat")

    class Stubborn(OnlyRows):
        def infer(self, network: NetworkCell) -> dict[str, NodeShapes]:
            return super().infer(network) | {"repeat": NodeShapes(refused="No.")}

    (helped,) = problems_of(Notebook(cells=(cell,)), OnlyRows())
    (unhelped,) = problems_of(Notebook(cells=(cell,)), Stubborn())
    assert [fix.title for fix in helped.fixes] == ["Insert Flatten before repeat_vector"]
    assert unhelped.fixes == ()


def test_trials_of_fixes_are_bounded():
    lines = ["x: Input(shape=[4, 4])"]
    for index in range(40):
        lines += [f"r{index}: RepeatVector(n=2) <- x", f"out{index}: Output <- r{index}"]
    oracle = OnlyRows()
    problems = problems_of(Notebook(cells=(network("\n".join(lines)),)), oracle)
    assert len(problems) == 40
    assert oracle.asked < 20


# name: (network, code and place, titles of the fixes)
REFUSED = {
    "stacked recurrent layers": (
        "x: Input(shape=[8, 4])\na: LSTM(units=3) <- x\nb: LSTM(units=3) <- a",
        ("S205", "b.sequences"),
        ["Let lstm return sequences", "Insert Reshape to (3, 1) before lstm_1"],
    ),
    "stacked with a dropout between": (
        "x: Input(shape=[8, 4])\na: GRU(units=3) <- x\nd: Dropout(rate=0.1) <- a\nb: LSTM(units=3) <- d",
        ("S205", "b.sequences"),
        ["Let gru return sequences", "Insert Reshape to (3, 1) before lstm"],
    ),
    "stacked on a wrapped layer": (
        "x: Input(shape=[8, 4])\na: Bidirectional(layer={'kind': 'LSTM', 'params': {'units': 3}}) <- x\n"
        "b: GRU(units=3) <- a",
        ("S205", "b.sequences"),
        ["Let bidirectional return sequences", "Insert Reshape to (6, 1) before gru"],
    ),
    "a recurrent layer on a table": (
        "x: Input(shape=[30])\na: LSTM(units=3) <- x",
        ("S205", "a.sequences"),
        ["Insert Reshape to (30, 1) before lstm"],
    ),
    "a recurrent layer on pictures": (
        "x: Input(shape=[28, 28, 3])\na: LSTM(units=3) <- x",
        ("S202", "a.sequences"),
        ["Insert Reshape to (28, 84) before lstm"],
    ),
    "pictures without a channel": (
        "x: Input(shape=[28, 28])\na: Conv2D(filters=3, kernel_size=3) <- x",
        ("S203", "a.inputs"),
        ["Insert Reshape to (28, 28, 1) before conv2d", "Make conv2d a Conv1D"],
    ),
    "pictures in a row": (
        "x: Input(shape=[784])\na: Conv2D(filters=3, kernel_size=3) <- x",
        ("S202", "a.inputs"),
        ["Insert Reshape to (28, 28, 1) before conv2d"],
    ),
    "a layer for sequences on pictures": (
        "x: Input(shape=[8, 8, 3])\na: MaxPooling1D(pool_size=2) <- x",
        ("S202", "a.inputs"),
        ["Make max_pooling1d a MaxPooling2D", "Insert Reshape to (8, 24) before max_pooling1d"],
    ),
    "rows wanted, sequences given": (
        "x: Input(shape=[8, 3])\na: RepeatVector(n=2) <- x",
        ("S202", "a.inputs"),
        ["Insert Flatten before repeat_vector"],
    ),
    "sums of unequal widths": (
        "x: Input(shape=[8])\na: Dense(units=3) <- x\nb: Dense(units=4) <- x\ns: Add <- a, b",
        ("S204", "s"),
        ["Set units of dense_1 to 3", "Set units of dense to 4"],
    ),
    "an operation on unequal widths": (
        "x: Input(shape=[8])\na: Dense(units=3) <- x\nb: Dense(units=4) <- x\ns: ops.add <- x1=a, x2=b",
        ("S204", "s"),
        ["Set units of dense_1 to 3", "Set units of dense to 4"],
    ),
    "pictures of unequal sizes": (
        "x: Input(shape=[8, 8, 1])\na: Conv2D(filters=3, kernel_size=3) <- x\n"
        "b: Conv2D(filters=3, kernel_size=5) <- x\ns: Concatenate <- a, b",
        ("S204", "s"),
        ["Pad conv2d and conv2d_1 to the same size"],
    ),
    "a picture and a row": (
        "x: Input(shape=[8, 8, 1])\ny: Input(shape=[5])\ns: Concatenate <- x, y",
        ("S204", "s"),
        ["Insert Flatten after input"],
    ),
    "a window larger than the picture": (
        "x: Input(shape=[4, 4, 1])\na: Conv2D(filters=3, kernel_size=5) <- x",
        ("S206", "a.kernel_size"),
        ["Set padding of conv2d to same", "Set kernel_size of conv2d to 4"],
    ),
    "a pool larger than the picture": (
        "x: Input(shape=[2, 2, 1])\na: MaxPooling2D(pool_size=3) <- x",
        ("S206", "a.pool_size"),
        ["Set padding of max_pooling2d to same", "Set pool_size of max_pooling2d to 2"],
    ),
    "a reshape to another size": (
        "x: Input(shape=[12])\na: Reshape(target_shape=[3, 3]) <- x",
        ("S208", "a.target_shape"),
        ["Set target_shape to (3, 4)"],
    ),
    "weights of an unknown size": (
        "x: Input(shape=[None, 4])\nf: Flatten <- x\nd: Dense(units=3) <- f",
        ("S210", "d"),
        ["Make flatten a GlobalAveragePooling1D"],
    ),
    "a negative size": (
        "x: Input(shape=[-1, 4])",
        ("S209", "x.shape"),
        ["Set the shape to (?, 4)"],
    ),
    "shared weights of another size": (
        "x: Input(shape=[8])\ny: Input(shape=[9])\na: Dense(units=3) <- x\nb: Dense [shares=a] <- y",
        ("S201", "b"),
        ["Give dense_1 weights of its own"],
    ),
    "a parameter that Keras refuses": (
        "x: Input(shape=[8, 8, 1])\na: Conv2D(filters=3, kernel_size=3, strides=2, dilation_rate=2) <- x",
        ("S209", "a.strides"),
        ["Leave strides out"],
    ),
    "fractions to look up": (
        "x: Input(shape=[8])\na: Embedding(input_dim=9, output_dim=3) <- x",
        ("S207", "a.inputs"),
        ["Let input give int32"],
    ),
    "words to calculate with": (
        "x: Input(shape=[8], dtype='string')\na: Dense(units=3) <- x",
        ("S207", "a.inputs"),
        [],
    ),
}


@pytest.fixture(scope="module")
def keras_shapes() -> ShapeOracle:
    from weftwork.compiler.shapes import KerasShapes

    return KerasShapes()


@pytest.mark.keras
@pytest.mark.parametrize(("text", "expected", "titles"), REFUSED.values(), ids=REFUSED)
def test_refusal_is_explained_with_fixes_that_keras_accepts(keras_shapes, text, expected, titles):
    last = text.splitlines()[-1].partition(":")[0]
    notebook = Notebook(cells=(network(f"{text}\nout: Output <- {last}"),))
    (problem,) = problems_of(notebook, keras_shapes)
    assert said([problem]) == [expected]
    assert [fix.title for fix in problem.fixes] == titles
    assert broken_fixes(notebook, lambda changed: problems_of(changed, keras_shapes)) == []
    for fix in problem.fixes:
        assert problems_of(accepted(notebook, fix), keras_shapes) == ()


@pytest.mark.keras
def test_merge_says_which_wire_brings_which_shape(keras_shapes):
    cell = network(f"{REFUSED['sums of unequal widths'][0]}\nout: Output <- s")
    (problem,) = problems_of(Notebook(cells=(cell,)), keras_shapes)
    assert problem.message == "add cannot merge (3) from dense and (4) from dense_1."
    assert [(at.node, at.wire, text) for at, text in problem.related] == [
        ("a", "wire_3", "gives (3)"),
        ("b", "wire_4", "gives (4)"),
    ]
