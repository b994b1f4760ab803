"""Which arguments of an operation are tensors: by name, and by operation where the name misleads."""

from __future__ import annotations

# An argument of one of these names is a tensor in every operation that is not listed below.
TENSORS = {
    "x", "x1", "x2", "xs", "y", "a", "b", "inputs", "array", "tensor", "target", "output", "query", "value",
    "data", "images", "image", "variable",
}  # fmt: skip

LISTS = {"xs", "operands", "condlist", "choicelist"}

# "name": a port; "name=": a port or, unwired, the parameter of that name; "*name": any number of wires.
PORTS: dict[str, tuple[str, ...]] = {}
