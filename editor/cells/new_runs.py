"""Notices runs that somebody else begins beside a notebook: the command line, a script, another server."""

from __future__ import annotations

import os
from pathlib import Path


class NewRuns:
    """Of the runs in `folder`; those that are there when it is made are not new."""

    def __init__(self, folder: Path) -> None:
        self._runs = Path(folder) / ".weftwork" / "runs"
        self._written = 0
        self._known: set[str] = set()
        # Folders whose run.json is not written yet.
        self._coming: set[str] = set()
        self.look()

    def look(self) -> bool:
        """Whether there is another run since the last look. One question to the file system where nothing happened, so
        that it may be asked ten times a second."""
        try:
            written = os.stat(self._runs).st_mtime_ns
            if written != self._written:
                self._coming = set(os.listdir(self._runs)) - self._known
                self._written = written
        except OSError:
            return False
        ready = {name for name in self._coming if (self._runs / name / "run.json").exists()}
        self._coming -= ready
        self._known |= ready
        return bool(ready)
