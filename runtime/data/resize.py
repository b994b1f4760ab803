"""Pictures brought to another size, as Keras' Resizing does it: bilinear, by the middles of the pixels."""

from __future__ import annotations

from typing import Any

import numpy as np


def resize(values: np.ndarray, size: tuple[Any, ...]) -> np.ndarray:
    """(n, height, width, channels) float32 in the new (height, width)."""
    height, width = size
    above, below, down = _neighbours(values.shape[1], height)
    rows = values[:, above] * (1 - down)[:, None, None] + values[:, below] * down[:, None, None]
    left, right, across = _neighbours(values.shape[2], width)
    return rows[:, :, left] * (1 - across)[:, None] + rows[:, :, right] * across[:, None]


def _neighbours(before: int, after: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each new pixel the two old ones that it lies between, and how far it is from the first."""
    place = (np.arange(after, dtype=np.float32) + np.float32(0.5)) * np.float32(before / after) - np.float32(0.5)
    lower = np.floor(place)
    share = (place - lower).astype(np.float32)
    first = np.maximum(lower, 0).astype(int)
    second = np.minimum(np.ceil(place), before - 1).astype(int)
    return first, np.maximum(second, 0), share
