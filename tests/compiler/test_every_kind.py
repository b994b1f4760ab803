"""Every kind that Keras can build: what we say of it, build of it and print of it is what Keras itself makes."""

from __future__ import annotations

import inspect
import json
from functools import reduce
from typing import Any

import numpy as np
import pytest
from every_kind import CANNOT, NOT_COMPUTED, Example, Given, example_of, network_of

from weftwork.compiler.automatic_names import MAKES_INSIDE
from weftwork.compiler.catalogue import catalogue
from weftwork.compiler.catalogue_types import Kind
from weftwork.compiler.document import Notebook
from weftwork.compiler.labels import snake_case
from weftwork.compiler.pipeline import check
from weftwork.compiler.ports import input_ports
from weftwork.compiler.program import Program
from weftwork.compiler.to_python import Imports, model_function

pytestmark = pytest.mark.keras

KINDS = catalogue().kinds
BUILDABLE = [
    name for name, kind in KINDS.items() if kind.group != "boundary" and not kind.unbuildable and name not in CANNOT
]
LAYERS = [name for name in BUILDABLE if KINDS[name].group == "layer"]
OPERATIONS = [name for name in BUILDABLE if KINDS[name].group == "op"]

COMPUTED = [name for name in BUILDABLE if name not in NOT_COMPUTED]


@pytest.fixture(scope="module")
def oracle() -> Any:
    from weftwork.compiler.shapes import KerasShapes

    return KerasShapes()


def program_of(kind: Kind, oracle: Any) -> Program:
    checked = check(Notebook(cells=(network_of(kind, example_of(kind)),)), oracle=oracle)
    assert kind.name in checked.programs, [(problem.code, problem.message) for problem in checked.problems]
    return checked.programs[kind.name]


def fresh(build: Any) -> Any:
    """Builds with Keras' names and all random numbers from their beginning."""
    import keras

    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(7)
    return build()


def printed(program: Program) -> Any:
    imports = Imports()
    function = model_function(program, imports)
    module: dict[str, Any] = {}
    exec("\n".join([*imports.lines(), function]), module)
    return module["build_model"]()


def by_hand(kind: Kind, example: Example) -> tuple[list[Any], int, int]:
    """What Keras gives without any of our code: outputs, parameters, trainable parameters."""
    import keras

    found = reduce(getattr, kind.keras.split(".")[1:], keras)
    tensors = _tensors(kind, example)
    params = {name: _python(value) for name, value in example.params.items()}
    if kind.group == "op":
        return keras.tree.flatten(_call(kind, found, tensors, params)), 0, 0
    at_call = set(inspect.signature(found.call).parameters) - set(inspect.signature(found.__init__).parameters)
    layer = found(**{name: value for name, value in params.items() if name not in at_call})
    first, *rest = tensors.items()
    outputs = layer(first[1], **dict(rest), **{name: value for name, value in params.items() if name in at_call})
    trainable = sum(int(np.prod(weight.shape)) for weight in layer.trainable_weights)
    return keras.tree.flatten(outputs), layer.count_params(), trainable


def _tensors(kind: Kind, example: Example) -> dict[str, Any]:
    import keras

    tensors: dict[str, Any] = {}
    for port in input_ports(kind, example.params):
        if port.name in example.ports:
            given = example.ports[port.name]
            made = [
                keras.KerasTensor((example.batch, *one.shape), one.dtype)
                for one in (given if isinstance(given, list) else [given])
            ]
            packed = port.argument not in ("", port.name)
            if packed or port.many:
                tensors.setdefault((port.argument or port.name).lstrip("*"), []).extend(made)
            else:
                tensors[port.name] = made[0]
    return tensors


def _call(kind: Kind, function: Any, tensors: dict[str, Any], params: dict[str, Any]) -> Any:
    """The few signatures that are not all names are written out."""
    import keras

    match kind.name:
        case "ops.einsum":
            return function(params["subscripts"], *tensors["operands"])
        case "ops.meshgrid":
            return function(*tensors["x"], **params)
        case "ops.rearrange":
            return function(tensors["tensor"], params["pattern"], **params["axes_lengths"])
        case "ops.digitize" | "ops.searchsorted":
            params = {
                name: keras.ops.convert_to_tensor(value) if isinstance(value, tuple) else value
                for name, value in params.items()
            }
    return function(**tensors, **params)


def _python(value: Any) -> Any:
    import keras

    if isinstance(value, dict) and "kind" in value:
        for module in (keras.layers, keras.initializers, keras.regularizers, keras.constraints):
            if hasattr(module, value["kind"]):
                params = {name: _python(item) for name, item in value["params"].items()}
                return getattr(module, value["kind"])(**params)
        raise AssertionError(value)
    if isinstance(value, list):
        items = [_python(item) for item in value]
        return items if any(isinstance(item, str) or callable(item) for item in items) else tuple(items)
    return value


def _kinds_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*([value["kind"]] if "kind" in value else []), *_kinds_in(list(value.values()))]
    return [name for item in value for name in _kinds_in(item)] if isinstance(value, list) else []


def config(model: Any) -> str:
    """All that Keras would save of a model, or why it cannot."""
    try:
        return json.dumps(model.get_config(), sort_keys=True, default=str)
    except NotImplementedError as error:
        return str(error)


def outputs_of(model: Any, program: Program) -> list[Any]:
    """A model's outputs in the order of the program's; Keras sorts a dict by its keys."""
    given = model.output
    return [given[output.name] for output in program.outputs] if isinstance(given, dict) else [given]


@pytest.mark.parametrize("name", BUILDABLE)
def test_kind_is_what_keras_makes_of_it(name: str, oracle: Any) -> None:
    from weftwork.compiler.to_keras import build_model

    kind, example = KINDS[name], example_of(KINDS[name])
    outputs, parameters, trainable = fresh(lambda: by_hand(kind, example))
    program = program_of(kind, oracle)
    found = program.shapes["it"]
    assert [(spec.shape, spec.dtype) for spec in found.outputs.values()] == [
        (tuple(output.shape), output.dtype) for output in outputs
    ]
    assert (found.parameters, found.trainable) == (parameters, trainable)

    called = fresh(lambda: build_model(program))
    assert called.count_params() == parameters
    assert [tuple(tensor.shape) for tensor in outputs_of(called, program)] == [
        tuple(output.shape) for output in outputs
    ]

    exported = fresh(lambda: printed(program))
    assert config(exported) == config(called)
    assert [weight.shape for weight in exported.weights] == [weight.shape for weight in called.weights]


@pytest.mark.parametrize("name", COMPUTED)
def test_printed_kind_computes_the_same(name: str, oracle: Any) -> None:
    import keras

    from weftwork.compiler.to_keras import build_model

    kind, example = KINDS[name], example_of(KINDS[name])
    program = program_of(kind, oracle)
    called, exported = fresh(lambda: build_model(program)), fresh(lambda: printed(program))
    for ours, theirs in zip(called.weights, exported.weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    values = random_inputs(example)
    inputs = values if len(values) > 1 else next(iter(values.values()))
    ours, theirs = (keras.tree.flatten(model(inputs, training=False)) for model in (called, exported))
    assert len(ours) == len(theirs) == len(program.outputs)
    for one, other in zip(ours, theirs, strict=True):
        one, other = (np.asarray(keras.ops.convert_to_numpy(result)) for result in (one, other))
        np.testing.assert_array_equal(one, other)


def random_inputs(example: Example) -> dict[str, Any]:
    random = np.random.default_rng(3)
    rows = example.batch or 2
    values: dict[str, Any] = {}
    for port, given in example.ports.items():
        for position, tensor in enumerate(given if isinstance(given, list) else [given]):
            values[f"in_{port}_{position}"] = _random_values(random, rows, tensor)
    return values


def _random_values(random: np.random.Generator, rows: int, tensor: Given) -> Any:
    import tensorflow as tf

    shape = (rows, *(size or 3 for size in tensor.shape))
    if tensor.dtype == "string":
        return tf.constant(random.choice(["red", "a", "b"], shape).tolist())
    if tensor.dtype == "bool":
        return random.random(shape) > 0.5
    if tensor.dtype.startswith(("int", "uint")):
        return random.integers(0, tensor.high, shape).astype(tensor.dtype)
    return random.random(shape).astype(tensor.dtype)


@pytest.mark.parametrize("name", LAYERS)
def test_names_that_a_layer_uses_up_are_known(name: str) -> None:
    from keras.src.backend.common import global_state

    kind, example = KINDS[name], example_of(KINDS[name])
    fresh(lambda: by_hand(kind, example))
    used = set(global_state.get_global_attribute("object_name_uids"))
    layers = {snake_case(other) for other in LAYERS}
    given = {snake_case(inner) for inner in _kinds_in(example.params)}
    assert used & layers <= {snake_case(name), *given, *MAKES_INSIDE.get(name, ())}


@pytest.mark.parametrize("name", CANNOT)
def test_listed_kind_really_cannot_be_built(name: str) -> None:
    import keras

    kind = KINDS[name]

    def build() -> None:
        tensors = _tensors(kind, example_of(kind))
        found = reduce(getattr, kind.keras.split(".")[1:], keras)
        keras.Model(list(tensors.values()), found(**example_of(kind).params)(*tensors.values()))

    with pytest.raises(Exception, match=CANNOT[name][1]):
        fresh(build)


def test_every_other_kind_says_why_it_cannot_be_built() -> None:
    rest = [kind for kind in KINDS.values() if kind.group != "boundary" and kind.name not in BUILDABLE]
    assert all(kind.unbuildable or CANNOT[kind.name][0] for kind in rest)
    assert len(LAYERS) >= 132
    assert len(OPERATIONS) >= 300
