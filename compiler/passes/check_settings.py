"""Checks the numbers of a training: batch size, epochs, learning rate."""

from __future__ import annotations

from collections.abc import Iterator

from ..catalogue import catalogue
from ..changes import SetField
from ..document import NetworkCell, TrainingCell
from ..problems import Fix, Location, Problem
from ..program import Program
from ..specs import DataDescription
from .values import fits

# Above this, steps overshoot with every optimizer but those whose own default is as large.
_LARGE_RATE = 1.0


def check_settings(
    cell: TrainingCell, program: Program | None, data: DataDescription | None, network: NetworkCell | None = None
) -> Iterator[Problem]:
    """Numbers that stop a training, or that make it useless. A network that brings weights along may be trained for no
    epoch at all, to be evaluated as it is."""
    yield from _batch_size(cell, program, data)
    yield from _learning_rate(cell)
    if cell.epochs < (0 if _brings_weights(network, program) else 1):
        yield Problem(
            "T419",
            f"{cell.name} trains for {cell.epochs} epochs; it needs at least 1.",
            Location(cell.name, parameter="epochs"),
            fixes=(_set(cell, "epochs", 10),),
        )


def _brings_weights(network: NetworkCell | None, program: Program | None) -> bool:
    inside = program.definitions.values() if program is not None else ()
    return any(one is not None and one.weights is not None for one in (network, *inside))


def _batch_size(cell: TrainingCell, program: Program | None, data: DataDescription | None) -> Iterator[Problem]:
    at = Location(cell.name, parameter="batch_size")
    if cell.batch_size < 1:
        message = f"{cell.name} has batches of {cell.batch_size} rows; they need at least 1."
        yield Problem("T418", message, at, fixes=(_set(cell, "batch_size", 32),))
    elif data is not None and 0 < data.rows < cell.batch_size:
        yield Problem(
            "T418",
            f"A batch of {cell.batch_size} is more than the {data.rows} training rows; each epoch is one step.",
            at,
            severity="warning",
            fixes=(_set(cell, "batch_size", max(1, min(32, data.rows // 4))),),
        )
    elif cell.batch_size == 1 and program is not None:
        for layer in program.layers.values():
            if layer.kind == "BatchNormalization":
                yield Problem(
                    "T421",
                    f"{layer.name} normalizes over a batch, and batches of one row have nothing to compare.",
                    at,
                    severity="warning",
                    help="Use larger batches, or LayerNormalization.",
                    related=((Location(program.name, layer.node), "needs larger batches"),),
                    fixes=(_set(cell, "batch_size", 32),),
                )
                return


def _learning_rate(cell: TrainingCell) -> Iterator[Problem]:
    rate = cell.optimizer.params.get("learning_rate")
    entry = catalogue().optimizers.get(cell.optimizer.kind)
    if entry is None or rate is None or not fits("float", rate):
        return
    declared = entry.parameters.get("learning_rate")
    default = declared.default if declared is not None and fits("float", declared.default) else 0.001
    if rate > 0 and rate <= max(_LARGE_RATE, default):
        return
    params = {**cell.optimizer.params, "learning_rate": default}
    usual = SetField(cell=cell.id, field="optimizer", value={"kind": cell.optimizer.kind, "params": params})
    why = "leaves the weights as they are" if rate == 0 else "climbs the loss" if rate < 0 else "usually diverges"
    yield Problem(
        "T422",
        f"A learning rate of {rate:g} {why}.",
        Location(cell.name, parameter="optimizer.learning_rate"),
        severity="warning" if rate > 0 else "error",
        fixes=(Fix(f"Set it to {default:g}", (usual,)),),
    )


def _set(cell: TrainingCell, field: str, value: int) -> Fix:
    return Fix(f"Set {field} to {value}", (SetField(cell=cell.id, field=field, value=value),))
