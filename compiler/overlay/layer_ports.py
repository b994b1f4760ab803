"""What a layer's signatures do not tell: which arguments are tensors, and which Keras does not take after all."""

from __future__ import annotations

from ..catalogue_types import Port

# Arguments of a call that are choices, not tensors. `training` is neither: the training loop sets it.
CALL_PARAMETERS = ("return_attention_scores", "use_causal_mask", "reverse")

# Arguments of every layer that these refuse or drop.
NOT_TAKEN: dict[str, tuple[str, ...]] = {
    "ActivityRegularization": ("activity_regularizer",),
    "HashedCrossing": ("trainable", "autocast", "activity_regularizer"),
    "IntegerLookup": ("trainable", "autocast", "activity_regularizer"),
    "StringLookup": ("trainable", "autocast", "activity_regularizer"),
}

# Elsewhere Keras passes masks along by itself, and a mask that is wired by hand would be ignored.
_TAKES_MASK = {
    "LSTM",
    "GRU",
    "SimpleRNN",
    "RNN",
    "Bidirectional",
    "TimeDistributed",
    "ConvLSTM1D",
    "ConvLSTM2D",
    "ConvLSTM3D",
    "BatchNormalization",
    "GlobalAveragePooling1D",
    "Softmax",
}

LISTS = ("initial_state", "states")

HELP: dict[str, str] = {
    "initial_state": "States to begin with, in the order in which the layer gives them.",
    "states": "States of the step before, in the order in which the cell gives them.",
    "mask": "Which positions count: true where they do.",
    "query": "What asks: one row for each row of the output.",
    "value": "What is mixed into the output.",
    "key": "What the query is compared with; the value when left open.",
    "query_mask": "Which rows of the query count.",
    "value_mask": "Which rows of the value count.",
    "key_mask": "Which rows of the key count.",
    "attention_mask": "Which row of the query may look at which row of the value.",
    "count_weights": "Weight of each entry when counting.",
}

_MERGED = (Port("inputs", many=True, help="The tensors to merge, in order."),)
_PACKED = (
    Port("query", "inputs", help=HELP["query"]),
    Port("value", "inputs", help=HELP["value"]),
    Port("key", "inputs", required=False, help=HELP["key"]),
    Port("mask", many=True, required=False, help="Two masks: for the rows of the query, for those of the value."),
)

INPUTS: dict[str, tuple[Port, ...]] = {
    "Add": _MERGED,
    "Average": _MERGED,
    "Concatenate": _MERGED,
    "Dot": (Port("inputs", many=True, help="The two tensors to multiply."),),
    "Maximum": _MERGED,
    "Minimum": _MERGED,
    "Multiply": _MERGED,
    "Subtract": (Port("inputs", many=True, help="Two tensors: the second is taken from the first."),),
    "HashedCrossing": (Port("inputs", many=True, help="The features to cross."),),
    "Attention": _PACKED,
    "AdditiveAttention": _PACKED,
}


def is_tensor(layer: str, argument: str) -> bool:
    """Whether this argument of the layer's call is a port."""
    if argument == "mask":
        return layer in _TAKES_MASK
    return argument not in ("self", "training", *CALL_PARAMETERS)
