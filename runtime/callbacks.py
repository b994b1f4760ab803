"""What Keras callbacks remember, so that a resumed run's EarlyStopping counts on instead of starting again."""

from __future__ import annotations

import base64
from typing import Any

import keras
import numpy as np

# Set by Keras itself whenever a callback is put to use.
_GIVEN = {"params", "_model", "model", "validation_data"}


def callback_states(callbacks: list[keras.callbacks.Callback]) -> list[dict[str, Any]]:
    """Each callback's plain values (numbers, texts, best weights), as JSON can hold them."""
    return [
        {
            name: stored
            for name, value in vars(callback).items()
            if name not in _GIVEN and (stored := _store(value)) is not None
        }
        for callback in callbacks
    ]


def restore_callbacks(callbacks: list[keras.callbacks.Callback], states: list[dict[str, Any]]) -> None:
    """Gives callbacks back what `callback_states` found. To be called after on_train_begin, which resets them."""
    for callback, state in zip(callbacks, states, strict=False):
        for name, stored in state.items():
            setattr(callback, name, _load(stored))


def hears_batches(callbacks: list[keras.callbacks.Callback]) -> bool:
    """Whether any callback does something at each batch."""
    return any(
        getattr(type(callback), hook) is not getattr(keras.callbacks.Callback, hook)
        for callback in callbacks
        for hook in ("on_batch_begin", "on_batch_end", "on_train_batch_begin", "on_train_batch_end")
    )


def _store(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        # As text: JSON has no infinity, which is what EarlyStopping begins with.
        return {"float": repr(value)}
    if value is None or isinstance(value, bool | int | str):
        return {"plain": value}
    if value is keras.ops.less or value is keras.ops.greater:
        # Chosen at the first epoch's end, together with the sign of min_delta; half of that would turn it over.
        return {"op": value.__name__}
    if isinstance(value, list) and value and all(isinstance(item, np.ndarray) for item in value):
        return {"arrays": [_store_array(item) for item in value]}
    return None


def _load(stored: dict[str, Any]) -> Any:
    if "float" in stored:
        return float(stored["float"])
    if "op" in stored:
        return getattr(keras.ops, stored["op"])
    if "arrays" in stored:
        return [_load_array(item) for item in stored["arrays"]]
    return stored["plain"]


def _store_array(array: np.ndarray) -> list[Any]:
    return [str(array.dtype), list(array.shape), base64.b64encode(np.ascontiguousarray(array).data).decode()]


def _load_array(stored: list[Any]) -> np.ndarray:
    dtype, shape, data = stored
    return np.frombuffer(base64.b64decode(data), dtype).reshape(shape)
