"""The folded group of a training's devices: what there is, what each choice does with a batch, what it takes. Pure."""

from __future__ import annotations

from ...compiler.backends_here import has_jax
from ...compiler.device_options import (
    BACKENDS,
    JAX,
    MIRRORED,
    MODEL_PARALLEL,
    MULTI_WORKER,
    ONE,
    STRATEGIES,
    TENSORFLOW,
    Placement,
    read_placement,
)
from ...compiler.document import TrainingCell
from ...compiler.memory_estimate import MemoryEstimate
from ...runtime.distribution.chosen import replicas_of
from ...runtime.distribution.here import Machine, this_machine
from ..grouped_form import Block, Group
from ..settings_form import Setting
from .device_words import each_strategy, machine_words, memory_words, rows_each

_COUNTED = (MIRRORED, MODEL_PARALLEL)


def devices_group(
    cell: TrainingCell, machine: Machine | None = None, estimate: MemoryEstimate | None = None, trouble: str = ""
) -> Group:
    """Where a run of this cell computes. `machine` is the one that the server runs on; `estimate` is None, with
    `trouble` as the reason, until the network is known."""
    machine = machine or this_machine()
    placement = read_placement(cell.options)
    blocks = [
        Block(_settings(placement), hint=_hint(cell, placement, machine)),
        Block(title="This machine", facts=machine_words(machine)),
        Block(title=f"What each does with a batch of {cell.batch_size}", facts=each_strategy(cell, machine)),
        Block(
            title="Memory of each device, estimated",
            facts=memory_words(cell, placement, machine, estimate),
            hint=trouble if estimate is None else "",
        ),
    ]
    words = STRATEGIES[placement.strategy].lower()
    if placement.replicas:
        words += f", {placement.replicas} of them" if placement.strategy == MIRRORED else f", {placement.replicas}"
    if placement.backend != TENSORFLOW:
        words += f", by {BACKENDS[placement.backend]}"
    changed = (placement.strategy, placement.backend) != (ONE, TENSORFLOW)
    return Group("devices", "Devices", blocks, words, changed)


def _settings(placement: Placement) -> list[Setting]:
    strategy, backend = placement.strategy, placement.backend
    settings = [
        Setting(
            "strategy",
            "Train on",
            "choice",
            strategy,
            choices=[*STRATEGIES.items()],
            changed=strategy != ONE,
            wide=True,
        ),
        Setting(
            "backend",
            "Backend",
            "choice",
            backend,
            choices=[*BACKENDS.items()],
            changed=backend != TENSORFLOW,
            tip="What Keras computes with. JAX is an extra, and gets a process of its own for each run.",
        ),
    ]
    if strategy in _COUNTED:
        settings.append(
            Setting(
                "replicas",
                "Devices",
                "int",
                placement.replicas or None,
                minimum=1,
                maximum=64,
                optional=True,
                placeholder="all",
                changed=bool(placement.replicas),
                tip="All GPUs of the machine where nothing is said; without any, the CPU in two parts.",
            )
        )
    return settings


def _hint(cell: TrainingCell, placement: Placement, machine: Machine) -> str:
    said = []
    if placement.strategy == MULTI_WORKER:
        said.append(
            "Start it on each machine, with the same notebook: "
            "weftwork train FILE --workers host:port,host:port --index 0, then 1, and so on."
        )
    elif placement.strategy == MODEL_PARALLEL:
        said.append(
            "Every device sees the whole batch and keeps a part of the weights, for networks too large for one."
        )
    elif placement.strategy != ONE:
        replicas = placement.replicas or replicas_of(placement, machine.kinds())
        if replicas > 1:
            said.append(f"Each of {replicas} devices takes {rows_each(cell.batch_size, replicas)} of a batch.")
        said.append("Together they learn what one device would: the learning rate stays.")
        said.append("Batch normalization becomes synchronized: it takes its statistics over all devices.")
    if placement.strategy == MULTI_WORKER:
        said.append("Batch normalization becomes synchronized: it takes its statistics over all machines.")
    if placement.backend == JAX and has_jax():
        said.append("A run by JAX is paused, stopped and resumed like any other; its layers are not looked at.")
    return " ".join(said)
