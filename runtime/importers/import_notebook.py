"""`weftwork import` as a function: a file becomes a notebook file, and what is in it is counted."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

from ...compiler.document import NetworkCell, Notebook
from ...compiler.document_file import read_notebook
from .import_file import keep_copy, keep_new, read_any_file
from .refused import ImportRefused


def import_notebook(path: Path, output: Path | None = None, *, count: bool = True) -> dict[str, Any]:
    """Writes the notebook that is in a .weft, .ipynb, .py or .png file, or one with the network of a Keras model, to
    `output`, or beside it under a free name.

    Gives path, networks (name, nodes, and, where `count` asks for them, layers and parameters), placeholders (nodes
    that stand for what is not known), folded (repetitions that were found), notices for the user, and of a model how
    many layers were mapped, of how many the weights came along, and why each placeholder is one.

    Raises ImportRefused, OSError; FileExistsError where `output` is there already.
    """
    if output is not None and output.suffix != ".weft":
        raise ImportRefused(f"{output.name} is no name of a notebook: it does not end in .weft.")
    if output is not None and output.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(output))
    imported = read_any_file(path, (output or path).absolute().parent)
    kept = keep_copy(path.parent, path.stem, imported) if output is None else keep_new(output, imported)
    output, notices = kept
    notebook, _ = read_notebook(imported.text)
    return {
        "path": str(output.absolute()),
        "networks": [_counted(cell, notebook, count) for cell in notebook.networks()],
        "placeholders": [],
        "folded": 0,
        **imported.report,
        "weights": imported.weighted,
        "notices": notices,
    }


def _counted(cell: NetworkCell, notebook: Notebook, count: bool) -> dict[str, Any]:
    layers, parameters = _size(cell, notebook) if count and cell.nodes else (None, None)
    return {"name": cell.name, "nodes": len(cell.nodes), "layers": layers, "parameters": parameters}


def _size(cell: NetworkCell, notebook: Notebook) -> tuple[int | None, int | None]:
    """Layers and parameters as Keras counts them, None where the network has problems. Nothing is allocated, however
    large the network is."""
    from ..quiet_tensorflow import quiet_tensorflow

    quiet_tensorflow()
    import keras

    from ...compiler.nesting.references import definitions_of, networks_by_name
    from ...compiler.pipeline import check
    from ...compiler.shapes import KerasShapes
    from ...compiler.to_keras import build_model

    needed = definitions_of(cell, networks_by_name(notebook))
    alone = notebook.model_copy(update={"cells": (*needed.values(), cell)})
    program = check(alone, oracle=KerasShapes()).programs.get(cell.name)
    if program is None:
        return None, None
    with keras.StatelessScope(initialize_variables=False):
        model = build_model(program)
    return len(model.layers), model.count_params()
