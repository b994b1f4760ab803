"""A table that says what each picture of a folder shows: a column of file names, and columns to learn or predict."""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ...compiler.document import DataCell
from .check_table import check_types
from .columns import Column, column_from_text
from .source import UnusableData, option, problem, set_field

_LISTED = 5
_TABLES = (".csv", ".tsv")


@dataclass(frozen=True)
class Listing:
    """Pictures in the order of the rows, and what is known of each."""

    paths: list[Path]
    columns: dict[str, Column]
    roles: dict[str, str]
    validation_rows: np.ndarray | None = None
    # What a script needs to find them again: `parts`, or the table `labels` and its column `naming`.
    told: dict[str, Any] = field(default_factory=dict)


def labels_table(cell: DataCell, root: Path) -> Path | None:
    """The table of labels: the one that the option names, else the only one beside pictures. Raises UnusableData."""
    named = option(cell, "labels", "", str)
    if named:
        path = (root / named).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            fix = set_field(cell, "Look for the table", "options", None, key="labels")
            message = f"There is no table ‘{named}’ in ‘{cell.location}’"
            raise UnusableData([problem(cell, "D502", message, parameter="options.labels", fixes=(fix,))])
        return path
    tables = [entry for entry in root.iterdir() if entry.suffix.lower() in _TABLES and entry.is_file()]
    return tables[0] if len(tables) == 1 else None


def listed_pictures(cell: DataCell, root: Path, table: Path, suffixes: Collection[str]) -> Listing:
    """The pictures that the table names, in its order. The column of names is the first whose entries are all files of
    the folder; the last of the others is the target. Raises UnusableData."""
    with table.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="\t" if table.suffix.lower() == ".tsv" else ",") if row]
    if len(rows) < 2:
        raise UnusableData([problem(cell, "D505", f"‘{table.name}’ holds no rows")])
    names, rows = [name.strip() for name in rows[0]], rows[1:]
    ragged = next((number for number, row in enumerate(rows, 2) if len(row) != len(names)), None)
    if ragged is not None:
        raise UnusableData([problem(cell, "D506", f"‘{table.name}’, row {ragged}, has not {len(names)} values")])
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    files = _files(root, suffixes)
    shares = {name: sum(text.strip() in files for text in texts) / len(rows) for name, texts in columns.items()}
    naming = max(shares, key=lambda name: shares[name])
    if not shares[naming]:
        help = "A column must name the files, such as cats/1.png, relative to the folder."
        raise UnusableData([problem(cell, "D515", f"‘{table.name}’ names no picture of ‘{cell.location}’", help=help)])
    absent = [text for text in columns[naming] if text.strip() not in files]
    if absent:
        listed = ", ".join(f"‘{text}’" for text in absent[:_LISTED])
        more = f" and {len(absent) - _LISTED} more" if len(absent) > _LISTED else ""
        message = f"‘{table.name}’ names pictures that are not there: {listed}{more}"
        raise UnusableData([problem(cell, "D514", message)])
    check_types(cell)
    others = {n: column_from_text(n, texts, cell.types.get(n, "")) for n, texts in columns.items() if n != naming}
    paths = [files[text.strip()] for text in columns[naming]]
    told = {"labels": table.relative_to(root).as_posix(), "naming": naming}
    return Listing(paths, others, {list(others)[-1]: "target"} if others else {}, told=told)


def _files(root: Path, suffixes: Collection[str]) -> dict[str, Path]:
    """Every picture by its place in the folder, and by its name alone where that is enough."""
    found = [path for path in root.rglob("*") if path.suffix.lower() in suffixes and path.is_file()]
    by_name: dict[str, Path] = {}
    for path in found:
        by_name[path.name] = path
        by_name.setdefault(path.stem, path)
    return {**by_name, **{path.relative_to(root).as_posix(): path for path in found}}
