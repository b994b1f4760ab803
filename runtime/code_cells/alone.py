"""Runs a code cell for the command line: in a fresh process of its own, which ends with it."""

from __future__ import annotations

import select
import subprocess
import tempfile
from typing import Any

from ...compiler.document import CodeCell, Notebook
from ...compiler.problems import Location, Problem
from ..child_process import Child
from ..inspect_notebook import NotebookProblems
from ..link import Message, spawn_linked
from ..standing import Surroundings
from .request import FUNCTION, LIMIT_S, code_arguments, memory_limit
from .told_errors import NotAllowed

_GRACE_S = 30.0  # its imports, before the code begins


def run_code_alone(notebook: Notebook, cell: CodeCell, around: Surroundings) -> dict[str, Any]:
    """What `run_code_cell` gives. Raises NotebookProblems where the code may not run, or fails."""

    def problem(code: str, message: str) -> NotebookProblems:
        return NotebookProblems([Problem(code, message, Location(cell.name, parameter="code"))])

    try:
        arguments = code_arguments(notebook, cell, around)
    except NotAllowed as error:
        raise problem("T432", f"{error} On the command line --allow-code allows it.") from error
    result = _answer({"function": FUNCTION, "arguments": arguments, "memory": memory_limit()})
    if "failed" in result:
        raise problem("T433", f"{cell.name} failed: {result['failed']}")
    error = result["result"]["error"]
    if error is not None:
        where = f" in line {error['line']} of {error['cell']}" if error["line"] else ""
        raise problem("T433", f"{cell.name} failed{where}: {error['message']}")
    return result["result"]


def _answer(request: Message) -> dict[str, Any]:
    with tempfile.TemporaryFile(prefix="weftwork-code-") as log:
        process, link = spawn_linked("weftwork.runtime.child_process", "task", "", log=log)
        child = Child(process.pid, link)
        try:
            link.send(request)
            ready, _, _ = select.select([link], [], [], LIMIT_S + _GRACE_S)
            reply = link.receive() if ready else {"failed": f"It took longer than {LIMIT_S:g} s and was ended."}
        finally:
            child.kill()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
    return reply or {"failed": "Its process ended before its code did: the code ended it, or the memory ran out."}
