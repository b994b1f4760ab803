"""The precision in which layers compute, while they are made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keras


@contextmanager
def number_type(precision: str) -> Iterator[None]:
    """Layers made within compute in `precision`: float32, mixed_bfloat16 or mixed_float16. What was set before holds
    again afterwards, since the process may be a script of the user's."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
