"""Preparation as Keras layers, put in front of a network when it is exported; and the Python that builds the same.

Imports Keras when called; `preparation_source` only prints.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ...compiler.document import DataCell
from .load import Dataset
from .preparation_layers import apply_layers, layer_sources
from .preparation_plan import FieldPlan, Piece, Plan, restoring_constants
from .written_numbers import lists_apart

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
            for call in _call_sources(piece, variable):
                lines += [f"    {line}" for line in lists_apart(f"{variable} = {call}")]
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
    return all(not piece.always and piece.dtype == planned.field.dtype for piece in planned.pieces)


def _prepared(piece: Piece, value: Any) -> Any:
    import keras

    if _needs_numbers(piece):
        value = keras.layers.Rescaling(1.0, name=f"{piece.raw}_as_numbers")(value)
    for operation in piece.always:
        value = apply_layers(operation, piece.raw, value)
    return value


def _call_sources(piece: Piece, variable: str) -> list[str]:
    calls = []
    if _needs_numbers(piece):
        calls.append(f"layers.Rescaling(1.0, name={piece.raw + '_as_numbers'!r})({variable})")
    for operation in piece.always:
        calls += layer_sources(operation, piece.raw, variable)
    return calls


def _needs_numbers(piece: Piece) -> bool:
    # Resizing rounds whole numbers to whole numbers.
    first = next((operation.step for operation in piece.always), "resize")
    return piece.dtype not in ("float32", "string") and first == "resize"
