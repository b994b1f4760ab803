"""Asks TensorFlow for the devices of this machine. A task of a process of its own: listing makes them."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any

from .here import Device, Machine, this_machine

_PATIENCE_S = 10


def list_devices() -> dict[str, Any]:
    """The machine as `machine_from_json` reads it."""
    import tensorflow as tf

    return listed(tf.config.list_physical_devices(), tf.config.experimental.get_device_details).to_json()


def listed(physical: list[Any], details: Any) -> Machine:
    """The machine with these devices as TensorFlow lists them; `details` tells of one what its maker says."""
    plain = this_machine()
    memories = _gpu_memories() if any(device.device_type == "GPU" for device in physical) else []
    found = list(plain.devices)
    for device in physical:
        if device.device_type not in ("GPU", "TPU"):
            continue
        number = device.name.rsplit(":", 1)[-1]
        memory = memories[int(number)] if device.device_type == "GPU" and int(number) < len(memories) else None
        found.append(Device(f"{device.device_type}:{number}", memory, str(details(device).get("device_name", ""))))
    return Machine(tuple(found), plain.processors, asked=True)


def _gpu_memories() -> list[int]:
    """Bytes of each GPU, as its driver's own program tells; nothing where there is none."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    command = [program, "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=True).stdout
        return [int(line) * 2**20 for line in said.splitlines() if line.strip()]
    except (OSError, subprocess.SubprocessError, ValueError):
        return []
