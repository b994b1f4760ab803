"""Data that a function of a code cell gives: who runs the function is told here, since only he knows the cells.

`location` is `cell.function`. The function is called without arguments and returns a dict of arrays by name, rows along
the first axis, or a pandas table.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ...compiler.document import DataCell
from .check_table import check_names, check_types
from .columns import Column, column_from_text
from .not_ready import NotReady
from .npz_file import TARGET_NAMES, array_column, usable_array
from .source import Raw, UnusableData, digest, problem

# (the notebook's folder, the code cell's name, the function's name) → what the function returns.
Runner = Callable[[Path, str, str], Any]

# (the notebook's folder, the code cell's name, the function's name) → what changes when the function does.
State = Callable[[Path, str, str], str]

# (the code cell's name, the function's name) → import lines and the statements that define the function.
Text = Callable[[str, str], tuple[list[str], list[str]]]

_runner: Runner | None = None
_state: State | None = None
_text: Text | None = None


def set_code_runner(runner: Runner | None, state: State | None = None, text: Text | None = None) -> None:
    """Says who calls functions of code cells in this process. What it raises is told as a problem of the data cell.
    What was read is read again where `state` gives something else; `text` is what an exported script says."""
    global _runner, _state, _text
    _runner, _state, _text = runner, state, text


def code_text(cell: DataCell) -> tuple[list[str], list[str]]:
    """Import lines and statements that define the function behind a cell, as they were written."""
    name, _, function = cell.location.rpartition(".")
    return _text(name, function) if _text is not None else ([], [])


def code_state(cell: DataCell, folder: Path) -> tuple[str, ...]:
    """What changes when the function behind a cell does; () where nobody knows."""
    name, _, function = cell.location.rpartition(".")
    return (_state(Path(folder), name, function),) if _state is not None else ()


def read_code_source(cell: DataCell, folder: Path) -> Raw:
    """The columns that the function gives. Raises UnusableData where nobody runs code here, or it gives no rows."""
    name, _, function = cell.location.rpartition(".")
    if not name or not function.isidentifier():
        message = (
            "No function is chosen" if not cell.location else f"‘{cell.location}’ names no function of a code cell"
        )
        help = "Write the code cell's name, a dot and the function's name, such as load.rows."
        raise UnusableData([problem(cell, "D540", message, help=help)])
    if _runner is None:
        message = f"Function ‘{function}’ of ‘{name}’ cannot be called here"
        help = "Code cells run in the run process once their code is allowed to run."
        raise UnusableData([problem(cell, "D540", message, help=help)])
    try:
        found = _runner(Path(folder), name, function)
    except NotReady as error:
        raise UnusableData([problem(cell, "D540", str(error), help=error.help)]) from error
    except Exception as error:
        # Whatever the user's own code raises is told in one line; its cell shows the rest.
        message = f"Function ‘{function}’ of ‘{name}’ failed: {type(error).__name__}: {error}"
        raise UnusableData([problem(cell, "D540", message)]) from error
    return columns_of(cell, found)


def columns_of(cell: DataCell, found: Any) -> Raw:
    """The columns of a dict of arrays or a pandas table. Raises UnusableData."""
    import pandas as pd

    if isinstance(found, pd.DataFrame):
        found = {str(name): found.iloc[:, index].to_numpy() for index, name in enumerate(found.columns)}
    if not isinstance(found, dict) or not found:
        message = f"The function gives {type(found).__name__}, not a dict of arrays or a table"
        raise UnusableData([problem(cell, "D540", message)])
    arrays = {str(name): np.asarray(values) for name, values in found.items()}
    check_types(cell)
    check_names(cell, list(arrays))
    lengths = {name: len(array) if array.ndim else 0 for name, array in arrays.items()}
    if len(set(lengths.values())) > 1 or not next(iter(lengths.values())):
        listed = ", ".join(f"‘{name}’ has {length}" for name, length in lengths.items())
        raise UnusableData([problem(cell, "D518", f"The arrays have unequal numbers of rows, or none: {listed}")])
    roles = {name: "target" for name in arrays if name.lower() in TARGET_NAMES}
    columns = {name: _column(cell, name, array, name in roles) for name, array in arrays.items()}
    told = {
        name: np.array(array.tolist(), dtype=str) if array.dtype == object else array for name, array in arrays.items()
    }
    return Raw(columns, digest(told), roles, summary={"title": cell.location})


def _column(cell: DataCell, name: str, array: np.ndarray, is_target: bool) -> Column:
    if array.dtype.kind in "OM" and array.ndim == 1:
        texts = ["" if value is None or value != value else str(value) for value in array.tolist()]
        return column_from_text(name, texts, cell.types.get(name, ""))
    return array_column(name, usable_array(cell, name, array), is_target)
