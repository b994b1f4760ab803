"""A run by JAX on its devices: one of them, or a network whose weights are spread over several. Imports JAX."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import jax
import keras

from ...compiler.device_options import MODEL_PARALLEL, Placement
from ..failure import RunFailed
from .chosen import chosen_jax_devices

_BATCH, _MODEL = "batch", "model"


@contextmanager
def jax_placed(placement: Placement) -> Iterator[str]:
    """In it a network is made and trained as `placement` says; gives what is to be told of it, "" for one device.
    Raises RunFailed where this machine has no such devices."""
    if placement.strategy != MODEL_PARALLEL:
        yield ""
        return
    present = [f"{device.platform}:{device.id}" for device in jax.devices()]
    devices = chosen_jax_devices(placement, present)
    if len(devices) < 2:
        message = f"JAX has only {len(present)} of these devices here; a network is spread over two or more."
        raise RunFailed(message, {"parameter": "options.replicas"})
    mesh = keras.distribution.DeviceMesh((1, len(devices)), [_BATCH, _MODEL], devices)
    before = keras.distribution.distribution()
    keras.distribution.set_distribution(_SpreadWeights(mesh, len(devices)))
    try:
        yield f"One network over {len(devices)} devices: each keeps its part of the weights."
    finally:
        keras.distribution.set_distribution(before)


class _SpreadWeights(keras.distribution.ModelParallel):
    """Cuts each matrix of weights along its last axis, so that a device computes some of a layer's units; what cannot
    be cut evenly is kept on every device. Every device sees the whole batch."""

    def __init__(self, mesh: keras.distribution.DeviceMesh, count: int) -> None:
        super().__init__(layout_map=keras.distribution.LayoutMap(mesh), batch_dim_name=_BATCH)
        self._count = count

    def get_variable_layout(self, variable: Any) -> Any:
        """The layout of a variable that is being made."""
        shape = tuple(variable.shape)
        if len(shape) < 2 or shape[-1] % self._count or "float" not in str(variable.dtype):
            return super().get_variable_layout(variable)
        return keras.distribution.TensorLayout([*[None] * (len(shape) - 1), _MODEL], self.device_mesh)
