"""SavedModel: one endpoint `serve`, which is the serving signature too, with the inputs by their names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras

from .serving_function import predicting, signature, structured


def write_saved_model(model: keras.Model, path: Path, rows: int | None = None) -> None:
    """Writes the model as it predicts. `rows` is the size of the batch, None for any."""
    # Its class depends on the backend, and not every backend's can write.
    archive: Any = keras.export.ExportArchive()
    archive.track(model)
    archive.add_endpoint("serve", predicting(model), input_signature=[structured(signature(model, rows))])
    archive.write_out(str(path), verbose=False)
