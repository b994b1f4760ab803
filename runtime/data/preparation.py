"""Preparation as Keras layers, put in front of a network when it is exported; and the Python that builds the same.

Imports Keras when called; `preparation_source` only prints.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ...compiler.document import DataCell
from .load import Dataset
from .preparation_plan import FieldPlan, Piece, Plan, restoring_constants
from .preparation_steps import Operation

if TYPE_CHECKING:
    import keras


def raw_inputs(dataset: Dataset, fields: Iterable[str] | None = None) -> dict[str, Piece]:
    """The raw arrays that the features need, by name: what a model with preparation in front takes."""
    return {piece.raw: piece for planned in _features(dataset.plan, fields).values() for piece in planned.pieces}


def preparation_model(cell: DataCell, dataset: Dataset, fields: Iterable[str] | None = None) -> keras.Model | None:
    """A model from raw fields to the prepared `fields` (default: all features), both as dicts by name.

    None where the network gets its data as they are. Equal to the arrays of the dataset up to rounding.
    """
    import keras

    features = _features(dataset.plan, fields)
    if all(_is_untouched(planned) for planned in features.values()):
        return None
    inputs = {
        name: keras.Input(piece.shape, dtype=piece.dtype, name=name)
        for name, piece in raw_inputs(dataset, fields).items()
    }
    prepared = {}
    for name, planned in features.items():
        parts = [_prepared(piece, inputs[piece.raw]) for piece in planned.pieces]
        prepared[name] = parts[0] if len(parts) == 1 else keras.layers.Concatenate(name=f"{name}_joined")(parts)
    return keras.Model(inputs, prepared, name="preparation")


def preparation_source(dataset: Dataset, fields: Iterable[str] | None = None) -> str:
    """`build_preparation() -> keras.Model` as Python, "" where there is nothing to prepare.

    The script needs `import keras` and `from keras import layers` above it.
    """
    features = _features(dataset.plan, fields)
    if all(_is_untouched(planned) for planned in features.values()):
        return ""
    lines = [
        "def build_preparation() -> keras.Model:",
        '    """From raw values to what the network was trained on; constants come from the training rows."""',
        "    raw = {",
    ]
    for name, piece in raw_inputs(dataset, fields).items():
        lines.append(f"        {name!r}: keras.Input({piece.shape!r}, dtype={piece.dtype!r}, name={name!r}),")
    lines.append("    }")
    lines.append("    prepared = {}")
    for name, planned in features.items():
        parts = []
        for index, piece in enumerate(planned.pieces):
            variable = "x" if len(planned.pieces) == 1 else f"part_{index + 1}"
            lines.append(f"    {variable} = raw[{piece.raw!r}]")
            lines += [f"    {variable} = {call}" for call in _call_sources(piece, variable)]
            parts.append(variable)
        joined = parts[0] if len(parts) == 1 else f"layers.Concatenate(name={name + '_joined'!r})([{', '.join(parts)}])"
        lines.append(f"    prepared[{name!r}] = {joined}")
    lines.append('    return keras.Model(raw, prepared, name="preparation")')
    return "\n".join(lines) + "\n"


def restoring_layer(plan: Plan, field: str) -> keras.layers.Layer | None:
    """The Rescaling that brings predictions of a prepared target back to its own units; None where they are in them."""
    import keras

    planned = plan[field]
    if planned.field.content == "category" or _is_untouched(planned):
        return None
    scale, offset = restoring_constants(plan, field)
    return keras.layers.Rescaling(scale.tolist(), offset=offset.tolist(), name=f"{field}_in_own_units")


def _features(plan: Plan, fields: Iterable[str] | None) -> Plan:
    wanted = None if fields is None else set(fields)
    return {
        name: planned
        for name, planned in plan.items()
        if (planned.field.role == "feature" if wanted is None else name in wanted)
    }


def _is_untouched(planned: FieldPlan) -> bool:
    return all(not piece.operations and piece.dtype == planned.field.dtype for piece in planned.pieces)


def _layer_arguments(operation: Operation) -> tuple[str, dict[str, Any]]:
    """The layer's class and its arguments; one constant for all columns is a plain number."""

    def constant(name: str) -> Any:
        values = list(operation.constants[name])
        return values[0] if len(values) == 1 else values

    if operation.step == "standardise":
        mean, variance = operation.constants["mean"], operation.constants["variance"]
        if len(mean) == 1:
            return "Normalization", {"axis": None, "mean": mean[0], "variance": variance[0]}
        return "Normalization", {"axis": -1, "mean": list(mean), "variance": list(variance)}
    return "Rescaling", {"scale": constant("scale"), "offset": constant("offset")}


def _prepared(piece: Piece, value: Any) -> Any:
    import keras

    if piece.dtype not in ("float32", "string") and not piece.operations:
        value = keras.layers.Rescaling(1.0, name=f"{piece.raw}_as_numbers")(value)
    for operation in piece.operations:
        if operation.step == "impute":
            gap = keras.ops.isnan(value)
            value = keras.ops.where(gap, operation.array("fill"), value)
        elif operation.step == "one_hot":
            lookup = keras.layers.StringLookup(
                vocabulary=list(operation.constants["vocabulary"]), output_mode="one_hot", name=f"{piece.raw}_one_hot"
            )
            # The first column is for words that training never showed: they are none of the classes.
            value = lookup(value)[:, 1:]
        else:
            kind, arguments = _layer_arguments(operation)
            value = getattr(keras.layers, kind)(**arguments, name=f"{piece.raw}_{operation.step}")(value)
    return value


def _call_sources(piece: Piece, variable: str) -> list[str]:
    calls = []
    if piece.dtype not in ("float32", "string") and not piece.operations:
        calls.append(f"layers.Rescaling(1.0, name={piece.raw + '_as_numbers'!r})({variable})")
    for operation in piece.operations:
        if operation.step == "impute":
            # A column that the step does not name keeps its gaps; a bare nan would be no Python.
            fill = ", ".join('float("nan")' if math.isnan(v) else repr(v) for v in operation.constants["fill"])
            calls.append(f"keras.ops.where(keras.ops.isnan({variable}), keras.ops.array([{fill}]), {variable})")
        elif operation.step == "one_hot":
            words = list(operation.constants["vocabulary"])
            name = f"{piece.raw}_one_hot"
            calls.append(
                f'layers.StringLookup(vocabulary={words!r}, output_mode="one_hot", name={name!r})({variable})[:, 1:]'
            )
        else:
            kind, arguments = _layer_arguments(operation)
            written = _written({**arguments, "name": f"{piece.raw}_{operation.step}"})
            calls.append(f"layers.{kind}({written})({variable})")
    return calls


def _written(arguments: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in arguments.items())
