"""Which devices a placement takes of those that a machine has. Pure: the same for devices that are only told of."""

from __future__ import annotations

from collections.abc import Mapping

from ...compiler.device_options import MIRRORED, MULTI_WORKER, TPU, Placement

# As many parts of a CPU train together where nobody says how many: enough to see it work.
CPU_REPLICAS = 2


def accelerators(kinds: Mapping[str, int]) -> int:
    """GPUs of a machine that has `kinds` devices by their type."""
    return kinds.get("GPU", 0)


def chosen_devices(placement: Placement, kinds: Mapping[str, int]) -> list[str]:
    """The devices' names as TensorFlow has them; none where the machine has not what was asked for."""
    gpus = accelerators(kinds)
    if placement.strategy == TPU:
        return [f"TPU:{number}" for number in range(kinds.get("TPU", 0))]
    if placement.strategy == MIRRORED:
        if not gpus:
            return [f"CPU:{number}" for number in range(placement.replicas or CPU_REPLICAS)]
        return [f"GPU:{number}" for number in range(min(gpus, placement.replicas or gpus))]
    if placement.strategy == MULTI_WORKER:
        return [f"GPU:{number}" for number in range(gpus)] or ["CPU:0"]
    return ["GPU:0" if gpus else "CPU:0"]


def chosen_jax_devices(placement: Placement, present: list[str]) -> list[str]:
    """Of JAX's devices (`gpu:0`) those over which one network is spread."""
    return present[: placement.replicas or len(present)]


def replicas_of(placement: Placement, kinds: Mapping[str, int]) -> int:
    """How many replicas of the network train together on all machines."""
    return max(1, len(chosen_devices(placement, kinds))) * placement.machines
