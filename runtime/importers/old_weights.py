"""Weights as Keras 1 and 2 kept them, as Keras 3 does. Pure."""

from __future__ import annotations

import numpy as np

_GATES_1 = {"LSTM": ("i", "c", "f", "o"), "GRU": ("z", "r", "h")}
_GATES_NOW = {"LSTM": ("i", "f", "c", "o"), "GRU": ("z", "r", "h")}


def modern_weights(class_name: str, values: list[np.ndarray], version: str, backend: str) -> list[np.ndarray]:
    """A layer's weights in today's order and form. `version` is the Keras that wrote them, `backend` what it ran on.

    `class_name` is today's name of the class."""
    if version.startswith("1"):
        values = _of_keras_1(class_name, values)
    if backend == "theano" and "Conv" in class_name and not class_name.startswith("ConvLSTM"):
        # Theano turned its kernels around before it moved them over the picture.
        values = [_turned(value) if value.ndim > 2 else value for value in values]
    return values


def _of_keras_1(class_name: str, values: list[np.ndarray]) -> list[np.ndarray]:
    gates = _GATES_1.get(class_name)
    if gates is not None and len(values) == 3 * len(gates):
        # There were a kernel, a recurrent kernel and a bias for each gate.
        of_gate = {gate: values[3 * index : 3 * index + 3] for index, gate in enumerate(gates)}
        return [np.concatenate([of_gate[gate][part] for gate in _GATES_NOW[class_name]], axis=-1) for part in range(3)]
    if class_name == "Conv1D" and values and values[0].ndim == 4:
        return [values[0][:, 0], *values[1:]]
    return values


def _turned(kernel: np.ndarray) -> np.ndarray:
    """A kernel (…, input channels, output channels) with every spatial axis reversed."""
    return kernel[tuple(slice(None, None, -1) for _ in range(kernel.ndim - 2))]
