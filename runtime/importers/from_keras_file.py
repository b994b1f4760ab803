"""A Keras model's file as a notebook. The file is opened in a process of its own, with limits."""

from __future__ import annotations

import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .imported import Imported
from .keras_task import by_host, in_fresh_process
from .refused import ImportRefused
from .weights_beside import waiting_place

if TYPE_CHECKING:
    from ..host import Host


def from_keras_file(path: Path, folder: Path | None = None, host: Host | None = None) -> Imported:
    """The notebook with the network of a .keras, .h5 or JSON file, or of a SavedModel's folder. Its weights wait in
    `folder`; without one they are left out. A `host` that is ready reads it at once, in a process of its own too.

    Raises ImportRefused, and OSError where there is no such file."""
    path.stat()
    weights = waiting_place(folder) if folder is not None else None
    try:
        warm = host is not None and host.state == "ready"
        answer = by_host(host, path, weights) if host and warm else in_fresh_process(path, weights=weights)
    except ImportRefused:
        if weights is not None:
            weights.unlink(missing_ok=True)
        raise
    kept = weights if answer["weights"] else None
    return Imported(answer["text"], answer["said"], answer["report"], kept, answer["weights"])


def with_weights_of(path: Path, imported: Imported, folder: Path | None, host: Host | None = None) -> Imported:
    """The notebook that a .keras file carries, with the weights that are in the file too. They wait in `folder`; what
    cannot be read of them is left out, and told."""
    if folder is None or path.suffix.lower() != ".keras" or not _has_weights(path):
        return imported
    weights = waiting_place(folder)
    try:
        warm = host is not None and host.state == "ready"
        answer = (
            by_host(host, path, weights, imported.text)
            if host and warm
            else in_fresh_process(path, weights=weights, carried=imported.text)
        )
    except ImportRefused as refused:
        weights.unlink(missing_ok=True)
        return replace(imported, notices=[*imported.notices, f"Its weights were left out: {refused}"])
    kept = weights if answer["weights"] else None
    return replace(
        imported,
        text=answer["text"],
        notices=[*imported.notices, *answer["said"]],
        weights=kept,
        weighted=answer["weights"],
    )


def with_weights_of_content(
    content: bytes, name: str, imported: Imported, folder: Path | None, host: Host | None
) -> Imported:
    """The same for a file that is not on the disk."""
    if folder is None or Path(name).suffix.lower() != ".keras":
        return imported
    with tempfile.TemporaryDirectory() as own:
        path = Path(own, Path(name).name)
        path.write_bytes(content)
        return with_weights_of(path, imported, folder, host)


def from_keras_content(content: bytes, name: str, folder: Path | None = None, host: Host | None = None) -> Imported:
    """The same for a file that is not on the disk. Raises ImportRefused."""
    with tempfile.TemporaryDirectory() as own:
        path = Path(own, Path(name).name)
        path.write_bytes(content)
        return from_keras_file(path, folder, host)


def _has_weights(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return {"config.json", "model.weights.h5"} <= set(archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return False
