"""Shapes and number types that a config tells of the tensors between its layers: what code of somebody's own gives
is known by nothing else. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .model_config import ModelConfig, Tensor


def specs_of(model: ModelConfig, calls: Iterable[Any]) -> dict[Tensor, tuple[list[Any], str]]:
    """For tensors of the model their shape with batch axis and number type, "" where it is not told.

    `calls` are the calls as Keras 3 writes them, which say it of each tensor; where they do not, a layer that takes
    one tensor may tell for which shape it was built."""
    found: dict[Tensor, tuple[list[Any], str]] = {}
    for layer in model.layers:
        build = layer.raw.get("build_config")
        shape = build.get("input_shape") if isinstance(build, Mapping) else None
        first = layer.calls[0].args[:1] if layer.calls else []
        if first and isinstance(first[0], Tensor) and isinstance(shape, list) and _is_shape(shape):
            found[first[0]] = (list(shape), "")
    for config in _tensors(list(calls)):
        match config.get("keras_history"), config.get("shape"):
            case [str() as layer, int() as call, int() as index], list() as shape if _is_shape(shape):
                found[Tensor(layer, call, index)] = (list(shape), str(config.get("dtype") or ""))
    return found


def _is_shape(shape: Any) -> bool:
    return isinstance(shape, list | tuple) and all(
        size is None or (isinstance(size, int) and not isinstance(size, bool) and size >= 0) for size in shape
    )


def _tensors(value: Any) -> Iterator[Mapping[str, Any]]:
    """The configs of all tensors within; the config as a whole was found to be of bearable depth."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            if one.get("class_name") == "__keras_tensor__" and isinstance(one.get("config"), Mapping):
                yield one["config"]
            else:
                waiting += one.values()
        elif isinstance(one, list):
            waiting += one
