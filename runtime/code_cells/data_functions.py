"""Rows from functions of code cells: called in a run's own process, or by a child for the server."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

from ...compiler.code.behind import code_behind
from ...compiler.code.slices import needed_for, statements
from ...compiler.document import CodeCell, Notebook
from ...compiler.write_notebook import write_notebook
from ..data.code_source import set_code_runner
from ..data.not_ready import NotReady
from .capture import Outputs, captured
from .consent import allowed_in, may_run
from .run_code import namespace_of
from .told_errors import told_error

LIMIT_S = 600.0
_FUNCTION = "weftwork.runtime.code_cells.data_functions:rows_to_file"
_HELP = "Read the code cells, then allow this notebook's code: at the top of the page, or with --allow-code."


def take_rows_from(notebook: Notebook) -> None:
    """Has data cells get their rows from functions of this notebook, which run in this very process: one of a run, a
    task or the command line, never the server."""

    def run(folder: Path, cell: str, function: str) -> Any:
        check_allowed(notebook, cell)
        return call_function(notebook, cell, function, folder, allowed_in(notebook))

    def text(cell: str, function: str) -> tuple[list[str], list[str]]:
        code = [(one.name, one.code) for one in notebook.cells if isinstance(one, CodeCell)]
        parts, _ = needed_for(function, cell, statements(code))
        imports = [part.text for part in parts if part.imports]
        return imports, [part.text for part in parts if not part.imports]

    set_code_runner(run, lambda folder, cell, function: code_digest(notebook, cell), text)


def rows_by_children(
    notebooks: Callable[[Path], Iterable[Notebook]], call: Callable[[str, dict[str, Any], float], Any]
) -> None:
    """Has data cells get their rows from children: what the server does, which runs no code itself. `notebooks` gives
    those that are open in a folder; `call` is `Host.call`."""

    def meant(folder: Path, cell: str, function: str) -> Notebook:
        known = [one for one in notebooks(folder) if any(_is(other, cell) for other in one.cells)]
        using = [
            one for one in known if any(getattr(other, "location", "") == f"{cell}.{function}" for other in one.cells)
        ]
        if not known:
            raise NotReady(f"There is no code cell called ‘{cell}’", "Write the name of a code cell of this notebook.")
        return (using or known)[0]

    def run(folder: Path, cell: str, function: str) -> Any:
        import tempfile

        notebook = meant(folder, cell, function)
        check_allowed(notebook, cell)
        with tempfile.TemporaryDirectory(prefix="weftwork-rows-") as place:
            target = Path(place) / "rows.npz"
            arguments = {
                "notebook": write_notebook(notebook),
                "cell": cell,
                "function": function,
                "folder": str(folder),
                "allowed": sorted(allowed_in(notebook)),
                "target": str(target),
            }
            result = call(_FUNCTION, arguments, LIMIT_S)
            if result.get("error"):
                raise NotReady(result["error"])
            return rows_from_file(target)

    def state(folder: Path, cell: str, function: str) -> str:
        try:
            return code_digest(meant(folder, cell, function), cell)
        except NotReady:
            return ""

    set_code_runner(run, state)


def check_allowed(notebook: Notebook, cell: str) -> None:
    """Raises NotReady where the cell is not there, or code would run that nobody has allowed."""
    found = next((one for one in notebook.cells if _is(one, cell)), None)
    if found is None:
        raise NotReady(f"There is no code cell called ‘{cell}’", "Write the name of a code cell of this notebook.")
    for one in code_behind(notebook, [found]):
        if not may_run(one.code):
            raise NotReady(f"The code of ‘{one.name}’ has not been allowed to run", _HELP)


def code_digest(notebook: Notebook, cell: str) -> str:
    """What changes when the code behind a cell's functions does, or is allowed."""
    found = [one for one in notebook.cells if _is(one, cell)]
    parts = [f"{one.name}\n{one.code}\n{may_run(one.code)}" for one in code_behind(notebook, found)]
    return hashlib.sha256("\n\n".join(parts).encode()).hexdigest()


def call_function(notebook: Notebook, cell: str, function: str, folder: Path, allowed: Collection[str]) -> Any:
    """What the function returns. Raises NotReady with the cell's line where the code fails."""
    outputs = Outputs()
    codes = {one.name: one.code for one in notebook.cells if isinstance(one, CodeCell)}
    before = Path.cwd()
    try:
        os.chdir(folder)
        found = namespace_of(notebook, cell, folder, allowed, {}, outputs).get(function)
        if not callable(found):
            raise NotReady(f"‘{cell}’ defines no function ‘{function}’")
        return found()
    except NotReady:
        raise
    except (Exception, SystemExit) as error:
        told = told_error(error, cell, codes)
        where = f" in line {told['line']} of {told['cell']}" if told["line"] else ""
        message = f"Function ‘{function}’ of ‘{cell}’ failed{where}: {told['message']}"
        raise NotReady(message.rstrip(".")) from error
    finally:
        os.chdir(before)


def rows_to_file(
    notebook: str, cell: str, function: str, folder: str, allowed: list[str], target: str
) -> dict[str, Any]:
    """Calls the function in this process and writes its columns as .npz. The child's part: {error}, "" for none."""
    from ...compiler.document_file import read_notebook

    with captured(Outputs()):
        try:
            found = call_function(read_notebook(notebook)[0], cell, function, Path(folder), allowed)
            _write(found, Path(target))
        except NotReady as error:
            return {"error": str(error)}
    return {"error": ""}


def _write(found: Any, target: Path) -> None:
    import numpy as np
    import pandas as pd

    if isinstance(found, pd.DataFrame):
        found = {str(name): found.iloc[:, index] for index, name in enumerate(found.columns)}
    if not isinstance(found, dict) or not found:
        raise NotReady(f"The function gives {type(found).__name__}, not a dict of arrays or a table")
    arrays = {}
    for index, values in enumerate(found.values()):
        array = np.asarray(values)
        # Words travel as text of fixed width; what is missing among them as empty text.
        if array.dtype == object:
            array = np.asarray(["" if value is None or value != value else str(value) for value in array.reshape(-1)])
        arrays[f"c{index}"] = array
    names: Any = np.asarray([str(name) for name in found])
    np.savez(target, names=names, **arrays)


def rows_from_file(target: Path) -> dict[str, Any]:
    """The columns that `rows_to_file` wrote."""
    import numpy as np

    with np.load(target, allow_pickle=False) as archive:
        return {str(name): archive[f"c{index}"] for index, name in enumerate(archive["names"])}


def _is(cell: Any, name: str) -> bool:
    return isinstance(cell, CodeCell) and cell.name == name
