"""What a data cell shows of its data: a few pictures or rows, classes, statistics of columns. Needs no TensorFlow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ...compiler.document import DataCell
from .columns import Column, shown_type
from .load import Opened, open_data
from .picture import png
from .read_source import read_raw
from .source import UnusableData
from .stored_rows import StoredColumn

_PICTURES = 30
_ROWS = 8
_COLUMNS = 60
_CLASSES = 60
_BINS = 20
# Tukey's rule for outliers.
_REACH = 1.5
# Points of a series' line: about as many as a plot has pixels.
_POINTS = 800


def preview(cell_json: dict[str, Any], folder: str) -> dict[str, Any]:
    """Plain data, bounded in size: {images, classes, columns, rows, series, problems}; only `problems` with errors.

    `images` are {row, label, png}, `classes` maps names to numbers of rows, `columns` are {name, role, type, shown,
    declared, missing, outliers, distinct, minimum, maximum, mean, deviation, bins, edges, classes}, `rows` are dicts by
    column, `series` is {time, columns: {name: values}}, `split` says by what the rows are parted. Of data that cannot
    be used there are columns all the same, where they can be read: how else should they be corrected?
    """
    cell = DataCell.model_validate(cell_json)
    try:
        opened = open_data(cell, Path(folder))
    except UnusableData as error:
        columns = _columns_alone(cell, Path(folder))
        found = {"columns": columns} if columns else {}
        return {**found, "problems": [problem.to_json() for problem in error.problems]}
    columns = opened.raw.columns
    plain = [column for column in columns.values() if column.type not in ("image", "array")]
    # Of columns in files no more is read than is shown.
    first = [column.head(_ROWS) if isinstance(column, StoredColumn) else column for column in plain[:_COLUMNS]]
    found: dict[str, Any] = {
        "images": _images(opened),
        "classes": _class_counts(opened),
        "columns": [_statistics(cell, column, opened.roles[column.name]) for column in plain[:_COLUMNS]],
        "rows": [{column.name: _value(column, row) for column in first} for row in range(min(_ROWS, opened.raw.rows))],
        "split": opened.way,
        "problems": [problem.to_json() for problem in opened.problems],
    }
    if any(column.type == "image" for column in columns.values()):
        # Pictures and the bars of their classes say it all.
        found["columns"], found["rows"] = [], []
    if opened.fields[0].content == "series":
        found["series"] = _series(opened)
    return found


def _images(opened: Opened) -> list[dict[str, Any]]:
    """Training pictures, one of each class in turn."""
    images = next((column for column in opened.raw.columns.values() if column.type == "image"), None)
    if images is None:
        return []
    target = next((f for f in opened.fields if f.role == "target" and f.content == "category"), None)
    pictures = images.rows if isinstance(images, StoredColumn) else images.values
    rows = opened.train_rows
    if target is not None:
        codes = np.asarray(target.values)[rows]
        # How many of its class stood before a row: those with none come first, then those with one.
        order = np.argsort(codes, kind="stable")
        starts = np.searchsorted(codes[order], codes[order])
        turn = np.empty(len(rows), dtype=np.int64)
        turn[order] = np.arange(len(rows)) - starts
        rows = rows[np.lexsort((codes, turn))]
    chosen = rows[:_PICTURES]
    return [
        {
            "row": int(row if opened.source_rows is None else opened.source_rows[row]),
            "label": target.classes[int(target.values[row])] if target and target.values[row] >= 0 else "",
            "png": png(pictures[row]),
        }
        for row in chosen
    ]


def _class_counts(opened: Opened) -> dict[str, int]:
    target = next((f for f in opened.fields if f.role == "target" and f.content == "category"), None)
    if target is None:
        return {}
    codes = np.asarray(target.values)
    counts = np.bincount(codes[codes >= 0], minlength=len(target.classes))
    return dict(zip(target.classes[:_CLASSES], counts[:_CLASSES].tolist(), strict=True))


def _columns_alone(cell: DataCell, folder: Path) -> list[dict[str, Any]]:
    try:
        columns = read_raw(cell, folder)[0].columns.values()
    except UnusableData:
        return []
    plain = [column for column in columns if column.type not in ("image", "array")]
    return [_statistics(cell, column, cell.roles.get(column.name, "")) for column in plain[:_COLUMNS]]


def _outliers(values: np.ndarray) -> int:
    """Values further from the middle half of all than one and a half times its width."""
    low, high = np.percentile(values, [25, 75])
    reach = _REACH * (high - low)
    return int(np.count_nonzero((values < low - reach) | (values > high + reach)))


def _statistics(cell: DataCell, column: Column, role: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "role": role,
        "type": column.type,
        "shown": cell.types.get(column.name) or shown_type(column),
        "declared": column.name in cell.types,
        "missing": len(column.missing_rows()),
    }
    if column.type == "category":
        values = column.values
        counts = np.bincount(values[values >= 0], minlength=len(column.classes))
        found["distinct"] = len(column.classes)
        found["bins"] = counts[:_CLASSES].tolist()
        found["classes"] = [str(name)[:80] for name in column.classes[:_CLASSES]]
        return found
    if column.type != "number":
        return found
    values = column.values
    values = values[np.isfinite(values)]
    found["distinct"] = len(np.unique(values))
    if len(values):
        counts, edges = np.histogram(values, bins=_BINS)
        found |= {
            "minimum": float(values.min()),
            "maximum": float(values.max()),
            "mean": float(values.mean()),
            "deviation": float(values.std()),
            "outliers": _outliers(values),
            "bins": counts.tolist(),
            "edges": edges.tolist(),
        }
    return found


def _value(column: Column, row: int) -> Any:
    value = column.values[row]
    if column.type == "time" and column.values.dtype.kind == "f":
        return str(np.datetime64(int(value), "s")).replace("T00:00:00", "") if np.isfinite(value) else None
    if column.type == "category":
        return column.classes[value] if value >= 0 else None
    if column.type == "number":
        return float(value) if np.isfinite(value) else None
    return str(value)[:80]


def _series(opened: Opened) -> dict[str, Any]:
    step = -(-opened.raw.rows // _POINTS)
    times = next((c.values for c in opened.raw.columns.values() if c.type == "time"), np.arange(opened.raw.rows))
    return {
        "time": [str(time) for time in times[::step]],
        "columns": {
            name: [_value(opened.raw.columns[name], row) for row in range(0, opened.raw.rows, step)]
            for name in opened.fields[0].columns[:8]
        },
    }
