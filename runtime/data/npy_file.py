"""A single NumPy array: a table where it has two axes or named fields, else one field with rows first."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from ...compiler.document import DataCell
from .check_table import check_names, check_types
from .npz_file import array_column, usable_array
from .source import Raw, UnusableData, inside, problem

# An array with more columns is one thing with many values, not a table.
_MOST_COLUMNS = 200


def read_npy_file(cell: DataCell, folder: Path) -> Raw:
    """Columns `column 1`, … or the array's own field names, or one field `x`. Raises UnusableData."""
    path = inside(cell, folder)
    if path.is_dir():
        raise UnusableData([problem(cell, "D502", f"‘{cell.location}’ is a folder, not an array")])
    try:
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        if "pickle" in str(error).lower() and path.read_bytes()[:6] == b"\x93NUMPY":
            help = "Opening pickled objects can run any program. Save the array as float32, int32 or text."
            message = f"‘{cell.location}’ holds pickled Python objects, which are not opened"
            raise UnusableData([problem(cell, "D517", message, help=help)]) from error
        message = f"‘{cell.location}’ is no NumPy array, or a damaged one"
        raise UnusableData([problem(cell, "D504", message)]) from error
    if not isinstance(array, np.ndarray):
        array.close()
        raise UnusableData([problem(cell, "D504", f"‘{cell.location}’ is an archive; choose the source NPZ file")])
    columns = {name: array_column(name, values) for name, values in _arrays(cell, array).items()}
    check_types(cell)
    check_names(cell, list(columns))
    return Raw(columns, hashlib.sha256(path.read_bytes()).hexdigest(), summary={"title": path.name})


def _arrays(cell: DataCell, array: np.ndarray) -> dict[str, np.ndarray]:
    if array.dtype.names:
        return {name: usable_array(cell, name, array[name]) for name in array.dtype.names}
    array = usable_array(cell, "x", array)
    if array.ndim == 2 and array.shape[1] <= _MOST_COLUMNS:
        return {f"column {index}": values for index, values in enumerate(array.T, 1)}
    return {"x": array}
