"""SavedModel: one endpoint `serve`, which is the serving signature too, with the inputs by their names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import tensorflow as tf


def write_saved_model(model: keras.Model, path: Path) -> None:
    """Writes the model as it predicts.

    `Model.export` traces the call without saying that this is no training, and layers of augmentation then go on
    shifting and turning what they are given; so the endpoint says it.
    """

    def spec(tensor: keras.KerasTensor) -> tf.TensorSpec:
        return tf.TensorSpec(tensor.shape, tensor.dtype, tensor.name)

    by_name = {tensor.name: spec(tensor) for tensor in model.inputs}
    signature = next(iter(by_name.values())) if len(by_name) == 1 else by_name
    # Its class depends on the backend, and not every backend's can write.
    archive: Any = keras.export.ExportArchive()
    archive.track(model)
    archive.add_endpoint("serve", lambda inputs: model(inputs, training=False), input_signature=[signature])
    archive.write_out(str(path), verbose=False)
