"""Lets the code of an open notebook run: all of it when the user says so, and what was typed here as it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..compiler.changes import Change, RenameCell, SetField
from ..compiler.code.lambda_layers import lambda_code
from ..compiler.document import CodeCell, Notebook
from ..runtime.code_cells.consent import allow, codes_of, may_run
from .notices import CodeAllowed
from .open_notebook import OpenNotebook


def allow_all(opened: OpenNotebook) -> str:
    """Lets all code run as it stands now; tells all tabs. Gives why that could not be kept, "" if it was.

    What Lambda layers hold can run once `held_code` has put it into a code cell."""
    try:
        allow(codes_of(opened.notebook))
    except OSError as error:
        return f"what is allowed could not be kept ({error.strerror or error})"
    told(opened)
    return ""


def held_code(notebook: Notebook) -> tuple[Change, ...]:
    """The edit that puts the code of Lambda layers into a code cell."""
    found = lambda_code(notebook)
    return found.changes if found else ()


def typed(opened: OpenNotebook, before: Notebook, changes: Sequence[Any]) -> None:
    """Lets run what was written here in the place of code that may run. Code of an opened file stays what it is,
    however little of it is changed: it has to be allowed."""
    if not any(isinstance(change, SetField | RenameCell) for change in changes):
        return
    old = {cell.id: cell.code for cell in before.cells if isinstance(cell, CodeCell)}
    now = {cell.id: cell.code for cell in opened.notebook.cells if isinstance(cell, CodeCell)}
    # Code that may not run may have gone into any other cell by the same gesture: joined, or moved.
    if not all(may_run(code) for id_, code in old.items() if now.get(id_) != code):
        return
    new = [code for id_, code in now.items() if id_ in old and old[id_] != code]
    if not new:
        return
    try:
        allow(new)
    except OSError:
        return  # It is asked for, then.
    told(opened)


def told(opened: OpenNotebook) -> None:
    """Has the notebook checked and shown again."""
    opened.tell(CodeAllowed())
