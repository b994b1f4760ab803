"""What a training cell offers because of the machine that it stands on: other batches, other learning rates. Pure.

These are no problems of the notebook, which may train elsewhere, so `weftwork check` does not tell them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...compiler.changes import SetField
from ...compiler.device_options import MIRRORED, MULTI_WORKER, TPU, read_placement
from ...compiler.document import TrainingCell
from ...compiler.memory_estimate import MemoryEstimate
from ...compiler.problems import Fix, Location, Problem
from ...runtime.distribution.chosen import replicas_of
from ...runtime.distribution.here import Machine
from ..settings_form import number_text
from .device_words import kind_of, rows_on_each, wanted
from .machine_use import memory_text

# With fewer rows than these a device waits more for the others than it computes.
_ENOUGH_ROWS = 32


def device_offers(
    cell: TrainingCell,
    machine: Machine,
    estimate: MemoryEstimate | None = None,
    rate: float | None = None,
    last_run: Mapping[str, Any] | None = None,
) -> list[Problem]:
    """`rate` is the learning rate that holds, None for a schedule; `last_run` is what its run.json says."""
    return [
        *_after_a_full_memory(cell, last_run or {}),
        *_too_large(cell, machine, estimate),
        *_few_rows_each(cell, machine, rate),
    ]


def _after_a_full_memory(cell: TrainingCell, info: Mapping[str, Any]) -> Iterator[Problem]:
    fits = info.get("fits")
    if info.get("state") != "failed" or not isinstance(fits, Mapping):
        return
    rows, of = int(fits.get("batch_size", 0)), int(fits.get("of", 0))
    if 0 < rows < cell.batch_size:
        yield Problem(
            "T475",
            f"The memory did not suffice for batches of {of} rows in the last run; {rows} fit.",
            Location(cell.name, parameter="batch_size"),
            severity="warning",
            fixes=(_batch(cell, rows),),
        )


def _too_large(cell: TrainingCell, machine: Machine, estimate: MemoryEstimate | None) -> Iterator[Problem]:
    kind = kind_of(machine)
    have = machine.memory_of(kind)
    if estimate is None or not have:
        return
    placement = read_placement(cell.options)
    rows = rows_on_each(cell, placement, machine)
    needed = wanted(estimate, rows, kind)
    if needed <= have:
        return
    fit = min(estimate.largest_batch(have - wanted(estimate, 0, kind) + estimate.fixed), rows - 1)
    share = -(-cell.batch_size // rows)
    yield Problem(
        "T475",
        f"A run takes about {memory_text(needed)} on each device; a {kind} has {memory_text(have)} here.",
        Location(cell.name, parameter="batch_size"),
        severity="warning",
        help="" if fit else "Not even the weights fit: a smaller network, or one that is spread over several devices.",
        fixes=(_batch(cell, fit * share),) if fit else (),
    )


def _few_rows_each(cell: TrainingCell, machine: Machine, rate: float | None) -> Iterator[Problem]:
    placement = read_placement(cell.options)
    if placement.strategy not in (MIRRORED, MULTI_WORKER, TPU):
        return
    rows = rows_on_each(cell, placement, machine)
    replicas = replicas_of(placement, machine.kinds())
    larger = _ENOUGH_ROWS * replicas
    if rows >= _ENOUGH_ROWS or larger <= cell.batch_size:
        return
    changes = [SetField(cell=cell.id, field="batch_size", value=larger)]
    title = f"Give each {_ENOUGH_ROWS} rows: a batch of {larger}"
    if rate is not None:
        # Linear scaling (Goyal et al., 2017): a batch k times as large takes a learning rate k times as large.
        scaled = float(f"{rate * larger / cell.batch_size:.6g}")
        params = {**dict(cell.optimizer.params), "learning_rate": scaled}
        kind = cell.optimizer.kind
        changes.append(SetField(cell=cell.id, field="optimizer", value={"kind": kind, "params": params}))
        title += f", the learning rate {number_text(scaled)}"
    yield Problem(
        "T476",
        f"Each of {replicas} devices gets {rows} rows of a batch of {cell.batch_size}: it waits more than it computes.",
        Location(cell.name, parameter="batch_size"),
        severity="info",
        help="With a larger batch the learning rate grows by the same factor."
        if rate is not None
        else "A larger batch wants a larger learning rate; the schedule is yours to scale.",
        fixes=(Fix(title, tuple(changes)),),
    )


def _batch(cell: TrainingCell, rows: int) -> Fix:
    change = SetField(cell=cell.id, field="batch_size", value=rows)
    return Fix(f"Set the batch size to {rows}", (change,))
