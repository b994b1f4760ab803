"""What a data cell offers, and its arrays. Imports no TensorFlow, so the server may call it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ...compiler.document import DataCell
from ...compiler.problems import Problem, has_errors
from ...compiler.specs import DataDescription
from .check_leaks import check_balance, check_leaks
from .check_steps import check_steps, log_problem
from .check_table import check_mixed
from .checks import check_columns, check_missing
from .columns import Column, as_target, retyped
from .date_parts import with_date_parts
from .fields import RawField, raw_fields
from .kept_rows import kept_rows
from .part_rows import part_rows, way_of
from .preparation_plan import Plan, apply_plan, fit_plan
from .preparation_steps import LogOfNegative
from .prepare_in_files import prepare_in_files, taken
from .read_source import Reading, file_state, read_raw
from .roles import check_roles, resolve_roles
from .source import Raw, UnusableData
from .split import check_split
from .stored_rows import is_stored
from .times import day_first


@dataclass(frozen=True, eq=False)
class Dataset:
    """Arrays by field, training and validation apart, prepared and raw.

    `train_rows` and `validation_rows` number the rows in the source, from 0 (of a series: the first row of the window).
    """

    description: DataDescription
    train: Mapping[str, Any]
    validation: Mapping[str, Any]
    train_rows: np.ndarray
    validation_rows: np.ndarray
    raw_train: Mapping[str, Any]
    raw_validation: Mapping[str, Any]
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
    # Rows of the source that the rows of `fields` stand for; None where none is left out: of large data the numbers
    # alone are tens of megabytes.
    source_rows: np.ndarray | None
    problems: tuple[Problem, ...]
    # What the rows are parted by: random, stratified, group, time, column, or source where it comes parted.
    way: str


def describe(cell: DataCell, folder: Path) -> tuple[DataDescription, list[Problem]]:
    """What the cell offers and what is wrong with it; an empty description where the data cannot be used."""
    try:
        opened = open_data(cell, folder)
    except UnusableData as error:
        return DataDescription(), list(error.problems)
    return _description(opened), list(opened.problems)


def load(cell: DataCell, folder: Path) -> Dataset:
    """The cell's arrays. Raises UnusableData, with the problems that `describe` gives.

    Of data that are read in pieces the arrays are rows in files under `.weftwork/cache`, prepared once.
    """
    opened = open_data(cell, folder)
    if has_errors(opened.problems):
        raise UnusableData([found for found in opened.problems if found.severity == "error"])
    parts = opened.train_rows, opened.validation_rows
    raw_train, raw_validation = ({field.name: taken(field, rows) for field in opened.fields} for rows in parts)
    if any(is_stored(field.values) for field in opened.fields):
        prepared = prepare_in_files(cell, opened.raw, opened.fields, opened.plan, Path(folder))
        train, validation = ({name: rows.chosen(part) for name, rows in prepared.items()} for part in parts)
    else:
        train, validation = apply_plan(opened.plan, raw_train), apply_plan(opened.plan, raw_validation)
    train_rows, validation_rows = (part if opened.source_rows is None else opened.source_rows[part] for part in parts)
    return Dataset(
        _description(opened), train, validation, train_rows, validation_rows, raw_train, raw_validation, opened.plan
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
    raw = _retyped(cell, with_date_parts(cell, _retyped(cell, raw)))
    roles = resolve_roles(cell, raw, problems)
    check_mixed(cell, raw.columns.values(), roles, raw.summary.get("first_line", 0))
    kept = kept_rows(cell, raw, roles)
    if kept is not None:
        raw = replace(raw, columns={name: column.take(kept) for name, column in raw.columns.items()})
    raw = replace(raw, columns={n: _typed(c, roles[n], cell.types.get(n, "")) for n, c in raw.columns.items()})
    check_split(cell, raw.rows)
    problems += check_roles(cell, raw.columns, roles)
    problems += check_missing(cell, raw, roles)
    problems += check_columns(cell, raw, roles)
    fields = raw_fields(cell, raw, roles)
    check_steps(cell, fields, tuple(raw.columns))
    training, validation = part_rows(cell, raw, roles, fields, kept, problems)
    try:
        plan = fit_plan(fields, training, cell.preparation)
    except LogOfNegative as fault:
        raise UnusableData([log_problem(cell, fault)]) from fault
    if fields[0].content != "series":
        problems += check_leaks(cell, raw, roles, training, validation)
        for name, column in raw.columns.items():
            if roles[name] == "target" and column.type == "category" and "weight" not in roles.values():
                problems += check_balance(cell, column)
    return Opened(
        raw,
        roles,
        fields,
        training,
        validation,
        plan,
        kept,
        tuple(problems),
        way_of(cell, raw, roles, fields),
    )


def _retyped(cell: DataCell, raw: Raw) -> Raw:
    return replace(raw, columns={name: retyped(c, cell.types.get(name, "")) for name, c in raw.columns.items()})


def _typed(column: Column, role: str, declared: str) -> Column:
    """The column as its role needs it: whole numbers to predict are classes, unless they were declared numbers."""
    return as_target(column) if role == "target" and declared not in ("number", "whole") else column


def _description(opened: Opened) -> DataDescription:
    raw = opened.raw
    summary = {
        **raw.summary,
        "source_rows": raw.rows,
        "split": opened.way,
        "columns": [_column_summary(column, opened.roles[name]) for name, column in list(raw.columns.items())[:1000]],
    }
    summary.pop("files", None)
    counts = {
        field.name: dict(zip(field.classes, np.bincount(codes, minlength=len(field.classes)).tolist(), strict=True))
        for field in opened.fields
        if field.role == "target" and field.content == "category" and len(codes := _present(field))
    }
    if counts:
        summary["class_counts"] = counts
    fields = {name: planned.field for name, planned in opened.plan.items()}
    return DataDescription(fields, len(opened.train_rows), len(opened.validation_rows), raw.fingerprint, summary)


def _column_summary(column: Column, role: str) -> dict[str, Any]:
    said = {"name": column.name, "type": column.type, "role": role, "classes": list(column.classes)[:100]}
    return {**said, "day_first": True} if column.type == "time" and day_first(column) else said


def _present(field: RawField) -> np.ndarray:
    codes = np.asarray(field.values)
    return codes[codes >= 0]
