"""What cells have put out, kept by content key in `.weftwork/outputs`: reopening a notebook shows it again.

A file for each output: a line with format and checksum, then the output. A file that is damaged, of another format or
of another key counts as not there. The oldest go when all together become too large.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..compiler.cell_graph import by_name, with_what_they_use
from ..compiler.document import Notebook
from ..compiler.document_file import read_notebook
from ..compiler.write_notebook import write_notebook
from .atomic_file import write_atomically

FORMAT = 1

# Evaluations come to some hundred kilobytes with their pictures; exports to a few.
LIMIT_BYTES = 64 * 1024 * 1024
LIMIT_FILES = 400
_LARGEST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class KeptOutput:
    """`content` is the output as plain JSON. `made_of` holds the cells that it was made of, `fingerprints` their data's
    by name; `cell` is the cell's id and `notebook` the name of the file."""

    key: str
    cell: str
    notebook: str
    content: dict[str, Any]
    made_of: Notebook = field(default_factory=Notebook)
    fingerprints: dict[str, str] = field(default_factory=dict)
    made_at: float = 0.0


class KeptOutputs:
    """The outputs beside the notebooks of a folder."""

    def __init__(self, folder: Path, *, limit_bytes: int = LIMIT_BYTES, limit_files: int = LIMIT_FILES) -> None:
        self.path = Path(folder) / ".weftwork" / "outputs"
        self._limits = limit_bytes, limit_files
        # By path, with what tells whether the file is still the one that was read.
        self._read: dict[Path, tuple[tuple[int, int], KeptOutput | None]] = {}

    def get(self, key: str) -> KeptOutput | None:
        """The output with that content key, None where there is none that can be trusted."""
        for path in self._files(f"*-{_short(key)}.json"):
            output = self._load(path)
            if output is not None and output.key == key:
                return output
        return None

    def latest(self, cell: str, notebook: str) -> KeptOutput | None:
        """The newest output of a cell, whatever it was made of."""
        return next(iter(self.of_cell(cell, notebook)), None)

    def of_cell(self, cell: str, notebook: str) -> list[KeptOutput]:
        """All that is kept of a cell, newest first."""
        found = [self._load(path) for path in self._files(f"{_short(cell)}-*.json")]
        mine = [output for output in found if output is not None and (output.cell, output.notebook) == (cell, notebook)]
        return sorted(mine, key=lambda output: output.made_at, reverse=True)

    def keep(
        self,
        key: str,
        content: dict[str, Any],
        *,
        cell: str,
        notebook: str,
        made_of: Notebook | None = None,
        fingerprints: Mapping[str, str] | None = None,
    ) -> None:
        """Keeps an output, and lets the oldest go. Raises OSError; one too large to keep is not kept."""
        body = json.dumps(
            {
                "key": key,
                "cell": cell,
                "notebook": notebook,
                "made_at": time.time(),
                "made_of": write_notebook(made_of or Notebook()),
                "fingerprints": dict(fingerprints or {}),
                "content": content,
            },
            ensure_ascii=False,
        )
        head = json.dumps({"format": FORMAT, "sha256": _digest(body)})
        text = f"{head}\n{body}\n"
        if len(text.encode()) > _LARGEST_BYTES:
            return
        self.path.mkdir(parents=True, exist_ok=True)
        path = self.path / f"{_short(cell)}-{_short(key)}.json"
        write_atomically(path, text)
        self._prune(path)

    def forget(self, key: str) -> None:
        """Removes an output."""
        for path in self._files(f"*-{_short(key)}.json"):
            path.unlink(missing_ok=True)
            self._read.pop(path, None)

    def _files(self, pattern: str) -> list[Path]:
        try:
            return sorted(self.path.glob(pattern))
        except OSError:
            return []

    def _load(self, path: Path) -> KeptOutput | None:
        try:
            stat = path.stat()
        except OSError:
            return None
        state = stat.st_mtime_ns, stat.st_size
        known = self._read.get(path)
        if known is None or known[0] != state:
            known = self._read[path] = state, _read_output(path, stat.st_size)
        return known[1]

    def _prune(self, newest: Path) -> None:
        """Removes the oldest files beyond the limits, never the one that was just written."""
        limit_bytes, limit_files = self._limits
        files = []
        for path in self._files("*.json"):
            try:
                stat = path.stat()
            except OSError:
                continue
            files.append((path == newest, stat.st_mtime_ns, stat.st_size, path))
        total = 0
        for number, (_, _, size, path) in enumerate(sorted(files, reverse=True), start=1):
            total += size
            if path != newest and (total > limit_bytes or number > limit_files):
                path.unlink(missing_ok=True)
                self._read.pop(path, None)


def made_of(notebook: Notebook, name: str) -> Notebook:
    """The cell of that name and all that it uses, as an output remembers them."""
    cells = by_name(notebook)
    return Notebook(cells=tuple(cells[used] for used in with_what_they_use(notebook, name)))


def _read_output(path: Path, size: int) -> KeptOutput | None:
    """What a file holds, None for anything but what `keep` has written whole."""
    if size > _LARGEST_BYTES:
        return None
    try:
        head, _, body = path.read_text(encoding="utf-8").partition("\n")
        said, body = json.loads(head), body.removesuffix("\n")
        if said.get("format") != FORMAT or said.get("sha256") != _digest(body):
            return None
        held = json.loads(body)
        return KeptOutput(
            str(held["key"]),
            str(held["cell"]),
            str(held["notebook"]),
            dict(held["content"]),
            read_notebook(held["made_of"])[0],
            dict(held["fingerprints"]),
            float(held["made_at"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _short(text: str) -> str:
    """A name for a file; ids come from notebook files and may hold anything."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]
