"""From Keras to the notebook: a model, or the config of one, as network cells. Imports Keras: child processes only.

Configs are only read. Nothing that stands in them is imported or run: a class that Keras' own catalogue does not have
becomes a placeholder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import keras

from .importing.limits import check_size
from .importing.model_config import ImportRefused
from .importing.network_cells import CellMaker
from .importing.read_keras3 import read_model
from .importing.read_legacy import is_legacy, read_legacy
from .importing.report import Imported, ImportReport

__all__ = ["ImportRefused", "Imported", "from_config", "from_model"]


def from_model(model: keras.Model, name: str = "") -> Imported:
    """The network cells of a Functional or Sequential model. Raises ImportRefused."""
    return from_config(json.loads(model.to_json()), name)


def from_config(data: Mapping[str, Any], name: str = "") -> Imported:
    """The network cells of a model's config, as `model.to_json()` or a `.keras` file has it.

    `name` is what the cell of the whole model is called; its own name when left out. Raises ImportRefused."""
    check_size(data)
    report = ImportReport()
    maker = CellMaker(report)
    if is_legacy(data):
        model = read_legacy(data)
        if "'hard_sigmoid'" in repr(data):
            report.note("hard_sigmoid was steeper before Keras 3 (0.2 x + 0.5): outputs differ where it is used.")
    else:
        model = read_model(data)
    maker.cell(model, name)
    return Imported(tuple(maker.cells), report)
