"""`weftwork import`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from .inspecting import Json
from .output import fail, print_json, told_plainly


def import_(
    file: Annotated[
        Path,
        typer.Argument(help="A Keras model, a Python script, or a notebook in an .ipynb or .png.", show_default=False),
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="The notebook to write; without it a free name beside the file."),
    ] = None,
    allow_code: Annotated[
        bool, typer.Option("--allow-code", help="Run a script for the models that it makes, without network.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make a notebook of a Keras model, a script that builds one or another's .ipynb; open again what was exported."""
    from ...runtime.code_cells.consent import allow_here
    from ...runtime.importers.import_notebook import import_notebook
    from ...runtime.importers.refused import ImportRefused, NeedsConsent

    if output is not None and output.suffix != ".weft":
        fail(f"{output}: the name of a notebook ends in .weft", as_json=as_json)
    with told_plainly(as_json=as_json):
        try:
            if allow_code and file.suffix == ".py":
                allow_here([file.read_text(encoding="utf-8-sig", errors="replace")])
            result = import_notebook(file, output, count=as_json)
        except ImportRefused as error:
            if isinstance(error, NeedsConsent):
                error = ImportRefused(f"{error} To allow that: --allow-code.")
            if as_json:
                print_json({"error": str(error)})
            else:
                print(error, file=sys.stderr)
            raise typer.Exit(1) from None
        if as_json:
            print_json(result)
            return
        print(result["path"])
        for notice in result["notices"]:
            print(notice)
