"""JSON lines: an object a line, its keys the columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from ...compiler.document import DataCell
from .file_fingerprint import file_fingerprint
from .pieces import Piece, is_large, table
from .source import Raw, UnusableData, inside, problem

_PIECE_LINES = 5_000


def read_json_lines(cell: DataCell, folder: Path) -> Raw:
    """The file's columns: numbers, words, and lists of numbers of one length. Keys may be absent in a line. Raises
    UnusableData, with the line of what is no object."""
    path = inside(cell, folder)
    if path.is_dir():
        raise UnusableData([problem(cell, "D502", f"‘{cell.location}’ is a folder, not a file of JSON lines")])
    try:
        names = _names(cell, path)
        large = is_large(cell, path)

        def pieces(types: Mapping[str, str]) -> Iterator[Piece]:
            for objects in _objects(cell, path, _PIECE_LINES if large else None):
                yield {name: _values(cell, name, [each.get(name) for each in objects]) for name in names}

        return table(cell, folder, path, file_fingerprint(path, folder), pieces)
    except OSError as error:
        raise UnusableData([problem(cell, "D504", f"‘{cell.location}’ cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise UnusableData([problem(cell, "D504", f"‘{cell.location}’ is not UTF-8")]) from error


def _names(cell: DataCell, path: Path) -> list[str]:
    names: dict[str, None] = {}
    for objects in _objects(cell, path, _PIECE_LINES):
        for each in objects:
            names.update(dict.fromkeys(each))
    return list(names)


def _objects(cell: DataCell, path: Path, length: int | None) -> Iterator[list[dict[str, Any]]]:
    with path.open(encoding="utf-8-sig") as file:
        lines = ((number, line) for number, line in enumerate(file, 1) if line.strip())
        while found := [_object(cell, number, line) for number, line in islice(lines, length)]:
            yield found


def _object(cell: DataCell, number: int, line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as error:
        message = f"‘{cell.location}’, line {number}, is no JSON: {error}"
        raise UnusableData([problem(cell, "D506", message)]) from error
    if not isinstance(found, dict):
        message = f'‘{cell.location}’, line {number}, is no object: a row is {{"column": value, …}}'
        raise UnusableData([problem(cell, "D506", message)])
    return found


def _values(cell: DataCell, name: str, values: list[Any]) -> np.ndarray | list[str]:
    if any(isinstance(value, list) for value in values):
        try:
            return np.array(values, dtype=np.float32)
        except (ValueError, TypeError) as error:
            message = f"The lists of ‘{name}’ have several lengths, or hold other things than numbers"
            raise UnusableData([problem(cell, "D518", message)]) from error
    if all(value is None or (isinstance(value, int | float) and not isinstance(value, bool)) for value in values):
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    if any(isinstance(value, dict) for value in values):
        message = f"Column ‘{name}’ holds objects; a column holds numbers or words"
        raise UnusableData([problem(cell, "D504", message)])
    return ["" if v is None else str(v).lower() if isinstance(v, bool) else str(v) for v in values]
