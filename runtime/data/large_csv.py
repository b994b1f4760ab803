"""A CSV or TSV file read in pieces, each parsed by pandas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ...compiler.document import DataCell
from .columns import MISSING_WORDS
from .pieces import Piece
from .source import UnusableData, option, problem

# A piece of this much text takes a few tens of megabytes while it is parsed.
_PIECE_BYTES = 4 * 2**20
_SAMPLE_BYTES = 2**18
_MISSING = sorted({each for word in MISSING_WORDS for each in (word, word.upper(), word.title(), "NaN", "N/a")} - {""})


def csv_sample(path: Path) -> bytes:
    """The beginning of the file, whole lines: enough to tell encoding and delimiter. Raises OSError."""
    with path.open("rb") as file:
        begin = file.read(_SAMPLE_BYTES)
        return begin if len(begin) < _SAMPLE_BYTES else begin[: begin.rfind(b"\n") + 1]


def csv_pieces(
    cell: DataCell, path: Path, encoding: str, delimiter: str, sample: list[str], types: Mapping[str, str]
) -> Iterator[Piece]:
    """Columns of numbers as float64 and all others as texts; everything as text while no types are known. Values are
    those that `float` reads. Raises UnusableData, with the line, where a row is longer than the header."""
    import pandas as pd

    has_header = option(cell, "header", True, bool)
    longest = max(map(len, sample), default=1)
    arguments: dict[str, Any] = {"header": 0 if has_header else None, "skip_blank_lines": True}
    if tuple(map(int, pd.__version__.split(".")[:2])) < (3, 1):
        arguments["float_precision"] = "round_trip"  # later ones read as exactly without being told
    try:
        reader: Any = pd.read_csv(
            path,
            sep=delimiter,
            encoding=encoding,
            chunksize=max(100, _PIECE_BYTES // longest),
            dtype={name: str for name, type in types.items() if type != "number"} if types else str,
            keep_default_na=False,
            na_values={name: _MISSING for name, type in types.items() if type == "number"} if types else None,
            low_memory=False,
            names=[*types] if types else None,
            **arguments,
        )
        with reader:
            for frame in reader:
                named = [
                    f"column {index}" if not has_header or not str(name).strip() else str(name).strip()
                    for index, name in enumerate(frame.columns, 1)
                ]
                yield {
                    name: _values(frame.iloc[:, index], types.get(name, ""))
                    for index, name in enumerate(types if types else named)
                }
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeError) as error:
        message = f"‘{cell.location}’ is no table: {str(error).strip().splitlines()[-1]}"
        raise UnusableData([problem(cell, "D506", message)]) from error


def _values(series: Any, type: str) -> np.ndarray | list[str]:
    if type == "number" and series.dtype.kind in "iuf":
        return series.to_numpy(np.float64)
    return series.fillna("").astype(str).tolist()
