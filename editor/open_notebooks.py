"""The notebooks that this server has open: one object a file, whatever path leads to it."""

from __future__ import annotations

import threading
from pathlib import Path

from .open_notebook import OpenNotebook

_open: dict[Path, OpenNotebook] = {}
_lock = threading.Lock()


def get_open_notebook(path: Path) -> OpenNotebook:
    """The open notebook of a file; opens it where it is not open yet. Raises OSError."""
    path = path.resolve()
    with _lock:
        if path not in _open:
            _open[path] = OpenNotebook(path)
        return _open[path]


def all_open() -> tuple[OpenNotebook, ...]:
    with _lock:
        return tuple(_open.values())


def close_all() -> bool:
    """Saves and closes every notebook; whether every file holds everything."""
    with _lock:
        notebooks = list(_open.values())
        _open.clear()
    saved = [notebook.close() for notebook in notebooks]
    return all(saved)
