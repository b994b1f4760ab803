"""A series cut into windows: what was seen, and what came next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ...compiler.document import DataCell
from .source import Raw, UnusableData, option, problem, set_field

if TYPE_CHECKING:
    from .fields import RawField

_WINDOW = 24


def is_windowed(cell: DataCell, raw: Raw) -> bool:
    """Whether the rows are a series that is cut into windows: by nature, or because the cell says so."""
    return raw.ordered or "window" in cell.options or any(step.step == "windows" for step in cell.preparation)


def window_and_horizon(cell: DataCell, raw: Raw) -> tuple[int, int]:
    """Steps that are seen and steps that follow. The step `windows` says it; else the options. Raises UnusableData."""
    for index, step in enumerate(cell.preparation):
        if step.step != "windows":
            continue
        found = (step.params.get("window", _WINDOW), step.params.get("horizon", 1))
        if any(type(value) is not int or value < 1 for value in found):
            message = f"Step windows takes whole numbers from 1, not {found[0]!r} and {found[1]!r}"
            raise UnusableData([problem(cell, "D526", message, parameter=f"preparation.{index}")])
        return found
    window = option(cell, "window", raw.summary.get("window", _WINDOW), int, minimum=1)
    return window, option(cell, "horizon", 1, int, minimum=1)


def window_fields(cell: DataCell, raw: Raw, roles: dict[str, str]) -> tuple[RawField, ...]:
    """Fields `window` (steps, columns) and `next`: the `horizon` values that follow, of the target columns or of all.

    `next` has shape (horizon,) where it follows one column, (horizon, columns) otherwise. Row r is the window that
    begins at row r of the series. Raises UnusableData where the series is shorter than a window.
    """
    from .fields import RawField

    window, horizon = window_and_horizon(cell, raw)
    numbers = [n for n, column in raw.columns.items() if column.type == "number" and roles[n] in ("feature", "target")]
    if not numbers:
        raise UnusableData([problem(cell, "D508", "A series needs a column of numbers", parameter="roles")])
    if raw.rows < window + horizon + 1:
        shorter = max(1, raw.rows // 4)
        raise UnusableData(
            [
                problem(
                    cell,
                    "D525",
                    f"The series has {raw.rows} steps, too few for windows of {window} and {horizon} to follow",
                    parameter="options.window",
                    fixes=(set_field(cell, f"Use windows of {shorter}", "options", shorter, key="window"),),
                )
            ]
        )
    values = np.stack([raw.columns[name].values for name in numbers], axis=1)
    followed = [name for name in numbers if roles[name] == "target"] or numbers
    count = raw.rows - window - horizon + 1
    # Views of one array: windows overlap, so copies would hold every value `window` times.
    seen = sliding_window_view(values, window, axis=0)[:count].transpose(0, 2, 1)
    after = values[window:, [numbers.index(name) for name in followed]]
    coming = sliding_window_view(after, horizon, axis=0)[:count].transpose(0, 2, 1)
    if len(followed) == 1:
        coming = coming[..., 0]
    return (
        RawField("window", "window", "feature", "series", seen, tuple(numbers)),
        RawField("next", "next", "target", "series", coming, tuple(followed)),
    )
