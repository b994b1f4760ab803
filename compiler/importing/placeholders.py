"""Nodes for layers of no known kind: they keep all that the file says of them. Pure."""

from __future__ import annotations

from typing import Any

from ..document import Node
from .model_config import LayerCall, LayerConfig


def placeholder(layer: LayerConfig, call: LayerCall, kind: str = "", shares: str | None = None) -> Node:
    """A node whose params are the layer's whole config and whose field `imported` is the rest of its entry.

    `kind` is that of a layer that is known but holds code (`Lambda`); else the class's full name stands for one."""
    package = layer.module if layer.module and not layer.module.startswith("builtins") else ""
    name = str(layer.raw.get("registered_name") or "") or f"{package}.{layer.class_name}".lstrip(".")
    if not package and ">" not in name:
        name = f"Custom>{layer.class_name}"
    entry: dict[str, Any] = {key: value for key, value in layer.raw.items() if key not in ("config", "name")}
    return Node.model_validate(
        {
            "kind": kind or name,
            "params": {} if shares else {key: value for key, value in layer.config.items() if key != "name"},
            "label": "" if shares else layer.name,
            "shares": shares,
            "imported": entry,
        }
    )
