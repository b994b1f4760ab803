"""The data sets of `keras.datasets` as zeros, for scripts that are run for their models alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

# Shape of a row, number type of a row, rows for training and for testing.
_ARRAYS = {
    "mnist": ((28, 28), "uint8", 60_000, 10_000),
    "fashion_mnist": ((28, 28), "uint8", 60_000, 10_000),
    "cifar10": ((32, 32, 3), "uint8", 50_000, 10_000),
    "cifar100": ((32, 32, 3), "uint8", 50_000, 10_000),
    "california_housing": ((8,), "float32", 16_512, 4_128),
    "boston_housing": ((13,), "float64", 404, 102),
}
_TEXTS = {"imdb": (2, 25_000), "reuters": (46, 8_982)}


@contextmanager
def without_data(keras: Any) -> Iterator[None]:
    """Within it every `load_data` gives zeros at once, of the shapes that the real data have."""
    before: list[tuple[Any, Callable[..., Any]]] = []
    for name in (*_ARRAYS, *_TEXTS):
        module = getattr(keras.datasets, name, None)
        if module is not None:
            before.append((module, module.load_data))
            module.load_data = _arrays(name) if name in _ARRAYS else _texts(name)
    try:
        yield
    finally:
        for module, load in before:
            module.load_data = load


def _arrays(name: str) -> Callable[..., Any]:
    row, dtype, training, testing = _ARRAYS[name]
    label = ("float32",) if name.endswith("housing") else ("uint8",)
    column = (1,) if name.startswith("cifar") else ()

    def load_data(*args: Any, **kwargs: Any) -> Any:
        return tuple((np.zeros((rows, *row), dtype), np.zeros((rows, *column), *label)) for rows in (training, testing))

    return load_data


def _texts(name: str) -> Callable[..., Any]:
    classes, rows = _TEXTS[name]

    def load_data(*args: Any, **kwargs: Any) -> Any:
        texts = np.empty(rows, dtype=object)
        texts[:] = [[1, 2, 3]] * rows
        return (texts, np.arange(rows) % classes), (texts.copy(), np.arange(rows) % classes)

    return load_data
