"""What this machine can compute on: its processors and accelerators, and their memory. Plain data, no TensorFlow."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import psutil


@dataclass(frozen=True, slots=True)
class Device:
    """`name` is TensorFlow's, `GPU:0`; `memory` is in bytes, None where nobody tells; `model` as its maker calls it."""

    name: str
    memory: int | None = None
    model: str = ""

    @property
    def kind(self) -> str:
        return self.name.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Machine:
    """`devices` begin with the CPU. `asked` says whether TensorFlow was asked for accelerators."""

    devices: tuple[Device, ...]
    processors: int
    asked: bool = False

    def kinds(self) -> dict[str, int]:
        """How many devices there are of each type."""
        return dict(Counter(device.kind for device in self.devices))

    def accelerators(self) -> list[Device]:
        return [device for device in self.devices if device.kind != "CPU"]

    def memory_of(self, kind: str) -> int | None:
        """The least memory of a device of this type."""
        known = [device.memory for device in self.devices if device.kind == kind and device.memory]
        return min(known) if known else None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def machine_from_json(value: Mapping[str, Any]) -> Machine:
    devices = tuple(Device(**each) for each in value["devices"])
    return Machine(devices, int(value["processors"]), bool(value["asked"]))


def this_machine() -> Machine:
    """What the system tells at once: processors and memory. Accelerators are known once TensorFlow was asked."""
    return Machine((Device("CPU:0", psutil.virtual_memory().total),), os.cpu_count() or 1)
