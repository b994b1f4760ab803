"""Reading a source once for each state of its files."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from ...compiler.document import DataCell
from ...compiler.problems import Problem
from .code_source import code_state, read_code_source
from .csv_table import read_csv_table
from .gallery_sets import read_gallery_set
from .image_folder import read_image_folder
from .json_lines import read_json_lines
from .keras_sets import read_keras_set
from .npy_file import read_npy_file
from .npz_file import read_npz_file
from .parquet_file import read_parquet_file
from .source import Raw, UnusableData, closest, problem, set_field

SOURCES = ("gallery", "csv", "parquet", "jsonl", "npz", "npy", "images", "keras", "code")


class Reading:
    """A cell as the key of a cache: equal where all that it says is equal."""

    def __init__(self, cell: DataCell) -> None:
        self.cell = cell
        self._said = repr(cell)

    def __hash__(self) -> int:
        return hash(self._said)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reading) and other._said == self._said


def read_raw(cell: DataCell, folder: Path) -> tuple[Raw, tuple[Problem, ...]]:
    """The source's columns and warnings on them, unsplit. Raises UnusableData."""
    reading = cell.model_copy(update={"split": type(cell.split)(), "preparation": ()})
    return _read(Reading(reading), str(folder), file_state(cell, Path(folder)))


@lru_cache(maxsize=4)
def _read(reading: Reading, folder: str, state: tuple[Any, ...]) -> tuple[Raw, tuple[Problem, ...]]:
    cell = reading.cell
    problems: list[Problem] = []
    try:
        raw = _source(cell, Path(folder), problems)
    except MemoryError as error:
        help = "Use a part of it, or smaller pictures."
        message = f"‘{cell.location}’ does not fit into this machine's memory"
        raise UnusableData([problem(cell, "D504", message, help=help)]) from error
    return raw, tuple(problems)


def _source(cell: DataCell, folder: Path, problems: list[Problem]) -> Raw:
    match cell.source:
        case "gallery":
            return read_gallery_set(cell)
        case "csv":
            return read_csv_table(cell, folder, problems)
        case "npz":
            return read_npz_file(cell, folder, problems)
        case "parquet":
            return read_parquet_file(cell, folder)
        case "jsonl":
            return read_json_lines(cell, folder)
        case "npy":
            return read_npy_file(cell, folder)
        case "keras":
            return read_keras_set(cell)
        case "code":
            return read_code_source(cell, folder)
        case "images":
            return read_image_folder(cell, folder, problems)
    meant = closest(cell.source, SOURCES)
    raise UnusableData(
        [
            problem(
                cell,
                "D523",
                f"There is no source of data called ‘{cell.source}’",
                parameter="source",
                help=f"Sources are {', '.join(SOURCES)}.",
                fixes=(set_field(cell, f"Use ‘{meant}’", "source", meant),) if meant else (),
            )
        ]
    )


def file_state(cell: DataCell, folder: Path) -> tuple[Any, ...]:
    """What changes when a file is written again; () for what is read from no file."""
    if cell.source == "code":
        return code_state(cell, folder)
    if cell.source in ("gallery", "keras") or not cell.location or "\0" in cell.location:
        return ()
    path = folder / cell.location
    paths = [Path(root, name) for root, _, names in os.walk(path) for name in names] if path.is_dir() else [path]
    found = []
    for each in sorted(paths):
        try:
            status = each.stat()
        except OSError:
            continue
        found.append((str(each), status.st_mtime_ns, status.st_size))
    return tuple(found)
