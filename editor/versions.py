"""The earlier versions of a notebook: kept before its file is overwritten, listed, and read again."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ..compiler.document import Notebook
from ..compiler.document_file import read_notebook_file
from .saving import replace_file

VERSIONS_KEPT = 10

# What a version is that is kept for a reason, and therefore for good.
NOTES = {
    "original": "as it was before it was mended here",
    "outside": "written by another program",
    "unsaved": "edits that did not fit the file any more",
}

_STAMP = "%Y%m%dT%H%M%S-%f"


@dataclass(frozen=True, slots=True)
class Version:
    """`written` is when it was kept, in UTC; `note` is "" for what the editor saved itself."""

    path: Path
    written: datetime
    note: str = ""

    @property
    def name(self) -> str:
        return self.path.name

    def read(self) -> Notebook:
        """What the version holds. Raises OSError."""
        return read_notebook_file(self.path)[0]


def keep_version(path: Path, content: bytes, note: str = "") -> Path:
    """Keeps `content` in `.weftwork/versions/` as an earlier version of the notebook at `path`; of those without a
    note the last ten stay, those with one are never removed. Raises OSError."""
    folder = path.parent / ".weftwork" / "versions"
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{path.stem}.{_stamp(path)}{'-' + note if note else ''}{path.suffix}"
    replace_file(kept, content)
    for old in versions(path)[:-VERSIONS_KEPT]:
        with suppress(OSError):
            old.unlink()
    return kept


def _stamp(path: Path) -> str:
    """Now, or just after the newest version: a clock that jumped back must not make this the oldest, for those go."""
    now = datetime.now(UTC)
    latest = max((version.written for version in all_versions(path)), default=now)
    return max(now, latest + timedelta(microseconds=1)).strftime(_STAMP)


def versions(path: Path) -> list[Path]:
    """The kept versions of a notebook that carry no note, oldest first."""
    return [version.path for version in all_versions(path) if not version.note]


def all_versions(path: Path) -> list[Version]:
    """Every kept version of a notebook, oldest first."""
    name = re.compile(
        re.escape(path.stem) + rf"\.(\d{{8}}T\d{{6}}-\d{{6}})(?:-({'|'.join(NOTES)}))?" + re.escape(path.suffix)
    )
    folder = path.parent / ".weftwork" / "versions"
    found = []
    for file in folder.iterdir() if folder.is_dir() else ():
        if match := name.fullmatch(file.name):
            with suppress(ValueError):
                written = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
                found.append(Version(file, written, match[2] or ""))
    return sorted(found, key=lambda version: version.name)
