"""What a data cell offers, and its arrays. Imports no TensorFlow, so the server may call it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ...compiler.document import DataCell
from ...compiler.problems import Problem, has_errors
from ...compiler.specs import DataDescription
from .checks import check_columns, check_missing, check_steps, drop_missing_rows
from .columns import Column, as_category, as_target
from .fields import RawField, raw_fields
from .preparation_plan import Plan, apply_plan, fit_plan
from .read_source import Reading, file_state, read_raw
from .roles import resolve_roles
from .source import Raw, UnusableData
from .split import check_split, split_rows


@dataclass(frozen=True, eq=False)
class Dataset:
    """Arrays by field, training and validation apart, prepared and raw.

    `train_rows` and `validation_rows` number the rows in the source, from 0 (of a series: the first row of the window).
    """

    description: DataDescription
    train: dict[str, np.ndarray]
    validation: dict[str, np.ndarray]
    train_rows: np.ndarray
    validation_rows: np.ndarray
    raw_train: dict[str, np.ndarray]
    raw_validation: dict[str, np.ndarray]
    plan: Plan


@dataclass(frozen=True, eq=False)
class Opened:
    """A source read, parted and fitted, before any array is prepared."""

    raw: Raw
    roles: dict[str, str]
    fields: tuple[RawField, ...]
    train_rows: np.ndarray
    validation_rows: np.ndarray
    plan: Plan
    # Rows of the source that the rows of `fields` stand for.
    source_rows: np.ndarray
    problems: tuple[Problem, ...]


def describe(cell: DataCell, folder: Path) -> tuple[DataDescription, list[Problem]]:
    """What the cell offers and what is wrong with it; an empty description where the data cannot be used."""
    try:
        opened = open_data(cell, folder)
    except UnusableData as error:
        return DataDescription(), list(error.problems)
    return _description(opened), list(opened.problems)


def load(cell: DataCell, folder: Path) -> Dataset:
    """The cell's arrays. Raises UnusableData, with the problems that `describe` gives."""
    opened = open_data(cell, folder)
    if has_errors(opened.problems):
        raise UnusableData([found for found in opened.problems if found.severity == "error"])
    raw_train = {field.name: field.take(opened.train_rows) for field in opened.fields}
    raw_validation = {field.name: field.take(opened.validation_rows) for field in opened.fields}
    return Dataset(
        _description(opened),
        apply_plan(opened.plan, raw_train),
        apply_plan(opened.plan, raw_validation),
        opened.source_rows[opened.train_rows],
        opened.source_rows[opened.validation_rows],
        raw_train,
        raw_validation,
        opened.plan,
    )


def open_data(cell: DataCell, folder: Path) -> Opened:
    """The source, read once for each state of its files. Raises UnusableData."""
    folder = Path(folder)
    state = file_state(cell, folder)
    return _opened(Reading(cell), str(folder), state)


@lru_cache(maxsize=8)
def _opened(reading: Reading, folder: str, state: tuple[Any, ...]) -> Opened:
    cell = reading.cell
    raw, warnings = read_raw(cell, Path(folder))
    problems = list(warnings)
    roles = resolve_roles(cell, raw, problems)
    rows = np.arange(raw.rows)
    kept = drop_missing_rows(cell, raw, roles)
    if kept is not None:
        rows = rows[kept]
        raw = replace(raw, columns={name: column.take(kept) for name, column in raw.columns.items()})
    raw = replace(raw, columns={n: _typed(c, roles[n], cell.types.get(n, "")) for n, c in raw.columns.items()})
    check_split(cell, raw.rows)
    problems += check_missing(cell, raw, roles)
    problems += check_columns(cell, raw, roles)
    fields = raw_fields(cell, raw, roles)
    check_steps(cell, fields, tuple(raw.columns))
    training, validation = _split(cell, raw, roles, fields, kept, problems)
    plan = fit_plan(fields, training, cell.preparation)
    return Opened(raw, roles, fields, training, validation, plan, rows, tuple(problems))


def _typed(column: Column, role: str, declared: str) -> Column:
    """The column as its role needs it: whole numbers to predict are classes, unless they were declared numbers."""
    if column.type == "number" and declared == "category":
        return as_category(column)
    return as_target(column) if role == "target" and declared != "number" else column


def _split(
    cell: DataCell,
    raw: Raw,
    roles: dict[str, str],
    fields: tuple[RawField, ...],
    kept: np.ndarray | None,
    problems: list[Problem],
) -> tuple[np.ndarray, np.ndarray]:
    rows = len(fields[0].values)
    if raw.validation_rows is not None:
        held_out = np.isin(np.arange(rows) if kept is None else kept, raw.validation_rows)
        return np.flatnonzero(~held_out), np.flatnonzero(held_out)
    target = next((f for f in fields if f.role == "target" and f.content == "category"), None)
    grouping = next((raw.columns[name] for name, role in roles.items() if role == "group"), None)
    series = fields[-1] if fields[0].content == "series" else None
    return split_rows(
        cell,
        rows,
        codes=target.values if target else None,
        classes=target.classes if target else (),
        groups=grouping.values.astype(str) if grouping and not series else None,
        ordered=series is not None,
        gap=series.values.shape[1] - 1 if series else 0,
        problems=problems,
    )


def _description(opened: Opened) -> DataDescription:
    raw = opened.raw
    summary = {
        **raw.summary,
        "source_rows": raw.rows,
        "columns": [
            {"name": name, "type": column.type, "role": opened.roles[name], "classes": list(column.classes)[:100]}
            for name, column in list(raw.columns.items())[:1000]
        ],
    }
    summary.pop("files", None)
    counts = {
        field.name: dict(zip(field.classes, np.bincount(codes, minlength=len(field.classes)).tolist(), strict=True))
        for field in opened.fields
        if field.role == "target" and field.content == "category" and len(codes := field.values[field.values >= 0])
    }
    if counts:
        summary["class_counts"] = counts
    fields = {name: planned.field for name, planned in opened.plan.items()}
    return DataDescription(fields, len(opened.train_rows), len(opened.validation_rows), raw.fingerprint, summary)
