"""Weights that came with a model, as a file beside the notebook: `digits.weft` has `digits.weights.h5`."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from ...compiler.document import NetworkCell, StartWeights
from ...compiler.document_file import read_notebook
from ...compiler.write_notebook import write_notebook

ENDING = ".weights.h5"
# What stands for the file's name as long as the notebook has none.
_PENDING = "*"


def waiting_place(folder: Path) -> Path:
    """Where weights are written while it is not known yet what their notebook will be called. Raises OSError."""
    place = folder / ".weftwork" / "imports"
    place.mkdir(parents=True, exist_ok=True)
    return place / f"{secrets.token_hex(6)}{ENDING}"


def pending(weights: Path) -> StartWeights:
    """The record of a network whose weights are in that file, which is to be moved."""
    with weights.open("rb") as file:
        return StartWeights(file=_PENDING, digest=hashlib.file_digest(file, "sha256").hexdigest())


def moved_beside(text: str, weights: Path, notebook: Path) -> tuple[str, str]:
    """Moves the weights beside the notebook, under its name where that is free; gives the notebook's text with the
    name, and the name. Raises OSError."""
    name = _moved(weights, notebook)
    read, _ = read_notebook(text)
    for cell in read.networks():
        if cell.weights is not None and cell.weights.file == _PENDING:
            read = read.with_cell(_with(cell, name))
    return write_notebook(read), name


def _with(cell: NetworkCell, name: str) -> NetworkCell:
    assert cell.weights is not None
    return cell.model_copy(update={"weights": cell.weights.model_copy(update={"file": name})})


def _moved(weights: Path, notebook: Path) -> str:
    number = 1
    while True:
        name = notebook.stem + (f"-{number}" if number > 1 else "") + ENDING
        target = notebook.parent / name
        try:
            # Exclusive: not even a file made a moment ago is overwritten.
            os.link(weights, target)
        except FileExistsError:
            number += 1
            continue
        except OSError:
            if target.exists():
                number += 1
                continue
            os.replace(weights, target)
            return name
        weights.unlink()
        return name
