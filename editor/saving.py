"""Writes a notebook's file so that no moment of a crash loses anything, and keeps earlier versions."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

VERSIONS_KEPT = 10


def content_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def replace_file(path: Path, content: bytes) -> None:
    """Puts `content` in the place of a file: a reader sees the old one or the new one whole, and so does a crash.

    Raises OSError; then the old file stands untouched.
    """
    # A link stays a link: what it points to is replaced.
    path = path.resolve()
    if path.exists() and not os.access(path, os.W_OK):
        # Renaming over it would work, and would pass over what its owner has said.
        raise PermissionError(errno.EACCES, "the file may not be written", str(path))
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            os.chmod(temporary, path.stat().st_mode & 0o777)
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    # The new name must reach the disk too. Windows cannot open a folder, and needs no such thing.
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def keep_version(path: Path, content: bytes, note: str = "") -> Path:
    """Keeps `content` in `.weftwork/versions/` as an earlier version of the notebook at `path`; of those without a
    note the last ten stay, those with one (`original`, `outside`) are never removed. Raises OSError."""
    folder = path.parent / ".weftwork" / "versions"
    folder.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S-%f")
    kept = folder / f"{path.stem}.{stamp}{'-' + note if note else ''}{path.suffix}"
    replace_file(kept, content)
    for old in versions(path)[:-VERSIONS_KEPT]:
        with suppress(OSError):
            old.unlink()
    return kept


def versions(path: Path) -> list[Path]:
    """The kept versions of a notebook that carry no note, oldest first."""
    name = re.compile(re.escape(path.stem) + r"\.\d{8}T\d{6}-\d{6}" + re.escape(path.suffix))
    folder = path.parent / ".weftwork" / "versions"
    return sorted(file for file in folder.iterdir() if name.fullmatch(file.name)) if folder.is_dir() else []
