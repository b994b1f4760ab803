"""ONNX, by way of tf2onnx: inputs and outputs by the network's own names."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from .blame import refusal
from .refused import ExportRefused
from .serving_function import predicting, signature, structured

# Operators of this set are in every ONNX Runtime since 1.14 (2023), and all that Keras' layers need is among them.
OPSET = 18
TITLE = "ONNX"


def onnx_model(model: keras.Model, outputs: Sequence[str]) -> Any:
    """The model as an `onnx.ModelProto`. `outputs` are the names of its outputs. Raises ExportRefused."""
    specs = signature(model)
    function = tf.function(predicting(model), input_signature=[structured(specs)])
    try:
        converted = _converted(function)
    except Exception as error:
        raise ExportRefused(refusal(model, TITLE, _convert_one, None, error)) from error
    given = {tensor.name: name for tensor, name in zip(converted.graph.input, sorted(specs), strict=True)}
    # TensorFlow hands over a dict in the order of its names.
    given |= {tensor.name: name for tensor, name in zip(converted.graph.output, sorted(outputs), strict=True)}
    rename_tensors(converted.graph, given)
    return converted


def write_onnx(converted: Any, path: Path, notebook: str | None, key: str) -> None:
    """Writes the model; with the text of a notebook in its metadata, unless that is None."""
    if notebook is not None:
        entry = converted.metadata_props.add()
        entry.key, entry.value = key, notebook
    path.write_bytes(converted.SerializeToString())


def rename_tensors(graph: Any, names: dict[str, str]) -> None:
    """Gives tensors of an `onnx.GraphProto` other names, wherever they stand."""
    taken = {name for node in graph.node for name in [*node.input, *node.output]} - set(names)
    wanted = {}
    for old, new in names.items():
        wanted[old] = new
        while wanted[old] in taken or list(wanted.values()).count(wanted[old]) > 1:
            wanted[old] += "_"
    for tensor in [*graph.input, *graph.output]:
        tensor.name = wanted.get(tensor.name, tensor.name)
    _rename_in(graph, wanted)


def _rename_in(graph: Any, names: dict[str, str]) -> None:
    for node in graph.node:
        for places in (node.input, node.output):
            for at, name in enumerate(places):
                places[at] = names.get(name, name)
        for attribute in node.attribute:
            for inner in [attribute.g, *attribute.graphs]:
                # Loops and branches see the tensors around them.
                _rename_in(inner, names)


def _converted(function: Any) -> Any:
    import tf2onnx

    # It tells its progress where a program's answers go.
    with contextlib.redirect_stdout(io.StringIO()):
        converted, _ = tf2onnx.convert.from_function(function, function.input_signature, opset=OPSET)
    import onnx

    _keep_constants(converted.graph, function.get_concrete_function())
    onnx.checker.check_model(converted)
    return converted


def _keep_constants(graph: Any, concrete: Any) -> None:
    """Puts into the graph what comes as an input but is no one's to give: constants that layers keep as tensors, like
    the means of Normalization."""
    from onnx import numpy_helper

    given = len(concrete.inputs) - len(concrete.captured_inputs)
    names = [tensor.name for tensor in concrete.inputs[given:]]
    values = dict(zip(names, concrete.captured_inputs, strict=True))
    for tensor in [tensor for tensor in graph.input if tensor.name in values]:
        graph.initializer.append(numpy_helper.from_array(values[tensor.name].numpy(), tensor.name))
        graph.input.remove(tensor)


def _convert_one(call: Any, specs: list[tf.TensorSpec], operation: Any) -> None:
    _converted(tf.function(call, input_signature=specs))
