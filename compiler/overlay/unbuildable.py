"""What cannot be a node made from arguments alone, and why."""

from __future__ import annotations

_IS_BASE = "is the plan from which other classes are made; it computes nothing itself"
_IS_CODE = "wraps code, which a notebook keeps in a code cell and not in an argument"

LAYERS: dict[str, str] = {
    "Layer": f"Layer {_IS_BASE}.",
    "Wrapper": f"Wrapper {_IS_BASE}.",
    "InputLayer": "The node Input does what InputLayer does.",
    "TFSMLayer": "TFSMLayer reads a SavedModel from a folder.",
    "FlaxLayer": f"FlaxLayer {_IS_CODE}.",
    "JaxLayer": f"JaxLayer {_IS_CODE}.",
    "TorchModuleWrapper": f"TorchModuleWrapper {_IS_CODE}.",
    "StackedRNNCells": "StackedRNNCells is the cell of an RNN layer; it is no node of its own.",
    "Lambda": f"Lambda {_IS_CODE}.",
}

_FUNCTION = "It takes a function as an argument, which a drawing cannot hold."
_NO_TENSOR = "It takes no tensor: its value is a constant."
_NO_RESULT = "It gives no tensor, but something Python knows when the network is built."

OPS: dict[str, str] = {
    **dict.fromkeys(
        (
            "associative_scan",
            "cond",
            "custom_gradient",
            "fori_loop",
            "map",
            "scan",
            "switch",
            "vectorize",
            "vectorized_map",
            "while_loop",
            "jvp",
        ),
        _FUNCTION,
    ),
    **dict.fromkeys(("arange", "empty", "eye", "full", "identity", "ones", "tri", "zeros"), _NO_TENSOR),
    **dict.fromkeys(("convert_to_numpy", "dtype", "is_tensor", "ndim", "shape", "size"), _NO_RESULT),
}
