"""What is wrong with data that could be read: missing values, classes that teach nothing, steps that do not fit."""

from __future__ import annotations

import numpy as np

from ...compiler.document import DataCell, Preparation
from ...compiler.problems import Fix, Problem
from .columns import Column
from .fields import RawField
from .preparation_steps import STEP_CONTENTS
from .source import Raw, UnusableData, closest, problem, set_field

_LISTED = 5
_STRATEGIES = ("mean", "median", "constant")


def check_steps(cell: DataCell, fields: tuple[RawField, ...], columns: tuple[str, ...]) -> None:
    """Raises UnusableData where a step does not exist, or names columns that it cannot prepare."""
    problems = []
    contents = {field.name: field.content for field in fields}
    for field in fields:
        contents.update(dict.fromkeys(field.columns, field.content))
    for index, step in enumerate(cell.preparation):
        where = f"preparation.{index}"
        without = _steps_fix(cell, "Remove the step", [s for i, s in enumerate(cell.preparation) if i != index])
        fits = STEP_CONTENTS.get(step.step)
        if fits is None:
            meant = closest(step.step, STEP_CONTENTS)
            help = f"Did you mean ‘{meant}’?" if meant else f"Steps are {', '.join(STEP_CONTENTS)}."
            message = f"There is no preparation step ‘{step.step}’"
            problems.append(problem(cell, "D524", message, parameter=where, help=help, fixes=(without,)))
            continue
        for name in step.columns:
            if name not in contents and name not in columns:
                meant = closest(name, [*contents, *columns])
                help = f"Did you mean ‘{meant}’?" if meant else f"Columns are {', '.join([*contents][:12])}."
                message = f"Step {step.step} names a column ‘{name}’ that the data do not have"
                problems.append(problem(cell, "D509", message, parameter=where, help=help, fixes=(without,)))
            elif name in contents and contents[name] not in fits:
                message = f"Step {step.step} cannot prepare ‘{name}’, which holds {_plain(contents[name])}"
                problems.append(problem(cell, "D524", message, parameter=where, fixes=(without,)))
        problems += _check_params(cell, step, where, without)
    if problems:
        raise UnusableData(problems)


def _check_params(cell: DataCell, step: Preparation, where: str, without: Fix) -> list[Problem]:
    wrong = []
    if step.step == "impute" and step.params.get("strategy", "median") not in _STRATEGIES:
        wrong.append(f"Step impute fills with {', '.join(_STRATEGIES)}, not {step.params['strategy']!r}")
    for name in ("value", "scale", "offset"):
        value = step.params.get(name, 0.0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            wrong.append(f"The {name} of step {step.step} must be a number, not {value!r}")
    return [problem(cell, "D526", message, parameter=where, fixes=(without,)) for message in wrong]


def _plain(content: str) -> str:
    return {"category": "categories", "image": "pictures", "array": "arrays", "series": "a series"}.get(
        content, content
    )


def _steps_fix(cell: DataCell, title: str, steps: list[Preparation]) -> Fix:
    return set_field(cell, title, "preparation", [step.model_dump(mode="json") for step in steps])


def drop_missing_rows(cell: DataCell, raw: Raw, roles: dict[str, str]) -> np.ndarray | None:
    """The rows that a step `drop_missing` keeps, or None where there is no such step."""
    steps = [step for step in cell.preparation if step.step == "drop_missing"]
    if not steps:
        return None
    keep = np.ones(raw.rows, dtype=bool)
    for name, column in raw.columns.items():
        used = roles[name] in ("feature", "target")
        if used and any(not step.columns or name in step.columns for step in steps):
            keep[column.missing_rows()] = False
    return np.flatnonzero(keep)


def check_missing(cell: DataCell, raw: Raw, roles: dict[str, str]) -> list[Problem]:
    """A problem for each column with values that are missing or infinite and that no step takes care of."""
    imputing = [step for step in cell.preparation if step.step == "impute"]
    found = []
    for name, column in raw.columns.items():
        if roles[name] not in ("feature", "target") or column.type not in ("number", "category", "array"):
            continue
        missing = column.missing_rows()
        imputed = column.type == "number" and any(
            name in step.columns or (not step.columns and roles[name] == "feature") for step in imputing
        )
        if len(missing) and not (imputed and not np.isinf(column.values[missing]).any()):
            found.append(_missing(cell, column, missing, roles[name]))
    return found


def _missing(cell: DataCell, column: Column, missing: np.ndarray, role: str) -> Problem:
    rows = ", ".join(str(row + 1) for row in missing[:_LISTED]) + (", …" if len(missing) > _LISTED else "")
    drop = _steps_fix(cell, "Leave these rows out", [Preparation(step="drop_missing"), *cell.preparation])
    impute = Preparation(step="impute", params={"strategy": "median"})
    fixes = (drop,)
    severity, help = "error", "One missing value is enough to turn every weight into not-a-number."
    if role == "feature" and column.type == "number":
        fixes = (_steps_fix(cell, "Fill gaps with the column's median", [impute, *cell.preparation]), drop)
    elif role == "feature" and column.type == "category":
        severity, help = "warning", "A missing category is none of the classes: a row of zeros."
    what = "target" if role == "target" else "column"
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


def check_columns(cell: DataCell, raw: Raw, roles: dict[str, str]) -> list[Problem]:
    """Warnings on columns that teach nothing, and an error where all rows have the same class."""
    found = []
    for name, column in raw.columns.items():
        if roles[name] not in ("feature", "target") or column.type not in ("number", "category"):
            continue
        values = column.values[np.isfinite(column.values)] if column.type == "number" else column.values
        distinct = np.unique(values)
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
                    fixes=(ignore,),
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
