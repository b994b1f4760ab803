"""From Keras to the notebook: a model, or the config of one, as network cells. Imports Keras: child processes only.

Configs are only read. Nothing that stands in them is imported or run: a class that Keras' own catalogue does not have
becomes a placeholder.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

import keras

from .folding.fold_cells import folded_cells
from .importing.limits import check_size
from .importing.model_config import ImportRefused
from .importing.network_cells import CellMaker
from .importing.places import file_layers
from .importing.read_keras3 import read_model
from .importing.read_legacy import is_legacy, read_legacy
from .importing.report import Imported, ImportReport

__all__ = ["ImportRefused", "Imported", "from_config", "from_model"]


def from_model(model: keras.Model, name: str = "", *, folded: bool = True) -> Imported:
    """The network cells of a Functional or Sequential model. Raises ImportRefused."""
    return from_config(json.loads(model.to_json()), name, folded=folded)


def from_config(
    data: Mapping[str, Any], name: str = "", *, folded: bool = True, taken: Collection[str] = ()
) -> Imported:
    """The network cells of a model's config, as `model.to_json()` or a `.keras` file has it.

    `name` is what the cell of the whole model is called; its own name when left out. Blocks that repeat in a large
    model become networks of their own, unless it is not to be `folded`. No cell is called as `taken`.

    Raises ImportRefused."""
    check_size(data)
    report = ImportReport()
    maker = CellMaker(report, taken)
    if is_legacy(data):
        model = read_legacy(data)
        if "'hard_sigmoid'" in repr(data):
            report.note("hard_sigmoid was steeper before Keras 3 (0.2 x + 0.5): outputs differ where it is used.")
    else:
        model = read_model(data)
    maker.cell(model, name)
    layers = file_layers(model, maker.places)
    cells = folded_cells(tuple(maker.cells), report, taken) if folded else tuple(maker.cells)
    return Imported(cells, report, layers)
