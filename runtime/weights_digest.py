"""A digest of a model's weights: equal if and only if every bit is."""

from __future__ import annotations

import hashlib

import keras
import numpy as np


def weights_digest(model: keras.Model) -> str:
    """SHA-256, in hexadecimal, over type, shape and bytes of each weight in order.

    What is no result of training (states of seeds, optimizer, metrics) is left out.
    """
    digest = hashlib.sha256()
    for weight in model.weights:
        value = np.ascontiguousarray(weight.numpy())
        digest.update(f"{weight.dtype} {value.shape} ".encode())
        digest.update(value.tobytes())
    return digest.hexdigest()
