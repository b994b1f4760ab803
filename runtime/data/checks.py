"""What is wrong with data that could be read: missing values, columns and classes that teach nothing."""

from __future__ import annotations

import numpy as np

from ...compiler.document import DataCell, Preparation
from ...compiler.problems import Problem
from .check_steps import steps_fix
from .columns import Column
from .preparation_steps import imputes
from .source import Raw, problem, set_field
from .stored_rows import StoredColumn

_LISTED = 5


def check_missing(cell: DataCell, raw: Raw, roles: dict[str, str]) -> list[Problem]:
    """A problem for each column with values that are missing or infinite and that no step takes care of."""
    imputing = [step for step in cell.preparation if step.step == "impute"]
    found = []
    for name, column in raw.columns.items():
        if roles[name] not in ("feature", "target", "weight") or column.type not in ("number", "category", "array"):
            continue
        missing = column.missing_rows()
        content = "category" if column.type == "category" else "numbers"
        imputed = column.type != "array" and any(
            imputes(step, content) and (name in step.columns or (not step.columns and roles[name] == "feature"))
            for step in imputing
        )
        if len(missing) and not (imputed and not (content == "numbers" and np.isinf(column.values[missing]).any())):
            found.append(_missing(cell, column, missing, roles[name]))
    return found


def _missing(cell: DataCell, column: Column, missing: np.ndarray, role: str) -> Problem:
    rows = ", ".join(str(row + 1) for row in missing[:_LISTED]) + (", …" if len(missing) > _LISTED else "")
    drop = steps_fix(cell, "Leave these rows out", [Preparation(step="drop_missing"), *cell.preparation])
    impute = Preparation(step="impute", params={"strategy": "median"})
    fixes = (drop,)
    severity, help = "error", "One missing value is enough to turn every weight into not-a-number."
    if role == "feature" and column.type == "number":
        fixes = (steps_fix(cell, "Fill gaps with the column's median", [impute, *cell.preparation]), drop)
    elif role == "feature" and column.type == "category":
        severity, help = "warning", "A missing category is none of the classes: a row of zeros."
        own = Preparation(step="impute", columns=(column.name,), params={"strategy": "own_class"})
        often = Preparation(step="impute", columns=(column.name,), params={"strategy": "most_frequent"})
        fixes = (
            steps_fix(cell, "Make missing a class of its own", [own, *cell.preparation]),
            steps_fix(cell, "Fill gaps with the most frequent class", [often, *cell.preparation]),
            drop,
        )
    what = {"target": "target", "weight": "weight"}.get(role, "column")
    infinite = column.type != "category" and bool(np.isinf(column.values[missing]).any())
    lacking = "no usable value (missing or infinite)" if infinite else "no value"
    count = f"{len(missing)} row{'s' if len(missing) != 1 else ''}"
    return problem(
        cell,
        "D511" if role == "target" else "D510",
        f"The {what} ‘{column.name}’ has {lacking} in {count}: {rows}",
        parameter=f"columns.{column.name}",
        severity=severity,
        help=help,
        fixes=fixes,
    )


def distinct_values(column: Column) -> np.ndarray:
    """The values of numbers or of codes that come up, in rising order. Sorts in place what it read: of a large table
    each further copy of a column would be tens of megabytes."""
    values = column.values
    if column.type == "number":
        there = np.isfinite(values)
        values = values if there.all() and isinstance(column, StoredColumn) else values[there]
    else:
        values = values if isinstance(column, StoredColumn) else values.copy()
    values.sort()
    first = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=first[1:])
    return values if first.all() else values[first]


def check_columns(cell: DataCell, raw: Raw, roles: dict[str, str]) -> list[Problem]:
    """Warnings on columns that teach nothing, and an error where all rows have the same class."""
    found = []
    for name, column in raw.columns.items():
        if roles[name] not in ("feature", "target") or column.type not in ("number", "category"):
            continue
        distinct = distinct_values(column)
        ignore = set_field(cell, f"Ignore ‘{name}’", "roles", "ignore", key=name)
        if roles[name] == "target":
            if len(distinct) == 1:
                value = f"class ‘{column.classes[distinct[0]]}’" if column.type == "category" else f"{distinct[0]:g}"
                message = f"All rows have the same target, {value}: there is nothing to learn"
                found.append(problem(cell, "D512", message, parameter=f"roles.{name}"))
        elif len(distinct) == 1:
            message = f"Column ‘{name}’ has the same value in every row"
            at = f"columns.{name}"
            found.append(problem(cell, "D520", message, parameter=at, severity="warning", fixes=(ignore,)))
        elif _is_identifier(column, distinct, raw.rows) and not raw.ordered:
            found.append(
                problem(
                    cell,
                    "D521",
                    f"Column ‘{name}’ has another value in every row, like a number that counts or names the rows",
                    parameter=f"columns.{name}",
                    severity="warning",
                    help="A network can learn the rows by heart from it.",
                    fixes=(ignore, set_field(cell, f"Take ‘{name}’ for a group", "roles", "group", key=name)),
                )
            )
    return found


def _is_identifier(column: Column, distinct: np.ndarray, rows: int) -> bool:
    if rows < 10 or len(distinct) < rows:
        return False
    if column.type == "category":
        return True
    whole = bool(np.all(distinct == np.floor(distinct)))
    named = column.name.lower() in ("id", "index", "row", "no", "nr") or column.name.lower().endswith(("_id", " id"))
    # Whole numbers without a gap count the rows; other distinct numbers are measurements.
    return whole and (named or distinct[-1] - distinct[0] == rows - 1)
