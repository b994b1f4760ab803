"""TensorFlow's strategy for a placement, and the devices that it needs. Imports TensorFlow.

A CPU is one device to TensorFlow. Where several are wanted and there is no accelerator it is cut into logical ones,
which must happen before TensorFlow's first operation.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import tensorflow as tf

from ...compiler.device_options import MIRRORED, MULTI_WORKER, TPU, Placement
from ..failure import RunFailed
from .chosen import CPU_REPLICAS, accelerators, chosen_devices


def make_devices(placement: Placement) -> None:
    """Cuts the CPU into as many devices as are asked for. Raises RunFailed where it is too late for that."""
    if placement.strategy != MIRRORED or accelerators(_kinds()):
        return
    wanted = placement.replicas or CPU_REPLICAS
    cpu = tf.config.list_physical_devices("CPU")[0]
    try:
        present = tf.config.get_logical_device_configuration(cpu) or []
        if len(present) != wanted:
            tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * wanted)
    except RuntimeError as error:
        if len(tf.config.list_logical_devices("CPU")) < wanted:
            message = f"TensorFlow runs here already and cannot make {wanted} devices of the CPU any more."
            raise RunFailed(message, {"parameter": "options.replicas"}) from error


def make_strategy(placement: Placement) -> tf.distribute.Strategy | None:
    """The strategy, or None for one device. Raises RunFailed where this machine has no such devices."""
    kinds = _kinds()
    if placement.strategy == MIRRORED:
        devices = chosen_devices(placement, kinds)
        if len(devices) < 2:
            return None
        # Sums always in the same order: a run repeats itself bit for bit.
        reduce = None if accelerators(kinds) else tf.distribute.ReductionToOneDevice()
        return tf.distribute.MirroredStrategy(devices, cross_device_ops=reduce)
    if placement.strategy == MULTI_WORKER:
        return tf.distribute.MultiWorkerMirroredStrategy(
            communication_options=tf.distribute.experimental.CommunicationOptions(
                implementation=tf.distribute.experimental.CommunicationImplementation.RING
            )
        )
    if placement.strategy == TPU:
        return _tpu_strategy()
    return None


def scope_of(strategy: tf.distribute.Strategy | None) -> AbstractContextManager[Any]:
    """In it the network is built and trained."""
    return strategy.scope() if strategy is not None else nullcontext()


def _tpu_strategy() -> tf.distribute.Strategy:
    try:
        resolver = tf.distribute.cluster_resolver.TPUClusterResolver()
        tf.config.experimental_connect_to_cluster(resolver)
        tf.tpu.experimental.initialize_tpu_system(resolver)
    except (ValueError, tf.errors.OpError) as error:
        raise RunFailed("No TPU was found from this machine.", {"parameter": "options.strategy"}) from error
    return tf.distribute.TPUStrategy(resolver)


def _kinds() -> dict[str, int]:
    kinds: dict[str, int] = {}
    for device in tf.config.list_physical_devices():
        kinds[device.device_type] = kinds.get(device.device_type, 0) + 1
    return kinds
