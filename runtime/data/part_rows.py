"""What the split goes by, gathered from columns and roles, and the two parts that it gives."""

from __future__ import annotations

import numpy as np

from ...compiler.document import DataCell
from ...compiler.problems import Problem
from .columns import Column
from .fields import RawField
from .source import Raw, UnusableData, problem, set_field
from .split import by_column, split_rows, way
from .times import seconds


def part_rows(
    cell: DataCell,
    raw: Raw,
    roles: dict[str, str],
    fields: tuple[RawField, ...],
    kept: np.ndarray | None,
    problems: list[Problem],
) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of the training and the validation rows among those of `fields`. Raises UnusableData."""
    rows = len(fields[0].values)
    if raw.validation_rows is not None and cell.split.by == "auto":
        held_out = np.isin(np.arange(rows) if kept is None else kept, raw.validation_rows)
        return np.flatnonzero(~held_out), np.flatnonzero(held_out)
    target = next((f for f in fields if f.role == "target" and f.content == "category"), None)
    grouping = next((raw.columns[name] for name, role in roles.items() if role == "group"), None)
    timing = next((raw.columns[name] for name, role in roles.items() if role == "time"), None)
    series = fields[-1] if fields[0].content == "series" else None
    return split_rows(
        cell,
        rows,
        codes=np.asarray(target.values) if target else None,
        classes=target.classes if target else (),
        groups=_groups(grouping) if grouping and not series else None,
        times=_times(cell, timing) if timing and not series and cell.split.by == "time" else None,
        parts=by_column(cell, raw.columns)[:rows] if cell.split.by == "column" else None,
        ordered=series is not None,
        gap=series.values.shape[1] - 1 if series else 0,
        problems=problems,
    )


def way_of(cell: DataCell, raw: Raw, roles: dict[str, str], fields: tuple[RawField, ...]) -> str:
    """By what `part_rows` parts them; `source` where the source itself does."""
    if raw.validation_rows is not None and cell.split.by == "auto":
        return "source"
    classes = any(field.role == "target" and field.content == "category" for field in fields)
    return way(cell, classes=classes, groups="group" in roles.values(), ordered=fields[0].content == "series")


def _groups(column: Column) -> np.ndarray:
    """A number for each group, in the order of the groups' words."""
    found, places = np.unique(column.values, return_inverse=True)
    words = np.array([*column.classes, ""])[found] if column.type == "category" else found.astype(str)
    ranks = np.empty(len(found), dtype=np.int64)
    ranks[np.argsort(words, kind="stable")] = np.arange(len(found))
    return ranks[places]


def _times(cell: DataCell, column: Column) -> np.ndarray:
    times = seconds(column)
    unread = np.flatnonzero(np.isnan(times))
    if not len(unread):
        return times
    listed = ", ".join(str(row + 1) for row in unread[:5]) + (", …" if len(unread) > 5 else "")
    message = f"Column ‘{column.name}’ gives no time in {len(unread)} row{'s' * (len(unread) != 1)}: {listed}"
    by_chance = {**cell.split.model_dump(mode="json"), "by": "random"}
    raise UnusableData(
        [
            problem(
                cell,
                "D533",
                message,
                parameter=f"columns.{column.name}",
                help="Times are written like 2024-05-31 or 2024-05-31 14:30.",
                fixes=(set_field(cell, "Split at random", "split", by_chance),),
            )
        ]
    )
