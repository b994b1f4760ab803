"""The network with its preparation in front: what takes raw values and answers in the data's own units."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from ..data.preparation import preparation_model, restoring_layer
from .subject import SAMPLE_ROWS, Subject, network_samples, unnamed_if_alone


def serving_model(subject: Subject, *, preparation: bool) -> tuple[keras.Model, dict[str, np.ndarray]]:
    """The model to export, and sample rows for it; the network itself where nothing is or should be prepared."""
    plan, dataset, data = subject.plan, subject.dataset, subject.data
    if not preparation or plan is None or dataset is None or data is None:
        return subject.model, network_samples(subject)
    fields = list(dict.fromkeys(plan.inputs.values()))
    front = preparation_model(data, dataset, fields)
    if front is None:
        return subject.model, network_samples(subject)
    raw = {tensor.name: keras.Input(tensor.shape[1:], dtype=tensor.dtype, name=tensor.name) for tensor in front.inputs}
    prepared: Any = front(raw)
    fed = {given.name: prepared[plan.inputs[given.node]] for given in subject.program.inputs}
    outputs = _restored(subject, subject.model(_alone(fed)))
    model = keras.Model(_alone(raw), outputs, name=f"{subject.model.name}_with_preparation")
    samples = {name: dataset.raw_validation[name][:SAMPLE_ROWS] for name in raw}
    return model, unnamed_if_alone(samples)


def _restored(subject: Subject, outputs: Any) -> Any:
    """Predictions of a target that was prepared come back in its own units; nobody outside knows the constants."""
    named = outputs if isinstance(outputs, dict) else {subject.program.outputs[0].name: outputs}
    restored = {}
    for given in subject.program.outputs:
        assert subject.plan is not None
        assert subject.dataset is not None
        field = subject.plan.targets.get(given.node, "")
        known = field in subject.dataset.plan and subject.dataset.plan[field].field.role == "target"
        layer = restoring_layer(subject.dataset.plan, field) if known else None
        restored[given.name] = layer(named[given.name]) if layer else named[given.name]
    return restored if isinstance(outputs, dict) else restored[subject.program.outputs[0].name]


def _alone(by_name: dict[str, Any]) -> Any:
    return next(iter(by_name.values())) if len(by_name) == 1 else by_name


def predictions(model: keras.Model, samples: dict[str, np.ndarray]) -> Any:
    """What the model gives for the samples, in this process."""
    import tensorflow as tf

    tensors = {name: tf.constant(value) for name, value in samples.items()}
    return model(tensors[""] if set(tensors) == {""} else tensors, training=False)
