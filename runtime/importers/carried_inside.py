"""The notebook that travels inside a model's file, which is then opened instead of the model. Only reads."""

from __future__ import annotations

from pathlib import Path

from ..exporters.carried import IN_ONNX, notebook_in_archive, notebook_in_saved_model
from ..exporters.python_trailer import MOST_BYTES, NotebookDamaged
from .onnx_metadata import entry_of
from .refused import ImportRefused


def carried_inside(content: bytes | Path, name: str) -> str | None:
    """The text of the notebook in a .keras or .onnx file, given as what is in it or where it is, or in a SavedModel's
    folder; None where there is none. Raises ImportRefused where it is not whole, OSError."""
    try:
        if isinstance(content, Path) and content.is_dir():
            return notebook_in_saved_model(content)
        match Path(name).suffix.lower():
            case ".keras":
                return notebook_in_archive(content)
            case ".onnx":
                return _in_onnx(content.read_bytes() if isinstance(content, Path) else content)
        return None
    except NotebookDamaged as error:
        raise ImportRefused(f"The notebook inside {name} is damaged: {error}.") from error


def _in_onnx(content: bytes) -> str | None:
    value = entry_of(content, IN_ONNX)
    if value is None:
        return None
    if len(value) > MOST_BYTES:
        raise NotebookDamaged("it is larger than a notebook is")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotebookDamaged("it is not text") from error
