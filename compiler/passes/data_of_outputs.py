"""What an Output gives and what it is compared with."""

from __future__ import annotations

from collections.abc import Mapping

from ..program import Program
from ..specs import DataDescription, DataField, Shape


def target_field(target: str, inputs: Mapping[str, str], data: DataDescription) -> DataField | None:
    """The field behind a target, which may be the id of an Input; `inputs` gives each Input's field."""
    return data.fields.get(inputs.get(target, target))


def output_shape(program: Program, output: str) -> Shape | None:
    """The shape of an Output by its id, without batch axis; None while it is unknown."""
    value = next(given.value for given in program.outputs if given.node == output)
    for given in program.inputs:
        if given.node == value.node:
            return given.shape
    shapes = program.shapes.get(value.node)
    spec = shapes.outputs.get(value.port) if shapes else None
    return spec.shape[1:] if spec else None
