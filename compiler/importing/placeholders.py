"""Nodes for layers of no known kind: they keep all that the file says of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from ..document import Node
from .model_config import Constant, LayerCall, LayerConfig, Tensor
from .readable_code import code_in

Spec = tuple[list[Any], str] | None


def placeholder(
    layer: LayerConfig, call: LayerCall, outputs: Sequence[Spec], kind: str = "", shares: str | None = None
) -> Node:
    """A node whose params are the layer's whole config and whose field `imported` is the rest of its entry.

    `kind` is that of a layer that is known but holds code (`Lambda`); else the class's full name stands for one.
    `imported` also has the `call`, in which `{"tensor": n}` stands for what the wire to place n brings, the `outputs`
    as far as the file tells them, and the `code` that it holds, as far as it can be read."""
    package = layer.module if layer.module and not layer.module.startswith("builtins") else ""
    name = str(layer.raw.get("registered_name") or "") or f"{package}.{layer.class_name}".lstrip(".")
    if not package and ">" not in name:
        name = f"Custom>{layer.class_name}"
    entry: dict[str, Any] = {key: value for key, value in layer.raw.items() if key not in ("config", "name")}
    places = count()
    entry["call"] = {"args": _kept(call.args, places), "kwargs": _kept(call.kwargs, places)}
    entry["outputs"] = [None if spec is None else {"shape": spec[0], "dtype": spec[1]} for spec in outputs]
    code = code_in(layer.config) if shares is None else ""
    if code:
        entry["code"] = code
    return Node.model_validate(
        {
            "kind": kind or name,
            "params": {} if shares else {key: value for key, value in layer.config.items() if key != "name"},
            "label": "" if shares else layer.name,
            "shares": shares,
            "imported": entry,
        }
    )


def _kept(value: Any, places: count[int]) -> Any:
    """Arguments of a call as JSON, tensors numbered in the order in which they are wired: dicts by sorted keys."""
    if isinstance(value, Tensor):
        return {"tensor": next(places)}
    if isinstance(value, Constant):
        return {"class_name": "__tensor__", "config": {"value": value.value, "dtype": value.dtype}}
    if isinstance(value, list | tuple):
        return [_kept(item, places) for item in value]
    if isinstance(value, dict):
        return {key: _kept(value[key], places) for key in sorted(value)}
    return value
