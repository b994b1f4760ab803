"""From a file of any known kind to the text of a notebook, and onto the disk under a name that is free."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...compiler.document_file import read_notebook
from ..atomic_file import write_atomically
from .carried_inside import carried_inside
from .from_ipynb import from_ipynb
from .from_keras_file import from_keras_content, from_keras_file, with_weights_of, with_weights_of_content
from .from_picture import SIGNATURE, notebook_in_picture
from .from_python import from_python
from .imported import Imported
from .keras_file import KERAS_ENDINGS
from .refused import ImportRefused
from .weights_beside import moved_beside

if TYPE_CHECKING:
    from ..host import Host

ONNX_ENDING = ".onnx"
ENDINGS = (".weft", ".ipynb", ".py", ".png", ONNX_ENDING, *KERAS_ENDINGS)
# Larger ones would take long to read, and no notebook is.
LIMIT_BYTES = 64 * 2**20
NO_ONNX = "{name} has no notebook inside, and ONNX models of others cannot be imported."
# What is no notebook at all: not JSON, or JSON without cells.
_HOPELESS = ("F601", "F602")


def read_any(content: bytes, name: str, folder: Path | None = None, host: Host | None = None) -> Imported:
    """The notebook in the content of a file of that name. Runs nothing of it, but for a script that is allowed to run.
    Weights of a model wait in `folder`, where there is one, to be kept by `keep_copy` or `keep_new`. A `host` that is
    ready reads models at once.

    Raises ImportRefused, NeedsConsent."""
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        raise ImportRefused(f"{name} is no notebook, and none can be inside: there are {', '.join(ENDINGS)}.")
    if len(content) > LIMIT_BYTES:
        raise ImportRefused(f"{name} is larger than {LIMIT_BYTES // 2**20} MB, and no notebook is.")
    text = carried_inside(content, name)
    if text is not None:
        return with_weights_of_content(content, name, Imported(text, _faults(text, name)), folder, host)
    if ending == ONNX_ENDING:
        raise ImportRefused(NO_ONNX.format(name=name))
    if ending in KERAS_ENDINGS:
        return from_keras_content(content, name, folder, host)
    match ending:
        case ".ipynb":
            imported = from_ipynb(content, name)
        case ".py":
            imported = from_python(content, name, folder)
        case ".png":
            imported = _from_picture(content, name)
        case _:
            imported = _from_weft(content, name)
    return replace(imported, notices=[*imported.notices, *_faults(imported.text, name)])


def read_any_file(path: Path, folder: Path | None = None) -> Imported:
    """The same for a file on the disk, which is not read where it is too large. Raises ImportRefused, OSError."""
    if path.is_dir() or path.suffix.lower() in (*KERAS_ENDINGS, ONNX_ENDING):
        text = carried_inside(path, path.name)
        if text is not None:
            return with_weights_of(path, Imported(text, _faults(text, path.name)), folder)
        if path.suffix.lower() != ONNX_ENDING:
            return from_keras_file(path, folder)
        raise ImportRefused(NO_ONNX.format(name=path.name))
    if path.suffix.lower() in ENDINGS and path.stat().st_size > LIMIT_BYTES:
        raise ImportRefused(f"{path.name} is larger than {LIMIT_BYTES // 2**20} MB, and no notebook is.")
    return read_any(path.read_bytes(), path.name, folder)


def _from_weft(content: bytes, name: str) -> Imported:
    try:
        return Imported(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ImportRefused(f"{name} is no notebook: it is not text.") from error


def _from_picture(content: bytes, name: str) -> Imported:
    text = notebook_in_picture(content)
    if text is None:
        what = "has no notebook inside, or not all of it" if content.startswith(SIGNATURE) else "is no PNG picture"
        raise ImportRefused(f"{name} {what}.")
    return Imported(text)


def _faults(text: str, name: str) -> list[str]:
    """What is wrong with the text of a notebook that can be opened all the same. Raises ImportRefused where it cannot,
    and where it cannot be written to a file."""
    try:
        text.encode("utf-8")
        _, problems = read_notebook(text)
    except ValueError as error:
        raise ImportRefused(f"The notebook in {name} holds characters or numbers that no file can.") from error
    hopeless = [problem for problem in problems if problem.code in _HOPELESS]
    if hopeless:
        raise ImportRefused(f"{name}: {hopeless[0].message}")
    return [problem.message for problem in problems]


def keep_copy(folder: Path, stem: str, imported: Imported) -> tuple[Path, list[str]]:
    """Writes what was imported under a name that is free in the folder, its weights beside it; gives the path and what
    there is to say. Raises OSError."""
    return _with_weights(write_copy(folder, stem, imported.text), imported)


def keep_new(path: Path, imported: Imported) -> tuple[Path, list[str]]:
    """The same under that name. Raises FileExistsError, OSError."""
    try:
        write_new(path, imported.text)
    except OSError:
        if imported.weights is not None:
            imported.weights.unlink(missing_ok=True)
        raise
    return _with_weights(path, imported)


def _with_weights(path: Path, imported: Imported) -> tuple[Path, list[str]]:
    if imported.weights is None:
        return path, imported.notices
    text, name = moved_beside(imported.text, imported.weights, path)
    write_atomically(path, text)
    layers = f"{imported.weighted} layer{'s' * (imported.weighted != 1)}"
    return path, [*imported.notices, f"The weights of {layers} came along: they are in {name}."]


def write_copy(folder: Path, stem: str, text: str) -> Path:
    """Writes a notebook under a name that is free in the folder: `digits.weft`, `digits-2.weft`, … Raises OSError."""
    number = 1
    while True:
        path = folder / (f"{stem}.weft" if number == 1 else f"{stem}-{number}.weft")
        try:
            write_new(path, text)
            return path
        except FileExistsError:
            number += 1


def write_new(path: Path, text: str) -> None:
    """Writes a notebook where no file is yet; whole or not at all. Raises FileExistsError, OSError."""
    # Exclusive, so that not even a file made a moment ago is overwritten.
    with open(path, "xb") as file:
        try:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            path.unlink(missing_ok=True)
            raise
