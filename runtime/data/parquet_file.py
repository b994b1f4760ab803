"""Parquet files, by pyarrow: an extra, since few need it and it is large."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ...compiler.document import DataCell
from .file_fingerprint import file_fingerprint
from .pieces import Piece, table
from .source import Raw, UnusableData, inside, problem

_PIECE_ROWS = 16_384
_BUFFER_BYTES = 2**16


def read_parquet_file(cell: DataCell, folder: Path) -> Raw:
    """The file's columns. Raises UnusableData, also where pyarrow is not installed."""
    path = inside(cell, folder)
    if path.is_dir():
        raise UnusableData([problem(cell, "D502", f"‘{cell.location}’ is a folder, not a Parquet file")])
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError as error:
        message = "Parquet files are read by the package pyarrow, which is not installed"
        help = "Install it: pip install 'weftwork[parquet]'."
        raise UnusableData([problem(cell, "D538", message, parameter="source", help=help)]) from error

    def pieces(types: Mapping[str, str]) -> Iterator[Piece]:
        # Read ahead, over several groups of rows and by several threads, it would have most of a file in memory.
        with parquet.ParquetFile(path, pre_buffer=False, buffer_size=_BUFFER_BYTES) as file:
            for group in range(file.num_row_groups):
                for batch in file.iter_batches(_PIECE_ROWS, row_groups=[group], use_threads=False):
                    yield {name: _values(cell, name, batch.column(name)) for name in batch.schema.names}

    try:
        return table(cell, folder, path, file_fingerprint(path, folder), pieces)
    except arrow.ArrowException as error:
        message = f"‘{cell.location}’ is no Parquet file, or a damaged one"
        raise UnusableData([problem(cell, "D504", message)]) from error
    except OSError as error:
        raise UnusableData([problem(cell, "D504", f"‘{cell.location}’ cannot be read: {error.strerror}")]) from error


def _values(cell: DataCell, name: str, column: Any) -> np.ndarray | list[str]:
    from pyarrow import types

    kind = column.type
    if types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
        return column.cast("float64").to_numpy(zero_copy_only=False).astype(np.float64)
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        try:
            return np.array(column.to_pylist(), dtype=np.float32)
        except (ValueError, TypeError) as error:
            message = f"The lists of ‘{name}’ have several lengths, or hold other things than numbers"
            raise UnusableData([problem(cell, "D518", message)]) from error
    if types.is_boolean(kind):
        return ["" if value is None else str(value).lower() for value in column.to_pylist()]
    if types.is_temporal(kind) or types.is_string(kind) or types.is_large_string(kind) or types.is_null(kind):
        return ["" if value is None else str(value) for value in column.to_pylist()]
    raise UnusableData([problem(cell, "D504", f"Column ‘{name}’ holds {kind}, which no network can learn from")])
