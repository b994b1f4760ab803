"""One call of one layer or operation on tensors that hold nothing: shapes from Keras itself.

Imports Keras: child processes only. Nothing is allocated, and Keras is left as it was found.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import keras
from keras.src.backend.common import global_state
from keras.src.backend.common.masking import get_keras_mask, set_keras_mask

from .build_object import build_layer, call, public_object
from .call_style import split_params
from .catalogue_types import Kind
from .kept_inside import kept_inside
from .refusals import blamed_parameter, one_sentence
from .specs import Shape


class Tensor(NamedTuple):
    """What Keras tells tensors apart by: a `TensorSpec` and what its calls look at besides."""

    shape: Shape
    dtype: str
    sparse: bool = False
    ragged: bool = False
    mask: Shape | None = None

    def symbolic(self) -> keras.KerasTensor:
        tensor = keras.KerasTensor(self.shape, self.dtype, sparse=self.sparse, ragged=self.ragged)
        if self.mask is not None:
            set_keras_mask(tensor, keras.KerasTensor(self.mask, "bool"))
        return tensor


Arguments = tuple[tuple[str, Tensor | tuple[Tensor, ...]], ...]


class Answer(NamedTuple):
    outputs: tuple[Tensor, ...]
    parameters: int = 0
    trainable: int = 0
    kept: int = 0


class Refusal(Exception):
    """Keras' reason in one sentence, and the argument at fault where one is."""

    def __init__(self, reason: str, parameter: str = "") -> None:
        super().__init__(reason)
        self.parameter = parameter


def ask_keras(kind: Kind, params: Mapping[str, Any], first: Arguments | None, arguments: Arguments) -> Answer | Refusal:
    """What Keras says of one call. `first` is the call that made a shared layer's weights.

    Keras may raise anything at all: whatever it is, it is the reason."""
    if kind.name == "Output":
        return Answer((arguments[0][1],))  # type: ignore[arg-type]
    try:
        if kind.name == "Input":
            return Answer((_build_input(params),))
        if kind.group == "op":
            return _ask_operation(kind, params, arguments)
        layer = build_layer(kind, params)
    except Exception as error:
        return Refusal(one_sentence(error), getattr(error, "parameter", "") or blamed_parameter(error, params))
    try:
        return _ask_layer(layer, kind, params, first, arguments)
    except Exception as error:
        return Refusal(one_sentence(error))


def _tensor_of(symbolic: Any) -> Tensor:
    """Raises TypeError for a result that is no tensor (`ops.shape` gives numbers)."""
    if not isinstance(symbolic, keras.KerasTensor):
        raise TypeError(f"gives {type(symbolic).__name__}, not a tensor")
    mask = get_keras_mask(symbolic)
    return Tensor(
        tuple(symbolic.shape),
        keras.backend.standardize_dtype(symbolic.dtype),
        bool(symbolic.sparse),
        bool(symbolic.ragged),
        None if mask is None else tuple(mask.shape),
    )


def _build_input(params: Mapping[str, Any]) -> Tensor:
    """The tensor of an Input node. Raises what Keras raises."""
    known = {name: value for name, value in params.items() if name != "name"}
    shape = known.get("shape")
    if isinstance(shape, list):
        known["shape"] = tuple(shape)
    return _tensor_of(keras.Input(**known))


def _answers(results: list[Any], given: Mapping[str, Any]) -> tuple[Tensor, ...]:
    arrived = {id(tensor) for tensor in keras.tree.flatten(given)}
    if any(id(result) in arrived for result in results):
        raise ValueError("Keras gives its input itself, which would be a cycle in a model")
    return tuple(_tensor_of(result) for result in results)


def _symbolic(arguments: Arguments) -> dict[str, Any]:
    return {
        name: value.symbolic() if isinstance(value, Tensor) else [item.symbolic() for item in value]
        for name, value in arguments
    }


def _ask_operation(kind: Kind, params: Mapping[str, Any], arguments: Arguments) -> Answer:
    given = _symbolic(arguments)
    return Answer(_answers(call(kind, public_object(kind.keras), params, given), given))


def _ask_layer(
    layer: keras.Layer, kind: Kind, params: Mapping[str, Any], first: Arguments | None, arguments: Arguments
) -> Answer:
    """What `layer` gives; `first` are the arguments of an earlier call, which made its weights."""
    _, at_call = split_params(kind, params)
    if first is not None:
        call(kind, layer, at_call, _symbolic(first))
    given = _symbolic(arguments)
    first_tensor = next((value for _, value in arguments if isinstance(value, Tensor)), None)
    return Answer(
        _answers(call(kind, layer, at_call, given), given),
        sum(_size(weight) for weight in layer.weights),
        sum(_size(weight) for weight in layer.trainable_weights),
        kept_inside(layer, first_tensor.shape) if first_tensor is not None else 0,
    )


def _size(weight: Any) -> int:
    size = 1
    for length in weight.shape:
        size *= length
    return size


@contextmanager
def nothing_allocated() -> Iterator[None]:
    """Within it layers get their weights' shapes and no weights; afterwards all is as it was.

    Keras notes every weight that was not made, in a list that grows for ever and that the next unguarded
    scope would allocate; it counts names, which would number the layers of the next model; and the seed of
    every layer that has none comes from Python's random numbers."""
    state = vars(global_state.GLOBAL_STATE_TRACKER)
    before = dict(state)
    pending = len(before.get("uninitialized_variables") or ())
    names = dict(before.get("object_name_uids") or {})
    numbers = random.getstate()
    state["traceback_filtering"] = False
    try:
        with keras.StatelessScope(initialize_variables=False):
            yield
    finally:
        random.setstate(numbers)
        for name in state.keys() - before.keys():
            del state[name]
        state.update(before)
        if "uninitialized_variables" in before:
            del before["uninitialized_variables"][pending:]
        if "object_name_uids" in before:
            before["object_name_uids"].clear()
            before["object_name_uids"].update(names)
