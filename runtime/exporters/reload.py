"""Loads an exported artefact and predicts, in a process of its own that knows nothing of Weftwork.

Run as a script: `python reload.py FORMAT ARTEFACT SAMPLES.npz OUTPUTS.npz [WEIGHTS.keras]`. Samples and outputs go by
name; a name of "" is that of a single unnamed input or output.
"""

from __future__ import annotations

import importlib.util
import runpy
import sys
from typing import Any

import numpy as np

# Keras loads a model by recursion, a call for each layer in a row; Python's limit of 1,000 is soon reached.
_RECURSION_LIMIT = 100_000


def predict_keras(path: str, samples: dict[str, Any], layers: str = "") -> Any:
    import keras

    if layers:
        # Layers of the notebook's own make themselves known to Keras.
        runpy.run_path(layers)
    model: Any = keras.models.load_model(path)
    return model(_inputs(samples), training=False)


def predict_savedmodel(path: str, samples: dict[str, Any]) -> Any:
    import tensorflow as tf

    # Its functions do not keep what was loaded alive.
    loaded = tf.saved_model.load(path)
    return loaded.serve(_tensors(samples))


def predict_python(path: str, samples: dict[str, Any], weights: str) -> Any:
    import keras

    spec = importlib.util.spec_from_file_location("exported", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.build_model()
    trained: Any = keras.models.load_model(weights)
    model.set_weights(trained.get_weights())
    return model(_inputs(samples), training=False)


def _inputs(samples: dict[str, Any]) -> Any:
    return samples[""] if set(samples) == {""} else samples


def _tensors(samples: dict[str, Any]) -> Any:
    import tensorflow as tf

    return _inputs({name: tf.constant(value) for name, value in samples.items()})


def main(arguments: list[str]) -> None:
    form, artefact, samples_path, outputs_path, *rest = arguments
    sys.setrecursionlimit(_RECURSION_LIMIT)
    with np.load(samples_path, allow_pickle=False) as archive:
        # Words travel as fixed-width text, which TensorFlow takes only as objects.
        samples = {
            name.removeprefix("arr_"): value.astype(object) if value.dtype.kind == "U" else value
            for name, value in archive.items()
        }
    predict = {"keras": predict_keras, "savedmodel": predict_savedmodel, "python": predict_python}[form]
    outputs = predict(artefact, samples, *rest)
    named = outputs if isinstance(outputs, dict) else {"": outputs}
    arrays: dict[str, Any] = {f"arr_{name}": np.asarray(value) for name, value in named.items()}
    np.savez(outputs_path, **arrays)


if __name__ == "__main__":
    main(sys.argv[1:])
