"""What a data cell shows of its data: a few pictures or rows, classes, statistics of columns. Needs no TensorFlow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ...compiler.document import DataCell
from .columns import Column
from .load import Opened, open_data
from .picture import png
from .source import UnusableData

_PICTURES = 30
_ROWS = 8
_COLUMNS = 60
_CLASSES = 60
_BINS = 20
# Points of a series' line: about as many as a plot has pixels.
_POINTS = 800


def preview(cell_json: dict[str, Any], folder: str) -> dict[str, Any]:
    """Plain data, bounded in size: {images, classes, columns, rows, series, problems}; only `problems` with errors.

    `images` are {row, label, png}, `classes` maps names to numbers of rows, `columns` are {name, role, type, missing,
    distinct, minimum, maximum, mean, deviation, bins, edges, classes}, `rows` are dicts by column, `series` is
    {time, columns: {name: values}}.
    """
    cell = DataCell.model_validate(cell_json)
    try:
        opened = open_data(cell, Path(folder))
    except UnusableData as error:
        return {"problems": [problem.to_json() for problem in error.problems]}
    columns = opened.raw.columns
    plain = [column for column in columns.values() if column.type not in ("image", "array")]
    found: dict[str, Any] = {
        "images": _images(opened),
        "classes": _class_counts(opened),
        "columns": [_statistics(column, opened.roles[column.name]) for column in plain[:_COLUMNS]],
        "rows": [
            {column.name: _value(column, row) for column in plain[:_COLUMNS]}
            for row in range(min(_ROWS, opened.raw.rows))
        ],
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
    rows = opened.train_rows
    if target is not None:
        codes = target.values[rows]
        # How many of its class stood before a row: those with none come first, then those with one.
        order = np.argsort(codes, kind="stable")
        starts = np.searchsorted(codes[order], codes[order])
        turn = np.empty(len(rows), dtype=np.int64)
        turn[order] = np.arange(len(rows)) - starts
        rows = rows[np.lexsort((codes, turn))]
    chosen = rows[:_PICTURES]
    return [
        {
            "row": int(opened.source_rows[row]),
            "label": target.classes[target.values[row]] if target and target.values[row] >= 0 else "",
            "png": png(images.values[row]),
        }
        for row in chosen
    ]


def _class_counts(opened: Opened) -> dict[str, int]:
    target = next((f for f in opened.fields if f.role == "target" and f.content == "category"), None)
    if target is None:
        return {}
    counts = np.bincount(target.values[target.values >= 0], minlength=len(target.classes))
    return dict(zip(target.classes[:_CLASSES], counts[:_CLASSES].tolist(), strict=True))


def _statistics(column: Column, role: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "role": role,
        "type": column.type,
        "missing": len(column.missing_rows()),
    }
    if column.type == "category":
        counts = np.bincount(column.values[column.values >= 0], minlength=len(column.classes))
        found["distinct"] = len(column.classes)
        found["bins"] = counts[:_CLASSES].tolist()
        found["classes"] = [str(name)[:80] for name in column.classes[:_CLASSES]]
        return found
    if column.type != "number":
        return found
    values = column.values[np.isfinite(column.values)]
    found["distinct"] = len(np.unique(values))
    if len(values):
        counts, edges = np.histogram(values, bins=_BINS)
        found |= {
            "minimum": float(values.min()),
            "maximum": float(values.max()),
            "mean": float(values.mean()),
            "deviation": float(values.std()),
            "bins": counts.tolist(),
            "edges": edges.tolist(),
        }
    return found


def _value(column: Column, row: int) -> Any:
    value = column.values[row]
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
