"""The layers of a notebook's own code, as a module beside a .keras file: whoever imports it can load the file.

import digits_layers
import keras

model = keras.models.load_model("digits.keras")
"""

from __future__ import annotations

from pathlib import Path

from ...compiler.code.kinds import source_text
from ...compiler.program import Program
from ...compiler.to_python import formatted


def layers_beside(model: Path) -> Path:
    """Where the layers of a model file stand: `digits.keras` has `digits_layers.py`."""
    return model.with_name(f"{model.stem}_layers.py")


def write_layers(program: Program, model: Path) -> Path | None:
    """Writes the layers that the program has of the user's own; None where it has none, and nothing is written."""
    own = tuple(one for one in program.code if one.kind.group == "layer")
    if not own:
        return None
    imports, others = source_text(own)
    title = f'"""Layers of {model.name}: import this before keras.models.load_model."""'
    path = layers_beside(model)
    path.write_text(formatted("\n".join([title, "", *imports, "", "", "\n\n".join(others)])), encoding="utf-8")
    return path
