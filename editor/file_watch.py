"""Looks every second whether another program has touched a notebook's file."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from .open_notebook import OpenNotebook

_log = logging.getLogger(__name__)

POLL_S = 1.0


class FileWatch:
    """Has an open notebook take in what other programs write, from a thread of its own, until `close`.

    A file that is still being written is left alone: it must look the same twice.
    """

    def __init__(self, notebook: OpenNotebook) -> None:
        self._notebook = notebook
        self._closed = threading.Event()
        self._seen = self._last = _look(notebook.path)
        threading.Thread(target=self._run, name=f"file {notebook.path.name}", daemon=True).start()

    def close(self) -> None:
        self._closed.set()

    def _run(self) -> None:
        while not self._closed.wait(POLL_S):
            try:
                self.look()
            except Exception:
                # A fault of ours in one look must not end the watch.
                _log.exception("looking at %s failed", self._notebook.path.name)

    def look(self) -> None:
        """One look."""
        present = _look(self._notebook.path)
        if present == self._last != self._seen:
            self._seen = present
            self._notebook.file.look()
        self._last = present


def _look(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
