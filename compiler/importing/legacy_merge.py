"""Keras 1 let a Sequential begin with a `Merge` of other Sequentials: a model with several inputs. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .legacy_layers import merged, modern
from .model_config import LayerCall, LayerConfig, ModelConfig, Tensor


def branches(name: str, entries: list[Any], read: Callable[[Mapping[str, Any]], ModelConfig]) -> ModelConfig | None:
    """The model of a Sequential whose first layer merges others; None where it does not."""
    first = entries[0] if entries else None
    if not isinstance(first, Mapping) or first.get("class_name") != "Merge":
        return None
    config = first.get("config") or {}
    parts = config.get("layers") if isinstance(config, Mapping) else None
    if not isinstance(parts, list) or not parts:
        return None
    layers: list[LayerConfig] = []
    inputs, ends = [], []
    for number, part in enumerate(parts):
        model = read(part)
        given = LayerConfig(f"input_{number + 1}", "InputLayer", "", dict(model.layers[0].config))
        called = f"branch_{number + 1}"
        model.name = called
        layers += [given, LayerConfig(called, "Sequential", "", {}, [LayerCall([Tensor(given.name)])], model)]
        inputs.append(Tensor(given.name))
        ends.append(Tensor(called))
    class_name, arguments = merged(config)
    last = str(config.get("name") or "merge")
    layers.append(LayerConfig(last, class_name, "", arguments, [LayerCall([ends])]))
    for number, entry in enumerate(entries[1:]):
        inner = dict(entry.get("config") or {})
        kind, inner = modern(str(entry.get("class_name")), inner)
        called = str(inner.get("name") or f"{kind.lower()}_{number + 1}")
        layers.append(LayerConfig(called, kind, "", inner, [LayerCall([Tensor(last)])], raw=dict(entry)))
        last = called
    return ModelConfig(name, layers, inputs, Tensor(last))
