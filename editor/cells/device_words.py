"""What is told of this machine's devices: what they are, which rows they would get, and how much memory. Pure."""

from __future__ import annotations

from dataclasses import replace

from ...compiler.backends_here import INSTALL_JAX, has_jax
from ...compiler.device_options import MIRRORED, MODEL_PARALLEL, MULTI_WORKER, ONE, STRATEGIES, TPU, Placement
from ...compiler.document import TrainingCell
from ...compiler.memory_estimate import MemoryEstimate
from ...runtime.distribution.chosen import CPU_REPLICAS, chosen_devices, replicas_of
from ...runtime.distribution.here import Machine
from .machine_use import memory_text

Facts = list[tuple[str, str]]

# A process of TensorFlow that trains next to nothing.
_PROGRAM = 900_000_000


def machine_words(machine: Machine) -> Facts:
    """A line for each device, and one where there are no accelerators."""
    facts: Facts = []
    for device in machine.devices:
        if device.kind == "CPU":
            count = machine.processors
            parts = [f"{count} processor{'s' if count != 1 else ''}"]
        else:
            parts = [device.model] if device.model else []
        parts.append(f"{memory_text(device.memory)} memory" if device.memory else "memory not known")
        facts.append((device.name, ", ".join(parts)))
    if not machine.accelerators():
        facts.append(("GPU, TPU", "none" if machine.asked else "not known before TensorFlow has loaded"))
    return facts


def rows_each(batch_size: int, replicas: int) -> str:
    """`16 rows`, `10 or 11 rows`."""
    least, more = divmod(batch_size, replicas)
    words = f"{least} or {least + 1} rows" if more else f"{least} row{'s' if least != 1 else ''}"
    return f"{words} of the {batch_size}"


def each_strategy(cell: TrainingCell, machine: Machine) -> Facts:
    """What each strategy would do with the cell's batch on this machine."""
    batch, kinds = cell.batch_size, machine.kinds()
    facts: Facts = []
    for strategy, title in STRATEGIES.items():
        devices = chosen_devices(Placement(strategy), kinds)
        if strategy == ONE:
            words = f"all rows on {devices[0]}"
        elif strategy == MIRRORED:
            on = f"the {CPU_REPLICAS} parts of the CPU" if devices[0].startswith("CPU") else _named(devices)
            words = f"{rows_each(batch, len(devices))} on each of {on}" if len(devices) > 1 else f"only {devices[0]}"
        elif strategy == MULTI_WORKER:
            words = f"{rows_each(batch, 2 * len(devices))} on each device of 2 such machines"
        elif strategy == TPU:
            words = f"{rows_each(batch, len(devices))} on each of {len(devices)} cores" if devices else "none here"
        elif has_jax():
            words = (
                f"by JAX: all rows on each of {_spread(Placement(strategy), machine)} devices, which share the weights"
            )
        else:
            words = f"by JAX, which is not installed: {INSTALL_JAX}"
        facts.append((title, words))
    return facts


def rows_on_each(cell: TrainingCell, placement: Placement, machine: Machine) -> int:
    """The most rows of a batch that a device gets."""
    if placement.strategy in (ONE, MODEL_PARALLEL):
        return cell.batch_size
    machines = 2 if placement.strategy == MULTI_WORKER else 1
    known = replace(placement, machines=max(machines, placement.machines))
    return -(-cell.batch_size // replicas_of(known, machine.kinds()))


def parts_of_weights(placement: Placement, machine: Machine) -> int:
    """Over how many devices the weights are spread."""
    return _spread(placement, machine) if placement.strategy == MODEL_PARALLEL else 1


def memory_words(cell: TrainingCell, placement: Placement, machine: Machine, estimate: MemoryEstimate | None) -> Facts:
    """What a run takes on each device; nothing while the network is not known."""
    if estimate is None:
        return []
    rows = rows_on_each(cell, placement, machine)
    facts = [
        ("Weights, gradients", f"{memory_text(estimate.weights)}, {memory_text(estimate.gradients)}"),
        (cell.optimizer.kind, memory_text(estimate.optimizer)),
        (f"{rows:,} row{'s' if rows != 1 else ''}", f"about {memory_text(rows * estimate.row)}"),
    ]
    kind = kind_of(machine)
    have = machine.memory_of(kind)
    facts.append(("Copies while it is saved", f"up to {memory_text(estimate.saving)} of main memory"))
    together = f"about {memory_text(wanted(estimate, rows, kind))}" + (f" of {memory_text(have)}" if have else "")
    if kind == "CPU":
        together += f", besides {memory_text(_PROGRAM)} for TensorFlow and the data"
    return [*facts, ("Together", together)]


def wanted(estimate: MemoryEstimate, rows: int, kind: str) -> int:
    """Bytes that a device of this type must have for so many rows; a CPU's memory is where copies are made too."""
    return estimate.total(rows) + (estimate.saving if kind == "CPU" else 0)


def kind_of(machine: Machine) -> str:
    """The type of device that trains here."""
    return machine.accelerators()[0].kind if machine.accelerators() else "CPU"


def _spread(placement: Placement, machine: Machine) -> int:
    return placement.replicas or len(machine.accelerators()) or CPU_REPLICAS


def _named(devices: list[str]) -> str:
    return ", ".join(devices) if len(devices) <= 4 else f"{devices[0]} to {devices[-1]}"
