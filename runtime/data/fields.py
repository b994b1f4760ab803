"""From columns with roles to raw fields: the arrays that inputs and targets are made of, before preparation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ...compiler.document import DataCell
from .columns import Column
from .series import window_fields
from .source import Raw, UnusableData, problem

FEATURES = "features"


@dataclass(frozen=True, eq=False)
class RawField:
    """One array with a row for each example.

    `field` names the prepared field that it becomes, or becomes a part of: a table's numbers and each of its category
    columns make up `features`. `content` is numbers, category, image, array or series; a category holds codes.
    `columns` name the entries of the last axis of numbers and series.
    """

    name: str
    field: str
    role: Literal["feature", "target"]
    content: str
    values: np.ndarray
    columns: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()

    def take(self, rows: np.ndarray) -> np.ndarray:
        """The raw values of these rows: numbers as float32, categories as words, pictures as uint8."""
        values = self.values[rows]
        if self.content == "category":
            return values if self.role == "target" else np.array([*self.classes, ""], dtype=object)[values]
        return values if self.content == "image" else values.astype(np.float32)


def raw_fields(cell: DataCell, raw: Raw, roles: dict[str, str]) -> tuple[RawField, ...]:
    """The fields that the columns make. Raises UnusableData where nothing is left to learn from."""
    if raw.ordered or "window" in cell.options:
        return window_fields(cell, raw, roles)
    features = [column for name, column in raw.columns.items() if roles[name] == "feature"]
    targets = [column for name, column in raw.columns.items() if roles[name] == "target"]
    if not features:
        raise UnusableData([problem(cell, "D508", "No column is left to learn from", parameter="roles")])
    fields = [_whole(column, "feature") for column in features if column.type in ("image", "array")]
    cells = [column for column in features if column.type in ("number", "category")]
    numbers = [column for column in cells if column.type == "number"]
    group = FEATURES if FEATURES not in raw.columns else "all_features"
    if len(cells) == 1 and fields:
        group = cells[0].name
    if numbers:
        values = np.stack([column.values for column in numbers], axis=1)
        fields.append(RawField(group, group, "feature", "numbers", values, tuple(c.name for c in numbers)))
    for column in cells:
        if column.type == "category":
            fields.append(RawField(column.name, group, "feature", "category", column.values, (), column.classes))
    return (*fields, *(_whole(column, "target") for column in targets))


def _whole(column: Column, role: Literal["feature", "target"]) -> RawField:
    content = {"number": "numbers", "text": "category", "time": "category"}.get(column.type, column.type)
    columns = (column.name,) if column.type == "number" else ()
    return RawField(column.name, column.name, role, content, column.values, columns, column.classes)
