"""A Keras model's file as a notebook. The file is opened in a process of its own, with limits."""

from __future__ import annotations

import tempfile
from pathlib import Path

from .imported import Imported
from .keras_task import in_fresh_process


def from_keras_file(path: Path) -> Imported:
    """The notebook with the network of a .keras, .h5 or JSON file, or of a SavedModel's folder.

    Raises ImportRefused, and OSError where there is no such file."""
    path.stat()
    answer = in_fresh_process(path)
    return Imported(answer["text"], answer["said"], answer["report"])


def from_keras_content(content: bytes, name: str) -> Imported:
    """The same for a file that is not on the disk. Raises ImportRefused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, Path(name).name)
        path.write_bytes(content)
        return from_keras_file(path)
