"""What decides the bits of a run on this machine: chosen before the first operation, and written down."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import version
from typing import Any

import keras
import tensorflow as tf

from ..compiler.device_options import JAX, Placement, read_placement
from .distribution.strategies import make_devices


def settle(info: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """Sets threads and seedless choices for this process and gives what is to be written into run.json.

    A run that is taken up again gets the number of threads that it had: another number gives other bits.
    To be called before TensorFlow runs anything; in a process that has done so the threads stay as they are.
    """
    placement = read_placement(info.get("placement") or {})
    if placement.backend == JAX:
        # TensorFlow only reads batches then, and leaves the accelerators to JAX.
        tf.config.set_visible_devices([], "GPU")
    else:
        make_devices(placement)
    threads = take_threads(_wanted(info, options))
    return {
        "versions": {
            "python": platform.python_version(),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            **({"jax": version("jax")} if placement.backend == JAX else {}),
        },
        "device": _device(placement),
        "intra_op_threads": threads,
        "inter_op_threads": max(2, threads),
    }


def take_threads(threads: int) -> int:
    """Lets TensorFlow compute an operation in so many threads; gives how many it has, which are others where it has run
    something before."""
    try:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(max(2, threads))
    except RuntimeError:
        return tf.config.threading.get_intra_op_parallelism_threads() or _processors()
    return threads


def _device(placement: Placement) -> str:
    if placement.backend == JAX:
        import jax

        first = jax.devices()[0]
        return "CPU" if first.platform == "cpu" else f"{first.platform.upper()}:{first.id}"
    gpus = tf.config.list_physical_devices("GPU")
    return gpus[0].name if gpus else "CPU"


def suits_a_warm_process(info: dict[str, Any], threads: int) -> bool:
    """Whether a process that has trained with that many threads can take the run with this run.json: not if it wants
    another number or devices, which TensorFlow takes only before its first operation."""
    return not info.get("placement") and _wanted(info, info.get("options") or {}) == threads


def thread_choices() -> tuple[int, ...]:
    """The numbers of threads that runs on this machine have by themselves: all processors, and one for small
    networks (thread_choice.py)."""
    return (_processors(), 1) if _processors() > 1 else (1,)


def _wanted(info: dict[str, Any], options: dict[str, Any]) -> int:
    """What the run had before, what it was told to have, or what suits its network."""
    return int(info.get("intra_op_threads") or options.get("threads") or info.get("threads") or _processors())


def _processors() -> int:
    """The processors that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
