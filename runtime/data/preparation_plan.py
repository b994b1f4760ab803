"""Preparation as plain constants, fitted on the training part once and applied with NumPy.

`preparation.py` builds the same plan from Keras layers, so every formula here is float32 and that of a layer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from ...compiler.document import Preparation
from ...compiler.specs import DataField
from .fields import RawField
from .fit_stored import fit_stored
from .preparation_steps import FITS, ROW_STEPS, STEP_CONTENTS, Operation, fit_one_hot, imputes
from .resize import resize
from .stored_rows import is_stored

# Keras' Normalization divides by no less than its backend's epsilon.
_EPSILON = np.float32(1e-7)


@dataclass(frozen=True)
class Piece:
    """How one raw field becomes a part of a prepared field."""

    raw: str
    content: str
    shape: tuple[int, ...]
    dtype: str
    columns: tuple[str, ...]
    operations: tuple[Operation, ...]

    @property
    def always(self) -> tuple[Operation, ...]:
        """The operations that every row goes through, in training and after it."""
        return tuple(operation for operation in self.operations if operation.step != "augment")

    @property
    def prepared_shape(self) -> tuple[int, ...]:
        """The shape of a row after all operations."""
        shape = self.shape
        for operation in self.operations:
            if operation.step == "one_hot":
                shape = (len(operation.constants["vocabulary"]),)
            elif operation.step == "bucketise":
                one_hot = operation.constants["encode"] == ("one_hot",)
                shape = (len(operation.constants["boundaries"]) + 1 if one_hot else 1,)
            elif operation.step == "resize":
                shape = (*operation.constants["size"], *shape[2:])
        return shape


@dataclass(frozen=True)
class FieldPlan:
    """A prepared field: its pieces, each prepared, laid side by side along the last axis."""

    field: DataField
    pieces: tuple[Piece, ...]


Plan = dict[str, FieldPlan]


def fit_plan(fields: tuple[RawField, ...], training_rows: np.ndarray, steps: Iterable[Preparation]) -> Plan:
    """The plan of all fields, fitted on the training rows. The steps must have been checked (`checks.py`)."""
    steps = tuple(steps)
    grouped: dict[str, list[RawField]] = {}
    for field in fields:
        grouped.setdefault(field.field, []).append(field)
    plan: Plan = {}
    window: Piece | None = None
    for name, parts in grouped.items():
        # What comes next is measured in the units of the window that it follows.
        followed = window if parts[0].content == "series" and parts[0].role == "target" else None
        pieces = tuple(_like(followed, part) if followed else _fit(part, training_rows, steps) for part in parts)
        if parts[0].content == "series" and parts[0].role == "feature":
            window = pieces[0]
        plan[name] = FieldPlan(_describe(name, parts, pieces), pieces)
    return plan


def apply_operation(operation: Operation, values: np.ndarray) -> np.ndarray:
    """The values of some rows after one step; augmentation leaves them, since it is for training alone."""
    if operation.step == "augment":
        return values
    if operation.step == "one_hot":
        vocabulary = np.array(operation.constants["vocabulary"], dtype=object)
        if "missing" in operation.constants:
            values = np.where(values == "", operation.constants["missing"][0], values)
        # What training never showed is none of the words: all zeros.
        return (values[:, np.newaxis] == vocabulary).astype(np.float32)
    values = values.astype(np.float32, copy=False)
    match operation.step:
        case "impute":
            return np.where(np.isnan(values), operation.array("fill"), values)
        case "standardise":
            deviation = np.maximum(np.sqrt(operation.array("variance")), _EPSILON)
            return (values - operation.array("mean")) / deviation
        case "log":
            plus = operation.array("plus")
            with np.errstate(invalid="ignore", divide="ignore"):
                return np.where(np.isnan(plus), values, np.log(values + plus))
        case "bucketise":
            boundaries = operation.array("boundaries")
            bucket = np.searchsorted(boundaries, values, side="right")
            if operation.constants["encode"] == ("one_hot",):
                return np.eye(len(boundaries) + 1, dtype=np.float32)[bucket[:, 0]]
            return bucket.astype(np.float32)
        case "resize":
            return resize(values, operation.constants["size"])
    return values * operation.array("scale") + operation.array("offset")


def apply_plan(plan: Plan, raw: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Prepared arrays from raw ones."""
    prepared: dict[str, np.ndarray] = {}
    for name, field_plan in plan.items():
        parts = []
        for piece in field_plan.pieces:
            values = raw[piece.raw]
            for operation in piece.operations:
                values = apply_operation(operation, values)
            parts.append(values)
        values = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1)
        if values.ndim == 2 and field_plan.field.shape == ():
            values = values[:, 0]
        prepared[name] = np.ascontiguousarray(values, dtype=field_plan.field.dtype)
    return prepared


def restore(plan: Plan, field: str, values: np.ndarray) -> np.ndarray:
    """Prepared numbers of a target, or predictions of it, in the units of the source again."""
    scale, offset = restoring_constants(plan, field)
    return np.asarray(values, dtype=np.float64) * scale + offset


def restoring_constants(plan: Plan, field: str) -> tuple[np.ndarray, np.ndarray]:
    """(scale, offset) of a numeric field: prepared value × scale + offset is the value in the source."""
    scale, offset = np.float64(1.0), np.float64(0.0)
    for operation in reversed(plan[field].pieces[0].operations):
        if operation.step == "standardise":
            deviation = np.sqrt(operation.array("variance")).astype(np.float64)
            scale, offset = scale * deviation, offset * deviation + operation.array("mean")
        elif operation.step == "rescale":
            factor = operation.array("scale").astype(np.float64)
            scale, offset = scale / factor, (offset - operation.array("offset")) / factor
    return np.squeeze(scale), np.squeeze(offset)


def _fit(field: RawField, training_rows: np.ndarray, steps: tuple[Preparation, ...]) -> Piece:
    concerning = [step for step in steps if _concerns(step, field)]
    shape = () if field.content == "category" else tuple(field.values.shape[1:])
    dtype = {"category": "string", "image": "uint8"}.get(field.content, "float32")
    if field.content == "category":
        operations = _fit_category(field, training_rows, concerning)
    elif is_stored(field.values):
        operations = fit_stored(field, training_rows, concerning, apply_operation)
    else:
        operations = _fit_numbers(field, training_rows, concerning)
    return Piece(field.name, field.content, shape, dtype, field.columns, tuple(operations))


def _fit_numbers(field: RawField, training_rows: np.ndarray, steps: list[Preparation]) -> list[Operation]:
    operations = []
    values = field.take(training_rows) if steps else np.zeros(0)
    for number, step in enumerate(steps, 1):
        operation = FITS[step.step](field, values, step)
        operations.append(operation)
        if number < len(steps):
            values = apply_operation(operation, values)
    return operations


def _fit_category(field: RawField, training_rows: np.ndarray, steps: list[Preparation]) -> list[Operation]:
    coded = any(step.step == "one_hot" for step in steps)
    if field.role == "target":
        return [Operation("one_hot", {"vocabulary": tuple(range(len(field.classes)))})] if coded else []
    filling = next((step for step in steps if step.step == "impute"), None)
    return [fit_one_hot(field, field.values[training_rows], filling)]


def _concerns(step: Preparation, field: RawField) -> bool:
    if step.step in ROW_STEPS or field.content not in STEP_CONTENTS[step.step] or field.role == "weight":
        return False
    if step.step == "impute" and not imputes(step, field.content):
        return False
    if step.columns:
        return field.name in step.columns or any(column in step.columns for column in field.columns)
    # A target keeps its own units and codes unless it is named.
    return field.role == "feature"


def _like(window: Piece, field: RawField) -> Piece:
    """The operations of the window for the columns that `field` follows."""
    chosen = [window.columns.index(column) for column in field.columns]
    if field.values.ndim == 2 or len(chosen) == 1:
        chosen = chosen[:1]
    operations = tuple(
        replace(operation, constants={name: tuple(c[i] for i in chosen) for name, c in operation.constants.items()})
        for operation in window.operations
    )
    return Piece(field.name, "series", field.values.shape[1:], "float32", field.columns, operations)


def _describe(name: str, parts: list[RawField], pieces: tuple[Piece, ...]) -> DataField:
    first = parts[0]
    coded = any(operation.step == "one_hot" for operation in pieces[0].operations)
    if first.role == "target" and first.content == "category":
        shape = (len(first.classes),) if coded else ()
        return DataField(name, shape, "float32" if coded else "int32", "target", "category", first.classes)
    if first.role != "feature" and first.content == "numbers":
        return DataField(name, (), "float32", first.role, "number")
    if first.content in ("image", "array", "series"):
        content = {"image": "image", "series": "series"}.get(first.content, "features")
        return DataField(name, pieces[0].prepared_shape, "float32", first.role, content)
    width = sum(piece.prepared_shape[-1] for piece in pieces)
    return DataField(name, (width,), "float32", "feature", "features")
