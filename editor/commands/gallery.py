"""`weftwork gallery list` and `weftwork gallery copy`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from .inspecting import Json
from .output import fail, print_json, told_plainly

gallery = typer.Typer(help="List the gallery's notebooks, and copy one.", no_args_is_help=True)


@gallery.command("list")
def list_(as_json: Json = False) -> None:
    """The gallery's notebooks."""
    from ...gallery.cards import cards

    if as_json:
        rows = [asdict(card) for card in cards()]
        print_json([{**row, "path": str(row["path"])} for row in rows])
        return
    for card in cards():
        print(f"{card.name:<20} {card.title}: {card.summary}")


@gallery.command()
def copy(
    name: str,
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to.")] = Path("."),
    as_json: Json = False,
) -> None:
    """Copy a notebook of the gallery into a folder, under a name that is free."""
    from ...gallery.cards import cards, copy_card

    names = [card.name for card in cards()]
    if name not in names:
        fail(f"The gallery has no {name}; it has {', '.join(names)}.", as_json=as_json)
    if not folder.is_dir():
        fail(f"{folder}: No such directory", as_json=as_json)
    with told_plainly(as_json=as_json):
        path = copy_card(name, folder)
        if as_json:
            print_json({"path": str(path)})
        else:
            print(path)
