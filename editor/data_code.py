"""Brings pandas and the code that reads data, in one thread at a time, when a page first needs them."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from ..compiler.document import Notebook
from ..runtime.data.not_ready import NotReady

_lock = threading.Lock()


def bring_data_code() -> None:
    """Imports what every thread that reads data is about to import.

    pandas' modules import one another in circles. Two threads that begin at the same moment from two ends would wait
    for each other, and Python lets one of them fail ("deadlock detected by _ModuleLock").
    """
    with _lock:
        import pandas
        import pandas.core.util.hashing

        from ..runtime.code_cells.data_functions import rows_by_children
        from ..runtime.data import load, preview

        _ = pandas, load, preview
        rows_by_children(_open_in, _call)


def _open_in(folder: Path) -> list[Notebook]:
    """The notebooks of a folder that are open."""
    from .open_notebooks import all_open

    return [opened.notebook for opened in all_open() if opened.folder == folder]


def _call(function: str, arguments: dict[str, Any], limit: float) -> Any:
    """Has the host's child do it: the server runs no code of a notebook."""
    from .app_state import app_state

    host = app_state().host
    if host is None:
        raise NotReady("This server was started without the process that runs code")
    return host.call(function, arguments, limit)
