"""LiteRT (TensorFlow Lite): in float32, or in int8 with ranges that are taken from training rows."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from .blame import refusal
from .refused import ExportRefused
from .write_saved_model import write_saved_model

TITLE = "LiteRT"
Rows = Callable[[], Iterable[dict[str, np.ndarray]]]


def litert_model(model: keras.Model, rows: Rows | None = None) -> tuple[bytes, int | None]:
    """The file, and how many rows it takes at a time, None for any number. With `rows`, batches of one row by input
    name, weights and activations are int8; inputs and outputs stay what they are. Raises ExportRefused.

    Layers with loops (LSTM, GRU) can only be held for batches of a known size, which is 1.
    """
    try:
        return _converted(model, None, rows), None
    except Exception:  # The converter raises whatever it comes upon.
        try:
            return _converted(model, 1, rows), 1
        except Exception as error:
            raise ExportRefused(refusal(model, TITLE, _convert_one, 1, error)) from error


def _converted(model: keras.Model, batch: int | None, rows: Rows | None) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write_saved_model(model, Path(folder, "model"), batch)
        converter = tf.lite.TFLiteConverter.from_saved_model(str(Path(folder, "model")))
        if rows is not None:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.representative_dataset = rows
            # What has no form in int8 stays in float.
            builtins = tf.lite.OpsSet
            converter.target_spec.supported_ops = [builtins.TFLITE_BUILTINS_INT8, builtins.TFLITE_BUILTINS]
        return _checked(converter.convert())


def _convert_one(call: Any, specs: list[tf.TensorSpec], operation: Any) -> None:
    module: Any = tf.Module()
    module.serve, module.of = tf.function(call, input_signature=specs), operation
    with tempfile.TemporaryDirectory() as folder:
        # Only what is loaded from a folder has its loops and tables taken along.
        tf.saved_model.save(module, folder, signatures=module.serve.get_concrete_function())
        _checked(tf.lite.TFLiteConverter.from_saved_model(folder).convert())


def _checked(content: bytes) -> bytes:
    """Raises ValueError where the interpreter, which knows no more than the built-in operations, cannot run it."""
    tf.lite.Interpreter(model_content=content).allocate_tensors()
    return content
