"""The notebooks that this server has open: one object a file, whatever path leads to it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .file_watch import FileWatch
from .open_notebook import OpenNotebook
from .watch_status import StatusWatch

if TYPE_CHECKING:
    from ..runtime.host import Host


@dataclass(frozen=True, slots=True)
class _Opened:
    notebook: OpenNotebook
    watch: StatusWatch
    file_watch: FileWatch

    def close(self) -> bool:
        self.watch.close()
        self.file_watch.close()
        return self.notebook.close()


_open: dict[Path, _Opened] = {}
_lock = threading.Lock()


def get_open_notebook(path: Path, host: Host | None = None) -> OpenNotebook:
    """The open notebook of a file; opens it, and has it checked in the background, where it is not open yet.

    Raises OSError. Without a `host` only the checks that need no Keras are made.
    """
    path = path.resolve()
    with _lock:
        if path not in _open:
            notebook = OpenNotebook(path)
            _open[path] = _Opened(notebook, StatusWatch(notebook, host), FileWatch(notebook))
        return _open[path].notebook


def all_open() -> tuple[OpenNotebook, ...]:
    with _lock:
        return tuple(opened.notebook for opened in _open.values())


def close_all() -> bool:
    """Saves and closes every notebook; whether every file holds everything."""
    with _lock:
        opened = list(_open.values())
        _open.clear()
    saved = [one.close() for one in opened]
    return all(saved)
