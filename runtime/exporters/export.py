"""Writes a network in one of the formats, loads it in a fresh process, compares, and only then puts it in place."""

from __future__ import annotations

import math
import shutil
import tempfile
from pathlib import Path
from typing import Any

from ...compiler.document import NetworkCell, Notebook
from ...compiler.pipeline import Checked
from ..run_directory import LAST
from .formats import FORMATS, INT8
from .own_layers import layers_beside
from .refused import ExportRefused
from .subject import find_subject
from .writers import WRITERS, Order

# Larger, and what was written is not the same model: both sides compute in float32. As a share of the largest
# prediction where that is above 1.
LARGEST_DIFFERENCE = 1e-4


def export_network(
    notebook: Notebook,
    cell: NetworkCell,
    checked: Checked,
    path: Path,
    *,
    to: str,
    output: Path,
    run: str | None = None,
    weights: str = LAST,
    preparation: bool = True,
    carried: str | None = None,
) -> dict[str, Any]:
    """Gives path, format, the largest difference, how many bytes were written, the run that the weights come from (""
    for fresh ones) and a note on how to use it, "" for none.

    `carried` is the text of the notebook that travels inside, None for none. What stood at `output` is replaced, and
    only by something that was loaded again. Raises ExportRefused, RunNotFound, OSError.
    """
    output = output.absolute()
    if not output.parent.is_dir():
        raise FileNotFoundError(2, "No such directory", str(output.parent))
    if output.is_dir() and (to != "savedmodel" or (any(output.iterdir()) and not _is_saved_model(output))):
        raise ExportRefused(f"{output} is a folder with other things in it; choose another name.")
    if missing := FORMATS[to].missing():
        raise ExportRefused(missing)
    subject = find_subject(notebook, cell, checked, path, run, weights)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".weftwork-export-") as folder:
        part = Path(folder, output.name)
        written = WRITERS[to](Order(subject, part, preparation, carried if FORMATS[to].carries else None))
        difference = written.compared.difference
        # Numbers of eight bits differ by their nature, and how much is told; but they must be numbers.
        limit = math.inf if to == INT8 else LARGEST_DIFFERENCE * max(1.0, written.compared.largest)
        if not difference <= limit or not math.isfinite(difference):
            raise ExportRefused(f"{output.name} predicts differently after loading: {difference:.3g} at most.")
        size = _size(part)
        put_in_place(part, output)
        if layers_beside(part).is_file():
            put_in_place(layers_beside(part), layers_beside(output))
    return {
        "path": str(output),
        "format": to,
        "difference": difference,
        "run": subject.run.id if subject.run else "",
        "bytes": size,
        "note": written.note,
    }


def _size(written: Path) -> int:
    """In bytes, of a file or of all in a folder."""
    return sum(file.stat().st_size for file in (written, *written.rglob("*")) if file.is_file())


def _is_saved_model(folder: Path) -> bool:
    return (folder / "saved_model.pb").is_file()


def put_in_place(part: Path, output: Path) -> None:
    """Moves what was written to where it is to be, in the place of what stood there."""
    if output.is_dir():
        shutil.rmtree(output)
    part.replace(output)
