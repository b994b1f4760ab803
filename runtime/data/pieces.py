"""Columns from a table that comes in pieces, each a dict from a column's name to numbers or to texts.

A small table is one piece. A large one is written to files, a file a column, while its pieces go by.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ...compiler.document import DataCell
from .cache import cached_folder
from .check_table import check_names, check_types
from .columns import Column, as_category, class_order, column_from_text, is_missing, shown_type
from .source import Raw, UnusableData, option, problem
from .stored_rows import StoredColumn, StoredRows, write_rows
from .times import day_first, seconds

Piece = Mapping[str, "np.ndarray | list[str]"]
# `pieces(types)` begins at the top; `types` are those of the columns where they are known by now.
Pieces = Callable[[Mapping[str, str]], Iterator[Piece]]

# Files larger than this are read in pieces, so that memory does not grow with them.
LARGE_BYTES = 64 * 2**20
# More words than this in a column are names or prose.
_MOST_CLASSES = 10_000
_MOST_TOLD = 1000


def is_large(cell: DataCell, path: Path) -> bool:
    """Whether the file is to be read in pieces: by its size, or as the option `stream` says. Raises UnusableData."""
    chosen = option(cell, "stream", None, bool)
    return path.stat().st_size > LARGE_BYTES if chosen is None else chosen


def columns_in_memory(cell: DataCell, piece: Piece) -> dict[str, Column]:
    """The columns of a table that is one piece. Raises UnusableData."""
    check_names(cell, list(piece))
    check_types(cell)
    return {name: _column(name, values, cell.types.get(name, "")) for name, values in piece.items()}


def columns_in_files(cell: DataCell, folder: Path, fingerprint: str, pieces: Pieces) -> dict[str, Column]:
    """The columns in files under `.weftwork/cache`, with the types that the first piece suggests or the cell declares.

    Written once for each fingerprint. Raises UnusableData.
    """
    check_types(cell)
    said = json.dumps([fingerprint, cell.source, cell.options, cell.types], sort_keys=True, default=str)
    place = cached_folder(cell, folder, f"table {said}", lambda part: _Writer(cell, part).write(pieces))
    found = json.loads((place / "columns.json").read_text(encoding="utf-8"))
    check_names(cell, [entry["name"] for entry in found])
    return {
        entry["name"]: StoredColumn(
            entry["name"],
            StoredRows(place / entry["file"]),
            entry["type"],
            tuple(entry["classes"]),
            {int(row): text for row, text in entry["not_numbers"].items()},
            day_first=entry["day_first"],
        )
        for entry in found
    }


def _column(name: str, values: np.ndarray | list[str], declared: str) -> Column:
    if isinstance(values, list):
        return column_from_text(name, values, declared)
    if values.ndim > 1:
        return Column(name, values, "array")
    column = Column(name, values.astype(np.float64), "number")
    if declared in ("", "number") or (declared == "whole" and shown_type(column) == "whole"):
        return column
    return as_category(column) if declared == "category" else column_from_text(name, column.texts(), declared)


class _Writer:
    """One file a column; types are settled by the first piece."""

    def __init__(self, cell: DataCell, place: Path) -> None:
        self._cell, self._place = cell, place
        self._types: dict[str, str] = {}
        self._files: dict[str, Any] = {}
        self._codes: dict[str, dict[str, int]] = {}
        self._not_numbers: dict[str, dict[int, str]] = {}
        self._day_first: dict[str, bool] = {}
        self._rows = 0

    def write(self, pieces: Pieces) -> None:
        first = next(iter(pieces({})), None)
        if first is None:
            raise UnusableData([problem(self._cell, "D505", f"‘{self._cell.location}’ holds no rows")])
        check_names(self._cell, list(first))
        for name, values in first.items():
            column = _column(name, values, self._cell.types.get(name, ""))
            if column.type == "array":
                message = f"Column ‘{name}’ holds lists, which are not read in pieces"
                raise UnusableData([problem(self._cell, "D504", message)])
            self._types[name] = column.type
            if column.type == "time":
                self._day_first[name] = day_first(column)
            self._codes[name], self._not_numbers[name] = {}, {}
        try:
            for number, name in enumerate(self._types):
                self._files[name] = write_rows(self._place / f"{number}.npy", 0, (), _DTYPES[self._types[name]])
            for piece in pieces(self._types):
                length = len(next(iter(piece.values())))
                for name, values in piece.items():
                    self._files[name].write(self._encoded(name, values).tobytes())
                self._rows += length
        finally:
            for file in self._files.values():
                file.close()
        self._finish()

    def _encoded(self, name: str, values: np.ndarray | list[str]) -> np.ndarray:
        match self._types[name]:
            case "number":
                return self._numbers(name, values)
            case "category":
                return self._categories(name, values)
            case "time":
                column = Column(name, np.array(_texts(name, values), dtype=object), "time")
                return seconds(column, self._day_first[name])
        return np.zeros(len(values), dtype=np.int8)

    def _numbers(self, name: str, values: np.ndarray | list[str]) -> np.ndarray:
        declared = self._cell.types.get(name, "")
        column = _column(name, values, declared if declared in ("number", "whole") else "")
        if column.type != "number":
            # A piece of words in a column of numbers: each is told, as in a small table.
            numbers = column_from_text(name, _texts(name, values), "number")
            found = {row: text for row, text in enumerate(_texts(name, values)) if np.isnan(numbers.values[row])}
            column = Column(name, numbers.values, "number", (), {r: t for r, t in found.items() if not is_missing(t)})
        told = self._not_numbers[name]
        for row, text in column.not_numbers.items():
            if len(told) < _MOST_TOLD:
                told[self._rows + row] = text
        return column.values

    def _categories(self, name: str, values: np.ndarray | list[str]) -> np.ndarray:
        import pandas as pd

        words = [text.strip() for text in _texts(name, values)]
        places, found = pd.factorize(pd.array(words, dtype=object))
        known = self._codes[name]
        own = [-1 if is_missing(str(word)) else known.setdefault(str(word), len(known)) for word in found]
        if len(known) > _MOST_CLASSES:
            message = f"Column ‘{name}’ has more than {_MOST_CLASSES:,} different words, too many for a category"
            raise UnusableData([_too_many(self._cell, name, message)])
        return np.array(own, dtype=np.int32)[places]

    def _finish(self) -> None:
        entries = []
        for number, (name, type) in enumerate(self._types.items()):
            path = self._place / f"{number}.npy"
            _set_rows(path, self._rows, _DTYPES[type])
            classes = sorted(self._codes[name], key=class_order)
            if type == "category":
                places = {word: place for place, word in enumerate(classes)}
                _renumber(path, [places[word] for word in self._codes[name]])
            told = self._not_numbers[name]
            entry = {"name": name, "file": path.name, "type": type, "classes": classes, "not_numbers": told}
            entries.append({**entry, "day_first": self._day_first.get(name, False)})
        (self._place / "columns.json").write_text(json.dumps(entries), encoding="utf-8")


_DTYPES = {"number": np.float64, "category": np.int32, "time": np.float64, "text": np.int8}


def _texts(name: str, values: np.ndarray | list[str]) -> list[str]:
    return values if isinstance(values, list) else Column(name, values.astype(np.float64), "number").texts()


def _set_rows(path: Path, rows: int, dtype: Any) -> None:
    # NumPy leaves room in a header for its first axis to grow.
    with path.open("r+b") as file:
        header = {"descr": np.lib.format.dtype_to_descr(np.dtype(dtype)), "fortran_order": False, "shape": (rows,)}
        np.lib.format.write_array_header_1_0(file, header)


def _renumber(path: Path, codes: list[int]) -> None:
    """From numbers in the order in which words came up to numbers in the order of the classes."""
    rows, places = StoredRows(path), np.array([*codes, -1], dtype=np.int32)
    with path.open("r+b") as file:
        file.seek(rows.begin)
        for begin in range(0, len(rows), 2**18):
            file.write(places[rows[begin : begin + 2**18]].tobytes())


def _too_many(cell: DataCell, name: str, message: str) -> Any:
    from .source import set_field

    fixes = (
        set_field(cell, f"Take ‘{name}’ for text", "types", "text", key=name),
        set_field(cell, f"Take ‘{name}’ for numbers", "types", "number", key=name),
    )
    return problem(cell, "D507", message, parameter=f"types.{name}", fixes=fixes)


def table(cell: DataCell, folder: Path, path: Path, fingerprint: str, pieces: Pieces) -> Raw:
    """The table that a file holds, in memory or in files by its size. Raises UnusableData."""
    if is_large(cell, path):
        columns = columns_in_files(cell, folder, fingerprint, pieces)
    else:
        whole = _joined(pieces({}))
        if not whole:
            raise UnusableData([problem(cell, "D505", f"‘{cell.location}’ holds no rows")])
        columns = columns_in_memory(cell, whole)
    return Raw(columns, fingerprint, summary={"title": path.name})


def _joined(pieces: Iterator[Piece]) -> Piece:
    parts = list(pieces)
    joined: dict[str, np.ndarray | list[str]] = {}
    for name in parts[0] if parts else ():
        values = [part[name] for part in parts]
        if all(isinstance(each, np.ndarray) for each in values):
            joined[name] = np.concatenate(values)
        else:
            joined[name] = [text for each in values for text in _texts(name, each)]
    return joined
