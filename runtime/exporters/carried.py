"""The notebook inside what an export wrote: a .keras archive, a SavedModel's folder; and out of them again. Pure."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

from .python_trailer import MOST_BYTES, NotebookDamaged

# What TensorFlow keeps beside a SavedModel, and leaves alone.
IN_SAVED_MODEL = ("assets.extra", "notebook.weft")
# Keras reads the members of an archive that it knows, and leaves others alone.
IN_ARCHIVE = "weftwork/notebook.weft"
# The key of the entry in an ONNX file's metadata.
IN_ONNX = "weftwork notebook"


def put_into_archive(path: Path, notebook: str) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(IN_ARCHIVE, notebook.encode("utf-8"))


def put_into_saved_model(folder: Path, notebook: str) -> None:
    place = folder.joinpath(*IN_SAVED_MODEL)
    place.parent.mkdir(exist_ok=True)
    place.write_text(notebook, encoding="utf-8", newline="")


def notebook_in_archive(content: bytes | Path) -> str | None:
    """The text of the notebook in a .keras file, None where there is none or the file is no sound archive; who reads
    the rest tells what is wrong with it. Raises NotebookDamaged, OSError."""
    try:
        with zipfile.ZipFile(content if isinstance(content, Path) else io.BytesIO(content)) as archive:
            if IN_ARCHIVE not in archive.namelist():
                return None
            with archive.open(IN_ARCHIVE) as file:
                return _text(file.read(MOST_BYTES + 1))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, ValueError, zlib.error):
        return None


def notebook_in_saved_model(folder: Path) -> str | None:
    """The text of the notebook in a SavedModel's folder, None where there is none. Raises NotebookDamaged, OSError."""
    place = folder.joinpath(*IN_SAVED_MODEL)
    if not place.is_file():
        return None
    with place.open("rb") as file:
        return _text(file.read(MOST_BYTES + 1))


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise NotebookDamaged("it is larger than a notebook is")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotebookDamaged("it is not text") from error
