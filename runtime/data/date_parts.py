"""Columns of dates taken apart: year, month, weekday and hour as columns of numbers, which a network can learn from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from ...compiler.document import DataCell, Preparation
from ...compiler.problems import Fix
from .check_steps import steps_fix
from .columns import Column
from .source import Raw, UnusableData, problem, set_field
from .stored_rows import StoredColumn, StoredRows
from .times import seconds

PARTS = ("year", "month", "weekday", "hour")
STEP = "date_parts"

_DAY = 86_400


def with_date_parts(cell: DataCell, raw: Raw) -> Raw:
    """The columns with a further one, `<date> year` and so on, for each part that a step `date_parts` takes.

    A step without columns takes every column of dates. Raises UnusableData where it names one of another type.
    """
    columns = dict(raw.columns)
    roles = dict(raw.roles)
    for index, step in enumerate(cell.preparation):
        if step.step != STEP:
            continue
        for name in _dates(cell, raw, index, step):
            for part in _parts(cell, index, step):
                made = f"{name} {part}"
                columns[made] = _part_of(raw.columns[name], made, part)
                roles.setdefault(made, "feature")
    return raw if len(columns) == len(raw.columns) else replace(raw, columns=columns, roles=roles)


def is_date_part(name: str, columns: Collection[str]) -> bool:
    """Whether a column of this name could be a part of one of the columns."""
    of, _, part = name.rpartition(" ")
    return part in PARTS and of in columns


def part_of_seconds(times: np.ndarray, part: str) -> np.ndarray:
    """The part, as float64, of seconds since 1970: the year, the month from 1, the weekday from 0 for Monday, the hour
    from 0. NaN where there is no time."""
    times = np.asarray(times, dtype=np.float64)
    there = np.isfinite(times)
    whole = np.where(there, times, 0.0).astype("int64")
    if part == "hour":
        found = whole % _DAY // 3600
    elif part == "weekday":
        found = (whole // _DAY + 3) % 7  # 1970 began on a Thursday
    else:
        months = whole.astype("datetime64[s]").astype("datetime64[M]").astype("int64")
        found = months // 12 + 1970 if part == "year" else months % 12 + 1
    return np.where(there, found.astype(np.float64), np.nan)


def parts_fix(cell: DataCell, column: Column) -> Fix:
    """The fix that lets a network learn from those parts of a column of dates that are not always the same."""
    times = seconds(column)
    there = times[np.isfinite(times)]
    same = [part for part in PARTS if len(np.unique(part_of_seconds(there, part))) < 2]
    # Where every part is the same the constant columns are told.
    taken = [part for part in PARTS if part not in same] or list(PARTS)
    words = f"{', '.join(taken[:-1])} and {taken[-1]}" if len(taken) > 1 else taken[0]
    step = Preparation(step=STEP, columns=(column.name,), params={part: False for part in PARTS if part not in taken})
    added = steps_fix(cell, f"Learn from its {words}", [*cell.preparation, step])
    forgotten = set_field(cell, "", "roles", None, key=column.name)
    return replace(added, changes=(*added.changes, *forgotten.changes))


class _PartRows(StoredRows):
    """A part of the seconds in a file, taken when its rows are read."""

    def __init__(self, path: Path, part: str, numbers: np.ndarray | None = None) -> None:
        super().__init__(path, numbers)
        self._part = part

    def chosen(self, numbers: np.ndarray) -> StoredRows:
        return _PartRows(self.path, self._part, numbers if self._numbers is None else self._numbers[numbers])

    def _read_run(self, start: int, stop: int) -> np.ndarray:
        return part_of_seconds(super()._read_run(start, stop), self._part)


def _part_of(column: Column, name: str, part: str) -> Column:
    if isinstance(column, StoredColumn):
        return StoredColumn(name, _PartRows(column.rows.path, part, column.rows._numbers), "number")
    return Column(name, part_of_seconds(seconds(column), part), "number")


def _dates(cell: DataCell, raw: Raw, index: int, step: Preparation) -> list[str]:
    if not step.columns:
        return [n for n, c in raw.columns.items() if c.type == "time" and cell.roles.get(n) != "ignore"]
    # A column that is not there is told with the other steps.
    named = [name for name in step.columns if name in raw.columns]
    for name in named:
        if raw.columns[name].type != "time":
            without = [other for place, other in enumerate(cell.preparation) if place != index]
            fixes = (
                set_field(cell, f"Take ‘{name}’ for dates", "types", "time", key=name),
                steps_fix(cell, "Remove the step", without),
            )
            message = f"Step {STEP} cannot prepare ‘{name}’, which holds no dates"
            raise UnusableData([problem(cell, "D524", message, parameter=f"preparation.{index}", fixes=fixes)])
    return named


def _parts(cell: DataCell, index: int, step: Preparation) -> Iterable[str]:
    strange = [name for name, value in step.params.items() if name not in PARTS or not isinstance(value, bool)]
    if strange:
        without = [other for place, other in enumerate(cell.preparation) if place != index]
        message = f"Step {STEP} takes {', '.join(PARTS)} as true or false, not {strange[0]}={step.params[strange[0]]!r}"
        fix = steps_fix(cell, "Remove the step", without)
        raise UnusableData([problem(cell, "D526", message, parameter=f"preparation.{index}", fixes=(fix,))])
    return [part for part in PARTS if step.params.get(part, True)]
