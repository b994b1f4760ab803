"""Loads an exported artefact and predicts, in a process of its own that knows nothing of Weftwork.

Run as a script: `python reload.py FORMAT ARTEFACT SAMPLES.npz OUTPUTS.npz [BESIDE]`. Samples and outputs go by name; a
name of "" is that of a single unnamed input or output.
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

    model = _built(path)
    trained: Any = keras.models.load_model(weights)
    model.set_weights(trained.get_weights())
    return model(_inputs(samples), training=False)


def predict_weights(path: str, samples: dict[str, Any], script: str) -> Any:
    model = _built(script)
    model.load_weights(path)
    return model(_inputs(samples), training=False)


def _built(script: str) -> Any:
    spec = importlib.util.spec_from_file_location("exported", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.build_model()


def predict_onnx(path: str, samples: dict[str, Any]) -> Any:
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    given = {entry.name: samples.get(entry.name, samples.get("")) for entry in session.get_inputs()}
    names = [entry.name for entry in session.get_outputs()]
    return _unnamed_if_alone(dict(zip(names, session.run(names, given), strict=True)))


def predict_litert(path: str, samples: dict[str, Any]) -> Any:
    try:
        from ai_edge_litert.interpreter import Interpreter  # pyright: ignore[reportMissingImports]
    except ImportError:
        import tensorflow as tf

        Interpreter = tf.lite.Interpreter
    run = Interpreter(model_path=path).get_signature_runner("serving_default")
    details = run.get_input_details()
    given = {name: samples[name if name in samples else ""] for name in details}
    rows = len(next(iter(given.values())))
    # -1 stands for any number of rows.
    any_rows = all(detail["shape_signature"][:1] != [1] for detail in details.values())
    steps = [slice(None)] if any_rows else [slice(row, row + 1) for row in range(rows)]
    parts = [run(**{name: value[step] for name, value in given.items()}) for step in steps]
    return _unnamed_if_alone({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def _unnamed_if_alone(outputs: dict[str, Any]) -> Any:
    return next(iter(outputs.values())) if len(outputs) == 1 else outputs


def _inputs(samples: dict[str, Any]) -> Any:
    return samples[""] if set(samples) == {""} else samples


def _tensors(samples: dict[str, Any]) -> Any:
    import tensorflow as tf

    return _inputs({name: tf.constant(value) for name, value in samples.items()})


_PREDICT: dict[str, Any] = {
    "keras": predict_keras,
    "savedmodel": predict_savedmodel,
    "python": predict_python,
    "weights": predict_weights,
    "onnx": predict_onnx,
    "litert": predict_litert,
}


def main(arguments: list[str]) -> None:
    form, artefact, samples_path, outputs_path, *rest = arguments
    sys.setrecursionlimit(_RECURSION_LIMIT)
    with np.load(samples_path, allow_pickle=False) as archive:
        # Words travel as fixed-width text, which TensorFlow takes only as objects.
        samples = {
            name.removeprefix("arr_"): value.astype(object) if value.dtype.kind == "U" else value
            for name, value in archive.items()
        }
    outputs = _PREDICT[form](artefact, samples, *rest)
    named = outputs if isinstance(outputs, dict) else {"": outputs}
    arrays: dict[str, Any] = {f"arr_{name}": np.asarray(value) for name, value in named.items()}
    np.savez(outputs_path, **arrays)


if __name__ == "__main__":
    main(sys.argv[1:])
