"""Files from a person's desktop, copied beside the notebook: under a free name, never outside its folder."""

from __future__ import annotations

import base64
import binascii
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

LIMIT_BYTES = 64 * 2**20
SOURCES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".npz": "npz",
    ".npy": "npy",
}
# What a name may not hold on one system or another.
_UNUSABLE = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_LONGEST_NAME = 120


class FileRefused(Exception):
    """A file that is not taken; the message tells the user why, and what to do."""


def source_of(name: str) -> str:
    """The source that a file of this name is for. Raises FileRefused."""
    source = SOURCES.get(Path(name).suffix.lower())
    if source is None:
        raise FileRefused(f"‘{name}’ is no data file known here: there are {', '.join(SOURCES)}.")
    return source


def keep_file(folder: Path, message: Mapping[str, Any]) -> str:
    """Copies the file of a `drop` message into the folder; its name there. A file with the same name and content is
    used as it is; with another content the new one gets a number. Raises FileRefused, OSError."""
    name = plain_name(message)
    if not _is_folder(message):
        source_of(name)
    content = content_of(message, "Copy it beside the notebook and name it in a data cell.")
    path = _free(folder, name, content)
    if not path.exists():
        _write(path, content)
    return path.name


def content_of(message: Mapping[str, Any], instead: str) -> bytes:
    """What is in the file of a `drop` message. Raises FileRefused, which says what to do `instead` with a folder or a
    file that is too large."""
    name = plain_name(message)
    if _is_folder(message):
        raise FileRefused(f"‘{name}’ is a folder. {instead}")
    size = message.get("size")
    if message.get("content") is None or (isinstance(size, int) and size > LIMIT_BYTES):
        raise FileRefused(f"‘{name}’ is larger than {LIMIT_BYTES // 2**20} MB. {instead}")
    try:
        return base64.b64decode(str(message["content"]), validate=True)
    except binascii.Error as error:
        raise FileRefused(f"‘{name}’ did not arrive whole.") from error


def plain_name(message: Mapping[str, Any]) -> str:
    """The file's name in a `drop` message, as it may stand in a folder of any system. Raises FileRefused."""
    last = PurePosixPath(PureWindowsPath(str(message.get("name", ""))).as_posix()).name
    plain = _UNUSABLE.sub("_", last).strip().lstrip(".")
    if not plain:
        raise FileRefused("The file has no name.")
    stem, suffix = os.path.splitext(plain)
    return stem[: _LONGEST_NAME - len(suffix)] + suffix


def _is_folder(message: Mapping[str, Any]) -> bool:
    """A folder looks like a file to the browser until it is read."""
    return message.get("size") == -1


def _free(folder: Path, name: str, content: bytes) -> Path:
    stem, suffix = os.path.splitext(name)
    number = 1
    while True:
        path = folder / (name if number == 1 else f"{stem} {number}{suffix}")
        # A link is left alone: it may lead out of the folder.
        if not path.is_symlink() and (
            not path.exists()
            or (path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content)
        ):
            return path
        number += 1


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=".drop-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(part, 0o644)
        os.replace(part, path)
    except OSError:
        Path(part).unlink(missing_ok=True)
        raise
