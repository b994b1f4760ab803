"""A Keras model's file as a notebook. The file is opened in a process of its own, with limits."""

from __future__ import annotations

import tempfile
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


def from_keras_content(content: bytes, name: str, folder: Path | None = None, host: Host | None = None) -> Imported:
    """The same for a file that is not on the disk. Raises ImportRefused."""
    with tempfile.TemporaryDirectory() as own:
        path = Path(own, Path(name).name)
        path.write_bytes(content)
        return from_keras_file(path, folder, host)
