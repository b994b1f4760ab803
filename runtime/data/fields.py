"""From columns with roles to raw fields: the arrays that inputs and targets are made of, before preparation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ...compiler.document import DataCell
from .columns import Column
from .series import is_windowed, window_fields
from .source import Raw, UnusableData, problem
from .stored_rows import ColumnBlock, StoredColumn

FEATURES = "features"


@dataclass(frozen=True, eq=False)
class RawField:
    """One array with a row for each example.

    `field` names the prepared field that it becomes, or becomes a part of: a table's numbers and each of its category
    columns make up `features`. `content` is numbers, category, image, array or series; a category holds codes.
    `columns` name the entries of the last axis of numbers and series. `values` are an array, or rows in a file that are
    taken from it like from an array.
    """

    name: str
    field: str
    role: Literal["feature", "target", "weight"]
    content: str
    values: Any
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
    if is_windowed(cell, raw):
        return window_fields(cell, raw, roles)
    features = [column for name, column in raw.columns.items() if roles[name] == "feature"]
    targets = [column for name, column in raw.columns.items() if roles[name] == "target"]
    weights = [column for name, column in raw.columns.items() if roles[name] == "weight"]
    if not features:
        raise UnusableData([problem(cell, "D508", "No column is left to learn from", parameter="roles")])
    fields = [_whole(column, "feature") for column in features if column.type in ("image", "array")]
    cells = [column for column in features if column.type in ("number", "category")]
    cut = _cut_into_buckets(cell)
    numbers = [column for column in cells if column.type == "number" and not cut(column.name)]
    group = FEATURES if FEATURES not in raw.columns else "all_features"
    if len(cells) == 1 and fields:
        group = cells[0].name
    if numbers:
        names = tuple(column.name for column in numbers)
        fields.append(RawField(group, group, "feature", "numbers", _side_by_side(numbers), names))
    for column in cells:
        if column.type == "number" and cut(column.name):
            values = _side_by_side([column])
            fields.append(RawField(column.name, group, "feature", "numbers", values, (column.name,)))
    for column in cells:
        if column.type == "category":
            fields.append(RawField(column.name, group, "feature", "category", _rows(column), (), column.classes))
    return (*fields, *(_whole(c, "target") for c in targets), *(_whole(c, "weight") for c in weights))


def _cut_into_buckets(cell: DataCell) -> Any:
    """Whether a column of numbers becomes buckets: then it stands alone, since each has bounds of its own."""
    steps = [step for step in cell.preparation if step.step == "bucketise"]
    everything = any(not step.columns for step in steps)
    named = {name for step in steps for name in step.columns}
    return lambda name: everything or name in named


def _side_by_side(columns: list[Column]) -> Any:
    """(rows, columns), in memory or from the columns' files."""
    stored = [column.rows for column in columns if isinstance(column, StoredColumn)]
    if len(stored) == len(columns):
        return ColumnBlock(stored)
    return np.stack([column.values for column in columns], axis=1)


def _rows(column: Column) -> Any:
    return column.rows if isinstance(column, StoredColumn) else column.values


def _whole(column: Column, role: Literal["feature", "target", "weight"]) -> RawField:
    content = {"number": "numbers", "text": "category", "time": "category"}.get(column.type, column.type)
    columns = (column.name,) if column.type == "number" else ()
    return RawField(column.name, column.name, role, content, _rows(column), columns, column.classes)
