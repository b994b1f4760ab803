"""Which nodes of a network a converter refuses: each is converted by itself, once for equal ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import keras
import tensorflow as tf

from ...compiler.deep_networks import make_room

# Of a function, what it takes, and the layer or operation that it calls.
Convert = Callable[[Any, list[tf.TensorSpec], Any], object]
# More names than these help nobody.
_MOST = 4


def refused_nodes(model: keras.Model, convert: Convert, rows: int | None) -> list[str]:
    """The names of the layers and operations that `convert` raises on, in the order of their calls.

    `rows` is the size of the batch, None for any. Models inside the model are looked into."""
    make_room(len(model.operations))
    found: list[str] = []
    seen: dict[str, bool] = {}
    for operation, call, specs in _calls(model, rows):
        key = f"{type(operation).__name__} {_config(operation)} {specs}"
        if key not in seen:
            seen[key] = _is_refused(convert, call, specs, operation)
        if seen[key] and operation.name not in found:
            found.append(operation.name)
    return found


def refusal(model: keras.Model, format_title: str, convert: Convert, rows: int | None, error: Exception) -> str:
    """One sentence: what cannot be converted, and else the converter's own last words."""
    names = refused_nodes(model, convert, rows)
    if not names:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        return f"{format_title} cannot hold this network: {(lines or [type(error).__name__])[-1][:200]}"
    several = ", ".join(names[:_MOST]) + (f" and {len(names) - _MOST} more" if len(names) > _MOST else "")
    return (
        f"{format_title} cannot hold {several}: what {'it does' if len(names) == 1 else 'they do'} has no counterpart."
    )


def _is_refused(convert: Convert, call: Callable[..., Any], specs: list[tf.TensorSpec], operation: Any) -> bool:
    try:
        convert(lambda *tensors: tf.nest.map_structure(_marked, call(*tensors)), specs, operation)
    except Exception:  # Converters raise whatever they come upon.
        return True
    return False


def _marked(tensor: Any) -> Any:
    """The tensor after an operation that every converter knows: they refuse a function that does nothing."""
    return tensor if tensor.dtype == tf.string else tf.abs(tf.cast(tensor, "float32"))


def _calls(model: Any, rows: int | None) -> Iterator[tuple[Any, Callable[..., Any], list[tf.TensorSpec]]]:
    """Each call in the model as a function of its tensors alone."""
    calls: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = []

    def note(operation: Any, *args: Any, **kwargs: Any) -> Any:
        calls.append((operation, args, kwargs))
        return operation(*args, **kwargs)

    keras.models.clone_model(model, clone_function=lambda layer: layer, call_function=note)
    for operation, args, kwargs in calls:
        if isinstance(operation, keras.Model):
            yield from _calls(operation, rows)
            continue
        if isinstance(operation, keras.layers.InputLayer):
            continue
        yield operation, *_alone(operation, args, kwargs, rows)


def _alone(
    operation: Any, args: tuple[Any, ...], kwargs: dict[str, Any], rows: int | None
) -> tuple[Callable[..., Any], list[tf.TensorSpec]]:
    """A call as a function of its tensors, and what they are."""
    given = keras.tree.flatten((args, kwargs))
    at = [place for place, value in enumerate(given) if isinstance(value, keras.KerasTensor)]
    specs = [tf.TensorSpec((rows, *given[place].shape[1:]), given[place].dtype) for place in at]
    trains = isinstance(operation, keras.layers.Layer) and operation._call_has_training_arg

    def call(*tensors: Any) -> Any:
        values = list(given)
        for place, tensor in zip(at, tensors, strict=True):
            values[place] = tensor
        inner_args, inner_kwargs = keras.tree.pack_sequence_as((args, kwargs), values)
        return operation(*inner_args, **{**inner_kwargs, **({"training": False} if trains else {})})

    return call, specs


def _config(operation: Any) -> dict[str, Any]:
    """What tells equal layers apart; of operations Keras keeps no more than the class."""
    try:
        config = dict(operation.get_config())
    except (NotImplementedError, AttributeError):
        return {"name": operation.name}
    config.pop("name", None)
    config.pop("seed", None)
    return config
