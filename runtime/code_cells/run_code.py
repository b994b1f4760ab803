"""Runs one code cell, after the code cells that it uses, and says what came of it. The child's part."""

from __future__ import annotations

import ast
import linecache
import os
import signal
import sys
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...compiler.cell_graph import with_what_they_use
from ...compiler.code.kinds import code_hash
from ...compiler.code.names import code_names
from ...compiler.document import CodeCell, Notebook
from ...compiler.document_file import read_notebook
from .capture import Outputs, captured
from .namespace import objects_for
from .outputs import open_figures, output_of
from .told_errors import NotAllowed, TookTooLong, file_of, told, told_error

# Left for the host to notice when code does not even let itself be interrupted.
_EARLIER_S = 1.0


def run_code_cell(
    notebook: str, cell: str, folder: str, allowed: list[str], runs: dict[str, str], limit: float
) -> dict[str, Any]:
    """Plain data, bounded in size: {outputs, left_out, seconds, error}; `error` is None, or {message, cell, line,
    frames}. `notebook` is its file's text, `allowed` the hashes of code that may run, `runs` the trained run of each
    training cell, `limit` the seconds that it has. Raises NotAllowed."""
    outputs, began, mine = Outputs(), time.monotonic(), os.getpid()
    error = None
    try:
        with captured(outputs), _at_most(limit):
            error = _guarded(read_notebook(notebook)[0], cell, Path(folder), allowed, runs, outputs)
    except TookTooLong:
        error = told(f"It took longer than {limit:g} s and was ended.", cell, 0)
    finally:
        if os.getpid() != mine:
            # The code has forked: its child ends where the cell ends, and gives no second answer.
            os._exit(0)
    seconds = round(time.monotonic() - began, 3)
    return {"outputs": outputs.items, "left_out": outputs.left_out, "seconds": seconds, "error": error}


def namespace_of(
    notebook: Notebook, cell: str, folder: Path, allowed: Collection[str], runs: Mapping[str, str], outputs: Outputs
) -> dict[str, Any]:
    """What stands in a code cell after it has run, and the cells that it uses before it. What those put out is dropped.

    Raises NotAllowed before anything has run, and whatever the code raises."""
    names = [name for name in with_what_they_use(notebook, cell) if isinstance(notebook.cell(name), CodeCell)]
    codes = {name: str(getattr(notebook.cell(name), "code", "")) for name in names}
    for name, code in codes.items():
        if code.strip() and code_hash(code) not in allowed:
            raise NotAllowed(f"The code of {name} has not been allowed to run.")
    used = {one for code in codes.values() for one in code_names(code).used}
    shared: dict[str, Any] = objects_for(notebook, used, folder, runs, allowed)
    found: dict[str, Any] = {}
    for name, code in codes.items():
        outputs.muted = name != cell
        found = {
            "__name__": "notebook",
            "__builtins__": __builtins__,
            "display": _display(outputs),
            **shared,
        }
        _run(name, code, found, outputs)
        shared |= {one: found[one] for one in code_names(code).defined if one in found}
    return found


def _guarded(
    notebook: Notebook, cell: str, folder: Path, allowed: Collection[str], runs: Mapping[str, str], outputs: Outputs
) -> dict[str, Any] | None:
    os.chdir(folder)
    os.environ.setdefault("MPLBACKEND", "Agg")
    sys.path.insert(0, str(folder))
    codes = {one.name: one.code for one in notebook.cells if isinstance(one, CodeCell)}
    try:
        namespace_of(notebook, cell, folder, allowed, runs, outputs)
        for figure in open_figures():
            outputs.show(figure)
    except NotAllowed:
        raise
    except BaseException as error:
        outputs.muted = False
        return told_error(error, cell, codes)
    return None


def _run(name: str, code: str, namespace: dict[str, Any], outputs: Outputs) -> None:
    """Runs a cell; the value of its last line is shown, unless a semicolon ends it."""
    linecache.cache[file_of(name)] = (len(code), None, code.splitlines(keepends=True), file_of(name))
    tree = ast.parse(code, file_of(name))
    last = tree.body[-1] if tree.body else None
    shown = isinstance(last, ast.Expr) and not code.rstrip().endswith(";")
    if shown:
        tree.body.pop()
    exec(compile(tree, file_of(name), "exec"), namespace)
    if shown and isinstance(last, ast.Expr):
        value = eval(compile(ast.Expression(last.value), file_of(name), "eval"), namespace)
        _show(outputs, value)


def _display(outputs: Outputs) -> Any:
    def display(*values: Any) -> None:
        """Shows values as the last line of a cell is shown."""
        for value in values:
            _show(outputs, value)

    return display


def _show(outputs: Outputs, value: Any) -> None:
    found = output_of(value)
    if found is not None and found["type"] == "text":
        outputs.write(found["text"] + "\n")
    elif found is not None:
        outputs.show(found)


@contextmanager
def _at_most(limit: float) -> Iterator[None]:
    """Interrupts what takes longer, so that it can still be told at which line."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: object) -> None:
        raise TookTooLong(f"It took longer than {limit:g} s and was ended here.")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(limit - _EARLIER_S, limit / 2))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
