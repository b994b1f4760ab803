"""Imagined layers for the page of components: one whose gradients vanish, and one from close by. Always the same."""

from __future__ import annotations

import base64
import math

import numpy as np

from ...runtime.health.health_file import Health, LayerSeries
from ..plots.overfitting import Best

EXAMPLE_BEST = Best(epoch=6, step=240, loss=0.312, now=0.388, overfits=True)


def example_health(looks: int = 30) -> Health:
    """Four layers, the first one hardly reached by its gradient."""
    steps = np.arange(looks, dtype=float)
    wave = np.exp(0.3 * np.sin(steps * 1.7))
    sizes = {"conv1": 2e-7, "conv2": 4e-3, "conv3": 0.3, "digit": 1.8}
    one = np.ones(looks)
    layers = [
        LayerSeries(name, name, size * wave, 4 * one, 0.008 * wave, (0.1 if "conv" in name else math.nan) * one)
        for name, size in sizes.items()
    ]
    return Health(steps, layers)


def _bell(low: float, high: float, deviation: float) -> dict:
    places = np.linspace(-2.5, 2.5, 40)
    counts = np.round(400 * np.exp(-(places**2) / (2 * deviation**2))).astype(int).tolist()
    return {"counts": counts, "low": low, "high": high, "mean": (low + high) / 2, "deviation": 0.1, "zeros": 0.0}


def _filter(number: int) -> str:
    across, down = np.meshgrid(np.arange(5), np.arange(5))
    values = 127 + 120 * np.sin(across * math.cos(number) + down * math.sin(number))
    return base64.b64encode(values.astype(np.uint8).tobytes()).decode()


EXAMPLE_LOOK = {
    "step": 400,
    "weights": {"kernel": _bell(-0.3, 0.3, 0.9), "bias": _bell(-0.1, 0.05, 0.5)},
    "gradients": {"kernel": _bell(-2e-4, 2e-4, 0.3)},
    "activations": _bell(0.0, 3.1, 1.4),
    "filters": {"height": 5, "width": 5, "channels": 1, "count": 16, "pictures": [_filter(n) for n in range(16)]},
}
