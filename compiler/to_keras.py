"""The back end that calls: from a Program to a Keras model. Imports Keras: child processes only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

from .build_object import BuildError, build_layer, call, public_object
from .call_style import split_params
from .catalogue import catalogue
from .code.at_hand import with_kinds
from .deep_networks import make_room
from .document import NetworkCell
from .model_name import model_name
from .nested_models import Nesting
from .program import Call, Program, Value
from .refusals import one_sentence


def build_model(program: Program, *, nested: bool = False) -> keras.Model:
    """The model that the program describes, with new weights. Networks inside it are laid out flat, or with `nested`
    each is a model of its own, called by the name that else begins the names of its layers.

    Layers bear the program's names. One input or output is a tensor; several are a dict by name. A layer is made right
    before its first call, so that equal seeds give equal weights here and in the exported Python.
    Raises BuildError, naming the node, for what Keras refuses although it was checked."""
    make_room(len(program.calls))
    with with_kinds(program.code):
        return _build_model(program, nested=nested)


def _build_model(program: Program, *, nested: bool) -> keras.Model:
    if nested and program.nested is not None:
        definitions = program.definitions
        program = program.nested
        nesting = Nesting(definitions, build_within)
    else:
        nesting = None
    tensors: dict[Value, Any] = {}
    inputs = {}
    for given in program.inputs:
        arguments: dict[str, Any] = (
            {"dtype": given.dtype} | given.params | {"shape": tuple(given.shape), "name": given.name}
        )
        try:
            inputs[given.name] = tensors[Value(given.node)] = keras.Input(**arguments)
        except Exception as error:
            raise BuildError(one_sentence(error), given.node) from error
    layers: dict[str, keras.Layer] = {}
    for step in program.calls:
        try:
            if step.use is not None and nesting is not None:
                tensors |= nesting.outputs(step, tensors)
                continue
            tensors |= _outputs(program, step, layers, tensors)
        except BuildError as error:
            error.node = error.node or step.node
            raise
        except Exception as error:
            raise BuildError(one_sentence(error), step.node) from error
    outputs = {given.name: tensors[given.value] for given in program.outputs}
    return keras.Model(_alone(inputs), _alone(outputs), name=model_name(program.name))


def build_within(
    program: Program, name: str, arriving: dict[str, Any], definitions: Mapping[str, NetworkCell]
) -> keras.Model:
    """A network inside another one as a model. `arriving` are the tensors that its Inputs get, by name."""
    inputs = {
        given.name: keras.Input(
            batch_shape=arriving[given.name].shape, dtype=arriving[given.name].dtype, name=given.name
        )
        for given in program.inputs
        if given.name in arriving
    }
    tensors: dict[Value, Any] = {
        Value(given.node): inputs[given.name] for given in program.inputs if given.name in inputs
    }
    layers: dict[str, keras.Layer] = {}
    nesting = Nesting(definitions, build_within)
    for step in program.calls:
        if step.use is not None:
            tensors |= nesting.outputs(step, tensors)
        else:
            tensors |= _outputs(program, step, layers, tensors)
    outputs = {given.name: tensors[given.value] for given in program.outputs}
    return keras.Model(_alone(inputs), _alone(outputs), name=name)


def _outputs(
    program: Program, step: Call, layers: dict[str, keras.Layer], tensors: dict[Value, Any]
) -> dict[Value, Any]:
    kind = catalogue().kinds[step.kind]
    arguments = {
        name: tensors[value] if isinstance(value, Value) else [tensors[item] for item in value]
        for name, value in step.arguments.items()
    }
    if step.layer:
        layer = program.layers[step.layer]
        if step.layer not in layers:
            layers[step.layer] = build_layer(kind, layer.params, layer.name)
        _, at_call = split_params(kind, layer.params)
        results = call(kind, layers[step.layer], at_call | step.params, arguments)
    else:
        results = call(kind, public_object(kind.keras), step.params, arguments)
    return {Value(step.node, port): result for port, result in zip(step.outputs, results, strict=True)}


def _alone(by_name: dict[str, Any]) -> Any:
    return next(iter(by_name.values())) if len(by_name) == 1 else by_name
