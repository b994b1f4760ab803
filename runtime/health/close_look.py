"""One layer from close by: how its weights, gradients and activations are spread, its filters, where it attends.

Made when somebody looks at the layer, with the rows that all looks use, aside from the training: nothing is written to
a variable, no seed is drawn.
"""

from __future__ import annotations

import base64
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from .activations import SampleRows, run_aside

BINS = 40
_ENOUGH = 1_000_000
# More pictures than a person compares.
_FILTERS = 64
_HEADS = 8
_TOKENS = 64
_ATTENTION = (
    keras.layers.MultiHeadAttention,
    keras.layers.GroupQueryAttention,
    keras.layers.Attention,
    keras.layers.AdditiveAttention,
)


def close_look(
    model: keras.Model, layer: keras.Layer, rows: SampleRows, gradients: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What there is to see of a layer, as JSON: `weights` and `gradients` by variable and `activations`, each with a
    histogram; `filters` and `attention` as pictures where the layer has such. `gradients` as `gradients_of` gives
    them, where they are known already."""
    known = gradients_of(model, layer.trainable_variables, rows) if gradients is None else gradients
    own = {variable.name: known[variable.path] for variable in layer.trainable_variables if variable.path in known}
    seen: dict[str, Any] = {
        "weights": {variable.name: spread(variable.numpy()) for variable in layer.weights},
        "gradients": {name: spread(tf.convert_to_tensor(gradient).numpy()) for name, gradient in own.items()},
    }
    output = _output(layer)
    if output is not None:
        activations = run_aside(keras.Model(model.inputs, [output], name="close"), rows.x)[0]
        seen["activations"] = spread(activations.numpy())
    filters = _filters(layer)
    if filters is not None:
        seen["filters"] = filters
    attention = _attention(model, layer, rows)
    if attention is not None:
        seen["attention"] = attention
    return seen


def spread(values: np.ndarray) -> dict[str, Any]:
    """A histogram with its ends, mean, standard deviation and the share of zeros. The outermost thousandth on either
    side is counted into the last bins, so that one value does not press the others flat."""
    size = values.size
    # A million tell the shape of any distribution.
    values = np.asarray(values.ravel()[:: -(-size // _ENOUGH) or 1], float)
    finite = values[np.isfinite(values)]
    if not len(finite):
        return {"counts": [], "low": 0.0, "high": 0.0, "mean": 0.0, "deviation": 0.0, "zeros": 0.0, "size": size}
    low, high = (float(end) for end in np.quantile(finite, [0.001, 0.999]))
    if low == high:
        low, high = float(finite.min()), float(finite.max())
    least = max(abs(low), abs(high)) * 1e-9
    if high - low <= least:
        # So near to each other that there is no room for bins between them.
        low, high = low - max(0.5, 40 * least), high + max(0.5, 40 * least)
    counts, _ = np.histogram(np.clip(finite, low, high), BINS, (low, high))
    return {
        "counts": counts.tolist(),
        "low": low,
        "high": high,
        "mean": float(finite.mean()),
        "deviation": float(finite.std()),
        "zeros": float(np.mean(finite == 0)),
        "size": size,
    }


def gradients_of(model: keras.Model, variables: list[Any], rows: SampleRows) -> dict[str, Any]:
    """By path of the variable: those of the loss over the sample, dropout and the like at rest."""
    if not variables:
        return {}
    # The scope must hold the weights that it is to give: regularizers ask it, not the variable.
    values = {variable.path: tf.convert_to_tensor(variable.value) for variable in model.variables}
    asked = [values[variable.path] for variable in variables]
    with tf.GradientTape() as tape:
        tape.watch(asked)
        with keras.StatelessScope([(variable, values[variable.path]) for variable in model.variables]):
            predicted = model(rows.x, training=False)
            loss: Any = model.compute_loss(x=rows.x, y=rows.y, y_pred=predicted, training=False)
    gradients = tape.gradient(loss, asked) or []
    named = zip(variables, gradients, strict=True)
    return {variable.path: gradient for variable, gradient in named if gradient is not None}


def _output(layer: keras.Layer) -> Any:
    nodes = layer._inbound_nodes
    tensors = nodes[0].output_tensors if nodes else []
    return tensors[0] if tensors else None


def picture(values: np.ndarray) -> str:
    """Values of shape (height, width) or (height, width, 3) as bytes from their lowest to their highest, base64."""
    low, high = float(values.min()), float(values.max())
    scaled = (values - low) / ((high - low) or 1.0) * 255
    return base64.b64encode(np.round(scaled).astype(np.uint8).tobytes()).decode()


def _filters(layer: keras.Layer) -> dict[str, Any] | None:
    """The kernel of a convolution of images, a picture a filter: in colour for three channels, else their mean."""
    kernel = getattr(layer, "kernel", None)
    if not isinstance(layer, keras.layers.Conv2D) or kernel is None:
        return None
    values = kernel.numpy()
    height, width, channels, count = values.shape
    if height * width < 2:
        return None
    shown = values if channels == 3 else values.mean(axis=2, keepdims=True)
    pictures = [picture(shown[..., number]) for number in range(min(count, _FILTERS))]
    return {"height": height, "width": width, "channels": shown.shape[2], "count": count, "pictures": pictures}


def _attention(model: keras.Model, layer: keras.Layer, rows: SampleRows) -> dict[str, Any] | None:
    """The scores of the first row of the sample, a picture a head: lines are queries, columns what they attend to."""
    if not isinstance(layer, _ATTENTION) or not layer._inbound_nodes:
        return None
    arguments = layer._inbound_nodes[0].arguments
    given = keras.tree.flatten((arguments.args, arguments.kwargs))
    symbolic = [value for value in given if isinstance(value, keras.KerasTensor)]
    found = iter(run_aside(keras.Model(model.inputs, symbolic, name="close"), _first(rows.x)))
    taken: Any = keras.tree.map_structure(
        lambda value: next(found) if isinstance(value, keras.KerasTensor) else value, (arguments.args, arguments.kwargs)
    )
    args, kwargs = taken
    with keras.StatelessScope():
        _, scores = layer(*args, **{**kwargs, "return_attention_scores": True, "training": False})
    scores = scores.numpy()[0]
    heads = scores if scores.ndim == 3 else scores[None]
    heads = heads[:_HEADS, :_TOKENS, :_TOKENS].astype(float)
    if heads.ndim != 3:
        return None
    return {
        "height": heads.shape[1],
        "width": heads.shape[2],
        "channels": 1,
        "count": len(heads),
        "pictures": [picture(head) for head in heads],
    }


def _first(x: Any) -> Any:
    return keras.tree.map_structure(lambda tensor: tensor[:1], x)
