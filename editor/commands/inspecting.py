"""`weftwork check` and `weftwork show`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .code_option import AllowCode, allow_file
from .output import end_with_problems, print_json, told_plainly

File = Annotated[Path, typer.Argument(help="A notebook (*.weft).", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def check(file: File, allow_code: AllowCode = False, as_json: Json = False) -> None:
    """List what is wrong with a notebook: file, wiring, parameters, shapes, training, data."""
    from ...runtime.headless import check as check_file

    if allow_code:
        allow_file(file)
    with told_plainly(as_json=as_json):
        end_with_problems(check_file(file), as_json=as_json)


def show(
    file: File,
    network: Annotated[str | None, typer.Option(help="Only this network cell.")] = None,
    allow_code: AllowCode = False,
    as_json: Json = False,
) -> None:
    """Print cells, and the nodes of networks with shapes and parameter counts."""
    from ...runtime.headless import show as show_file

    if allow_code:
        allow_file(file)
    with told_plainly(as_json=as_json):
        content = show_file(file, network)
        if as_json:
            print_json(content)
            return
        for cell in content["cells"]:
            print(f"{cell['name']}  ({cell['kind']})")
            for node in cell.get("nodes", ()):
                shapes = ", ".join(_shape(shape) for shape in node["shapes"]) or "?"
                count = "" if not node["parameters"] else f"{node['parameters']:,}"
                label = f"  {node['label']}" if "inside" in node else node["label"]
                print(f"  {label:<28} {node['kind']:<24} {shapes:<28} {count:>12}")
            if cell.get("layers") is not None:
                print(f"  {cell['layers']} layers, {cell['wires']} wires, {cell['parameters']:,} parameters")


def _shape(shape: list[int | None]) -> str:
    return "(" + ", ".join("·" if size is None else str(size) for size in shape) + ")"
