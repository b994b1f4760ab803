"""The file of a Jupyter notebook: its cells, the kernel that they are for, and the notebook that they come from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import nbformat

from .ipynb_metadata import KEY, carrying

_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_ID_LENGTH = 64


@dataclass(frozen=True)
class JupyterCell:
    """`of` is the id of the cell that it comes from, "" for the configuration."""

    kind: Literal["markdown", "code"]
    source: str
    of: str = ""


def ipynb_text(cells: list[JupyterCell], carried: str | None) -> str:
    """The file's text. `carried` is the text of the notebook that travels inside, None for none."""
    taken: set[str] = set()
    document = nbformat.v4.new_notebook(metadata={"kernelspec": _KERNEL, "language_info": {"name": "python"}})
    for cell in cells:
        make = nbformat.v4.new_markdown_cell if cell.kind == "markdown" else nbformat.v4.new_code_cell
        document.cells.append(make(cell.source, id=_cell_id(cell, taken)))
    if carried is not None:
        document.metadata[KEY] = carrying(list(document.cells), carried)
    nbformat.validate(document)
    return nbformat.writes(document) + "\n"


def _cell_id(cell: JupyterCell, taken: set[str]) -> str:
    """The id of the cell that it comes from, in the letters that the format allows. Equal exports give equal files."""
    stem = re.sub(r"[^A-Za-z0-9_-]", "-", cell.of)[: _ID_LENGTH - 4] or "configuration"
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    taken.add(name)
    return name
