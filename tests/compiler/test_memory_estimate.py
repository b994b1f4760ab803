"""What a training takes of memory, held against what Keras makes of the same network."""

from __future__ import annotations

import numpy as np
import pytest

from weftwork.compiler.document import Choice
from weftwork.compiler.memory_estimate import MemoryEstimate, estimate_memory
from weftwork.compiler.specs import NodeShapes, TensorSpec

OPTIMIZERS = {
    "SGD": {},
    "SGD with momentum": {"momentum": 0.9},
    "RMSprop": {"centered": True, "momentum": 0.5},
    "Adam": {},
    "Adam with amsgrad": {"amsgrad": True},
    "AdamW": {"use_ema": True},
    "Adagrad": {},
    "Adadelta": {},
    "Adamax": {},
    "Nadam": {},
    "Ftrl": {},
    "Lion": {"gradient_accumulation_steps": 2},
    "Lamb": {},
}


def nodes_of(*shapes: tuple[tuple[int | None, ...], int, int]) -> list[NodeShapes]:
    return [
        NodeShapes({"output": TensorSpec(shape)}, parameters=weights, trainable=trainable)
        for shape, weights, trainable in shapes
    ]


def test_estimate_counts_weights_once_for_each_use_and_rows_by_their_outputs():
    nodes = nodes_of(((None, 8), 0, 0), ((None, 16), 144, 144), ((None, 16), 64, 32))
    found = estimate_memory(nodes, Choice(kind="Adam"))
    assert found == MemoryEstimate(weights=4 * 208, gradients=4 * 176, optimizer=8 * 176, row=2 * 4 * 40)
    assert found.total(10) == found.fixed + 10 * 320
    assert found.largest_batch(found.total(10)) == found.largest_batch(found.total(11) - 1) == 10
    assert found.largest_batch(found.fixed - 1) == 0


def test_spread_weights_take_their_share_on_each_device():
    nodes = nodes_of(((None, 16), 144, 144))
    whole, part = (estimate_memory(nodes, Choice(kind="Adam"), parts) for parts in (1, 4))
    assert (part.weights, part.optimizer, part.row) == (whole.weights // 4, whole.optimizer // 4, whole.row)


def test_nothing_is_estimated_of_a_network_that_keras_refuses():
    assert estimate_memory([NodeShapes(refused="no")], Choice(kind="Adam")) is None


@pytest.mark.keras
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_estimate_is_what_keras_keeps(name):
    import keras

    from weftwork.compiler.build_object import build_object

    keras.utils.clear_session()
    inputs = keras.Input((12, 12, 1))
    x = keras.layers.Conv2D(4, 3)(inputs)
    x = keras.layers.Flatten()(keras.layers.BatchNormalization()(x))
    model = keras.Model(inputs, keras.layers.Dense(10)(x))
    nodes = [
        NodeShapes(
            {"output": TensorSpec(tuple(layer.output.shape))},
            parameters=layer.count_params(),
            trainable=sum(int(np.prod(weight.shape)) for weight in layer.trainable_weights),
        )
        for layer in model.layers
    ]
    choice = Choice(kind=name.partition(" ")[0], params=OPTIMIZERS[name])
    optimizer = build_object({"kind": choice.kind, "params": dict(choice.params)}, "optimizer")
    optimizer.build(model.trainable_variables)
    found = estimate_memory(nodes, choice)
    assert found.weights == sum(variable.numpy().nbytes for variable in model.variables)
    kept = sum(variable.numpy().nbytes for variable in optimizer.variables if len(variable.shape))
    assert found.optimizer == kept
    outputs = keras.Model(inputs, [layer.output for layer in model.layers])(np.zeros((3, 12, 12, 1), "float32"))
    assert found.row == 2 * sum(np.asarray(output).nbytes for output in outputs) / 3


@pytest.mark.keras
@pytest.mark.parametrize(
    ("layer", "kept"),
    [
        (("LSTM", {"units": 5}), 7 * 5 * 8),
        (("Bidirectional", {"layer": {"kind": "GRU", "params": {"units": 5}}}), 2 * 7 * 5 * 6),
        (("Dense", {"units": 5}), 0),
    ],
)
def test_estimate_counts_what_recurrent_layers_keep_of_every_step(layer, kept):
    from weftwork.compiler.document import NetworkCell, Node, Wire
    from weftwork.compiler.shapes import KerasShapes

    kind, params = layer
    nodes = {"x": Node(kind="Input", params={"shape": [7, 3]}), "layer": Node(kind=kind, params=params)}
    port = "inputs" if kind == "Dense" else "sequences"
    wires = {"w": Wire(source=("x", "output"), target=("layer", port, 0))}
    shapes = KerasShapes().infer(NetworkCell(id="n", name="n", nodes=nodes, wires=wires))
    assert not shapes["layer"].refused
    assert shapes["layer"].kept == kept
    outputs = sum(int(np.prod(known.outputs["output"].shape[1:])) for known in shapes.values())
    estimate = estimate_memory(shapes.values(), Choice(kind="Adam"))
    assert estimate is not None
    assert estimate.row == 2 * 4 * (outputs + kept)
