"""Files that are either the old one or the new one, whole, whatever happens in between."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def write_atomically(path: Path, text: str, *, durable: bool = True) -> None:
    """Puts `text` in the place of the file at `path`.

    `durable` waits until the disk has it, so that it survives a power cut; leave it out for what is written
    every second. Raises OSError; the old file then stands untouched.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def write_json_atomically(path: Path, value: Any, *, durable: bool = True) -> None:
    """As `write_atomically`, for a value that JSON can hold."""
    write_atomically(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n", durable=durable)


def sync_folder(path: Path) -> None:
    """Waits until the disk has the folder's list of names, so that a rename survives a power cut."""
    if os.name == "nt":
        return  # Windows cannot open a folder and needs no such call
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
