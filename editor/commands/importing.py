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
        Path, typer.Argument(help="A Keras model, or a notebook in an .ipynb, .py or .png.", show_default=False)
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="The notebook to write; without it a free name beside the file."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Open what was exported as the notebook that it was made from; make a notebook of others' .ipynb files."""
    from ...runtime.importers.import_notebook import import_notebook
    from ...runtime.importers.refused import ImportRefused

    if output is not None and output.suffix != ".weft":
        fail(f"{output}: the name of a notebook ends in .weft", as_json=as_json)
    with told_plainly(as_json=as_json):
        try:
            result = import_notebook(file, output, count=as_json)
        except ImportRefused as error:
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
