"""Holds the Inputs of a network against the data fields that they get."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..changes import SetParameter
from ..document import NetworkCell, TrainingCell
from ..problems import Fix, Location, Problem
from ..program import Program
from ..specs import DataDescription
from .choose_fields import same_shape
from .values import shown

if TYPE_CHECKING:
    from ..training_choices import TrainingPlan


def check_fields(
    network: NetworkCell, cell: TrainingCell, program: Program, plan: TrainingPlan, data: DataDescription
) -> Iterator[Problem]:
    """Shapes and number types that differ. The place is the Input, where the fix is made."""
    for given in program.inputs:
        field = data.fields.get(plan.inputs.get(given.node, ""))
        if field is None:
            continue
        related = ((Location(cell.name), f"gives it {field.name} of {cell.data}"),)
        if not same_shape(given.shape, field.shape):
            shape = list(field.shape)
            yield Problem(
                "T403",
                f"{given.name} takes {shown(given.shape)}, but {field.name} of {cell.data} is {shown(field.shape)}.",
                Location(network.name, given.node, parameter="shape"),
                related=related,
                fixes=(
                    Fix(
                        f"Set the shape of {given.name} to {shown(shape)}",
                        (SetParameter(cell=network.id, node=given.node, parameter="shape", value=shape),),
                    ),
                ),
            )
        elif not _holds(given.dtype, field.dtype):
            change = SetParameter(cell=network.id, node=given.node, parameter="dtype", value=field.dtype)
            yield Problem(
                "T404",
                f"{given.name} takes {given.dtype}, but {field.name} of {cell.data} is {field.dtype}.",
                Location(network.name, given.node, parameter="dtype"),
                related=related,
                fixes=(Fix(f"Set the number type of {given.name} to {field.dtype}", (change,)),),
            )


def _holds(taken: str, given: str) -> bool:
    """Whether values of type `given` survive in type `taken`: whole numbers may become fractions, not the reverse."""
    if "string" in (taken, given):
        return taken == given
    return "float" in taken or "float" not in given
