"""Writes the catalogue of the installed Keras: `python -m weftwork.compiler.make_catalogue`.

Imports Keras and takes about three seconds; the editor reads the file that this writes.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import keras

from .boundary_kinds import BOUNDARY
from .catalogue_json import to_json
from .catalogue_types import Catalogue
from .introspect_entries import registries
from .introspect_layers import layer_kinds
from .introspect_ops import op_kinds

SHIPPED = Path(__file__).parent.parent / "assets" / "catalogue.json"


def make_catalogue() -> Catalogue:
    """Everything that the installed Keras offers, without plug-ins."""
    kinds = BOUNDARY | layer_kinds() | op_kinds()
    return Catalogue(keras_version=keras.__version__, kinds=kinds, **registries())


def text_of(catalogue: Catalogue) -> str:
    """The catalogue as the text of its file: the same for the same Keras, one field a line."""
    return json.dumps(to_json(catalogue), indent=0, ensure_ascii=False, allow_nan=False) + "\n"


def main() -> None:
    """Write to the given file, else to the one that the repository ships."""
    parser = argparse.ArgumentParser(prog="make_catalogue", description="Describe the installed Keras.")
    parser.add_argument("output", nargs="?", type=Path, default=SHIPPED, help="the file to write")
    parser.parse_args().output.write_text(text_of(make_catalogue()), encoding="utf-8")


if __name__ == "__main__":
    main()
