"""How the result of a call is taken apart into the values of its output ports. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .catalogue_types import Kind

# These give a list or tuple even where it has one entry.
_LISTS = {
    *("ops.split", "ops.array_split", "ops.hsplit", "ops.vsplit", "ops.dsplit", "ops.unstack", "ops.meshgrid"),
    "ops.unravel_index",
}
_CELLS = {"LSTMCell", "GRUCell", "SimpleRNNCell"}


def unpacking_text(kind: Kind, params: Mapping[str, Any], names: list[str], call: str) -> tuple[str, str]:
    """The left and the right side of the assignment of `call` to variables, in the order of the ports."""
    if kind.name in _CELLS:
        output, *states = names
        return f"{output}, ({', '.join(states)}{',' if len(states) == 1 else ''})", call
    if kind.name == "RNN" and len(names) > 1 and _stacked(params.get("cell")):
        return ", ".join(names), f"keras.tree.flatten({call})"
    if kind.name in _LISTS and len(names) == 1:
        return f"({names[0]},)", call
    return ", ".join(names), call


def _stacked(cell: Any) -> bool:
    return isinstance(cell, list) or (isinstance(cell, Mapping) and cell.get("kind") == "StackedRNNCells")
