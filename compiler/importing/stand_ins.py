"""Layers that Keras keeps to itself, as public ones that compute the same with the same weights. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .model_config import LayerCall, LayerConfig, Tensor


@dataclass(frozen=True, slots=True)
class StandIn:
    """The layers in the place of one, and for each of its calls the tensor that it gives."""

    layers: Sequence[LayerConfig]
    outputs: Sequence[Tensor]


def stand_in(layer: LayerConfig) -> StandIn | None:
    """What stands in for a private layer of Keras' applications; None for every other layer."""
    if not layer.module.startswith("keras.src") or layer.operation:
        return None
    if layer.class_name == "LayerScale":
        return _scale_of_each_channel(layer)
    if layer.class_name == "CustomScaleLayer":
        return _sum_with_scaled(layer)
    return None


def _scale_of_each_channel(layer: LayerConfig) -> StandIn:
    """ConvNeXt's factor for each channel: one weight a channel, multiplied along the last axis."""
    config = {
        "equation": "...d,d->...d",
        "output_shape": [layer.config.get("projection_dim")],
        "kernel_initializer": {
            "class_name": "Constant",
            "config": {"value": layer.config.get("init_values")},
        },
        **{key: layer.config[key] for key in ("dtype", "trainable") if key in layer.config},
    }
    one = LayerConfig(layer.name, "EinsumDense", "keras.layers", config, layer.calls)
    return StandIn((one,), [Tensor(layer.name, number) for number in range(len(layer.calls))])


def _sum_with_scaled(layer: LayerConfig) -> StandIn:
    """InceptionResNetV2's sum of one tensor and another one times a number."""
    scaled = f"{layer.name}/scaled"
    times, sums = [], []
    for number, call in enumerate(layer.calls):
        first, second = call.args[0]
        times.append(LayerCall([second, layer.config.get("scale")]))
        sums.append(LayerCall([[first, Tensor(scaled, number)]]))
    return StandIn(
        (
            LayerConfig(scaled, "Multiply", "keras.src.ops.numpy", {}, times),
            LayerConfig(layer.name, "Add", "keras.layers", {}, sums),
        ),
        [Tensor(layer.name, number) for number in range(len(layer.calls))],
    )
