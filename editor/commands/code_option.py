"""`--allow-code`: lets the code in a notebook run, for this one command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

AllowCode = Annotated[
    bool, typer.Option("--allow-code", help="Let the code in this notebook run: its code cells and layers.")
]


def allow_file(file: Path) -> None:
    """Allows what stands in the file, in this process alone; nothing is kept."""
    from ...runtime.code_cells.consent import allow_file_here

    allow_file_here(file)
