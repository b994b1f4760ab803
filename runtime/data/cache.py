"""Folders under `.weftwork/cache`, each filled once and never changed; the oldest make room for new ones."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from ...compiler.document import DataCell
from .source import UnusableData, problem

# Two data sets with their raw and prepared rows, and the states before the last change of each.
_KEPT = 8
# Raised when what stands in the files is written in another way.
_VERSION = 2


def cached_folder(cell: DataCell, folder: Path, key: str, fill: Callable[[Path], None]) -> Path:
    """The folder for `key`, filled by `fill` where it is not there yet. Raises UnusableData where the disk is full or
    may not be written."""
    cache = Path(folder) / ".weftwork" / "cache"
    place = cache / hashlib.sha256(f"{_VERSION} {key}".encode()).hexdigest()[:32]
    if place.is_dir():
        os.utime(place)
        return place
    part: Path | None = None
    try:
        cache.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=cache, prefix="part-"))
        fill(part)
        try:
            part.rename(place)
        except OSError:
            # Another process was quicker with the same.
            if not place.is_dir():
                raise
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        reason = "the disk is full" if full else error.strerror or "it cannot be written"
        help = "Large data are kept in files under .weftwork/cache beside the notebook, as large as the data once more."
        message = f"‘{cell.location}’ cannot be prepared: {reason}"
        raise UnusableData([problem(cell, "D504", message, help=help)]) from error
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
    _make_room(cache, place)
    return place


def _make_room(cache: Path, newest: Path) -> None:
    folders = [entry for entry in cache.iterdir() if entry.is_dir() and not entry.name.startswith("part-")]
    folders.sort(key=lambda entry: entry.stat().st_mtime, reverse=True)
    for old in folders[_KEPT:]:
        if old != newest:
            shutil.rmtree(old, ignore_errors=True)
