"""What the process of a run must be started with, where it is not to train by TensorFlow. Imports neither backend.

Keras takes its backend once for the life of a process, and JAX its devices; so such a run is never forked.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ...compiler.device_options import JAX, MODEL_PARALLEL, read_placement
from .chosen import CPU_REPLICAS

_CPU_DEVICES = "--xla_force_host_platform_device_count"


def environment_for(info: Mapping[str, Any]) -> dict[str, str]:
    """What the environment of the process of the run with this run.json has besides; empty where any process will do
    in which Keras computes by TensorFlow."""
    placement = read_placement(info.get("placement") or {})
    if placement.backend != JAX:
        return {}
    environment = {"KERAS_BACKEND": JAX, "TF_CPP_MIN_LOG_LEVEL": "3"}
    if placement.strategy == MODEL_PARALLEL:
        # Parts of a CPU; where there are accelerators JAX takes those, and nobody looks at the parts.
        flags = [flag for flag in os.environ.get("XLA_FLAGS", "").split() if not flag.startswith(_CPU_DEVICES)]
        flags.append(f"{_CPU_DEVICES}={placement.replicas or CPU_REPLICAS}")
        environment["XLA_FLAGS"] = " ".join(flags)
    return environment
