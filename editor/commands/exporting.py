"""`weftwork export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .code_option import AllowCode, allow_file
from .inspecting import File, Json
from .output import fail, print_json, told_plainly


def export(
    file: File,
    to: Annotated[
        str,
        typer.Option(
            help="python, keras, weights, savedmodel, onnx, litert, litert-int8 or ipynb.", show_default=False
        ),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where to.", show_default=False)],
    network: Annotated[str | None, typer.Option(help="The network cell, where there are several.")] = None,
    run: Annotated[str | None, typer.Option(help="Take the weights of this run.")] = None,
    best: Annotated[bool, typer.Option("--best", help="The weights of the best epoch, not the last ones.")] = False,
    no_preparation: Annotated[
        bool,
        typer.Option("--no-preparation", "--model-only", help="The network alone, for data that are prepared already."),
    ] = False,
    no_notebook: Annotated[
        bool, typer.Option("--no-notebook", help="Leave the notebook out, which else travels inside what can hold it.")
    ] = False,
    allow_code: AllowCode = False,
    as_json: Json = False,
) -> None:
    """Write a network as Python, .keras, weights, SavedModel, ONNX or LiteRT, or the whole notebook as .ipynb; what was
    written is loaded again and compared."""
    from ...runtime.exporters import FORMATS
    from ...runtime.headless import export as export_file

    if to not in FORMATS:
        fail(f"There is no format {to}; there is {', '.join(FORMATS)}.", as_json=as_json)
    if to == "ipynb" and (network or run or no_preparation):
        fail(
            "An .ipynb holds the whole notebook: --network, --run and --no-preparation choose nothing.", as_json=as_json
        )
    if allow_code:
        allow_file(file)
    with told_plainly(as_json=as_json):
        result = export_file(
            file,
            to=to,
            output=output,
            network=network,
            run=run,
            weights="best" if best else "last",
            preparation=not no_preparation,
            carry=not no_notebook,
        )
        if as_json:
            print_json(result)
        else:
            difference = result["difference"]
            compared = "not compared" if difference is None else f"largest difference {difference:.2g}"
            print(f"{result['path']} ({result['format']}; {compared})")
            if result.get("note"):
                print(result["note"])
