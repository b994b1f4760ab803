"""What a child is asked so that it runs a code cell: checked here, before any process is started."""

from __future__ import annotations

from typing import Any

import psutil

from ...compiler.code.behind import code_behind
from ...compiler.document import CodeCell, Notebook
from ...compiler.write_notebook import write_notebook
from ..standing import Surroundings, runs_used
from .consent import allowed_in, may_run
from .told_errors import NotAllowed

FUNCTION = "weftwork.runtime.code_cells.run_code:run_code_cell"

# Long work belongs into a training; code that runs for longer has most often lost its way.
LIMIT_S = 600.0
# The rest of the machine's free memory is left to its other programs.
_SHARE = 0.7
_LEAST_BYTES = 1 << 30


def code_arguments(notebook: Notebook, cell: CodeCell, around: Surroundings, limit: float = LIMIT_S) -> dict[str, Any]:
    """The arguments of `run_code_cell`. Raises NotAllowed where code would run that nobody has allowed."""
    for one in code_behind(notebook, [cell]):
        if not may_run(one.code):
            raise NotAllowed(f"The code of {one.name} has not been allowed to run. Read it, then allow it.")
    return {
        "notebook": write_notebook(notebook),
        "cell": cell.name,
        "folder": str(around.folder),
        "allowed": sorted(allowed_in(notebook)),
        "runs": {name: str(run.path) for name, run in runs_used(notebook, cell, around).items()},
        "limit": limit,
    }


def memory_limit() -> int:
    """The bytes that a code cell may take, by what the machine has free now."""
    return max(int(psutil.virtual_memory().available * _SHARE), _LEAST_BYTES)


def plain_reason(reason: str) -> str:
    """Why there was no answer, in the words of code cells."""
    if "ended without an answer" in reason:
        return "The process of this cell ended before its code did: the code ended it, or the memory ran out."
    return reason
