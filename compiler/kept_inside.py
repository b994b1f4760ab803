"""What a layer keeps of each row for the way back besides its outputs, in numbers. Imports Keras: child processes only.

Most layers keep what they give. A recurrent one keeps its gates at every step, and attention how much each place looks
at each other; both may be far larger than what comes out.
"""

from __future__ import annotations

import math
from typing import Any

import keras

# Numbers for each unit and step. Of an LSTM: four gates, the state before and after, its tanh, and what is given.
_OF_A_STEP = {"LSTMCell": 8, "GRUCell": 6, "SimpleRNNCell": 2}
_OF_ANY_CELL = 4


def kept_inside(layer: keras.Layer, shape: tuple[int | None, ...]) -> int:
    """For one row of an input of this shape, batch axis first. Of an axis of unknown length, one."""
    if isinstance(layer, keras.layers.Bidirectional):
        return kept_inside(layer.forward_layer, shape) + kept_inside(layer.backward_layer, shape)
    if isinstance(layer, keras.layers.RNN) and len(shape) > 1:
        cells = getattr(layer.cell, "cells", [layer.cell])
        return (shape[1] or 1) * sum(map(_of_a_step, cells))
    if isinstance(layer, keras.layers.MultiHeadAttention) and len(shape) > 1:
        places, heads = math.prod(size or 1 for size in shape[1:-1]), layer.num_heads
        # Scores and their softmax; queries, keys, values, and what they come to.
        return 2 * heads * places**2 + 4 * heads * places * layer.key_dim
    return 0


def _of_a_step(cell: Any) -> int:
    states = cell.state_size if isinstance(cell.state_size, list | tuple) else [cell.state_size]
    units = math.prod(states[0]) if isinstance(states[0], list | tuple) else int(states[0])
    return units * _OF_A_STEP.get(type(cell).__name__, _OF_ANY_CELL)
