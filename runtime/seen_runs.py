"""The states of a folder's runs, asked for again and again: a run.json is read only when it has been written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .run_directory import RunDirectory
from .run_state import resolve_state


class SeenRuns:
    """The runs beside the notebooks of `folder`."""

    def __init__(self, folder: Path) -> None:
        self._runs = Path(folder) / ".weftwork" / "runs"
        # Name → when its run.json was written, and what it says.
        self._seen: dict[str, tuple[int, dict[str, Any]]] = {}

    def states(self) -> dict[str, str]:
        """Id → state of each run, newest first. Whether the process of one that has not ended is there is always looked
        at. Folders without a readable run.json are left out."""
        try:
            names = sorted((entry.name for entry in self._runs.iterdir()), reverse=True)
        except OSError:
            names = []
        self._seen = {name: seen for name in names if (seen := self._look(name)) is not None}
        return {name: self._state(name, info) for name, (_, info) in self._seen.items() if info}

    def _state(self, name: str, info: dict[str, Any]) -> str:
        state = resolve_state(info)
        # The end may have been written since.
        if state == "lost" and (seen := self._look(name)) is not None:
            return resolve_state(seen[1])
        return state

    def _look(self, name: str) -> tuple[int, dict[str, Any]] | None:
        try:
            written = (self._runs / name / "run.json").stat().st_mtime_ns
        except OSError:
            return None
        known = self._seen.get(name)
        return known if known is not None and known[0] == written else (written, RunDirectory(self._runs / name).info())
