"""How many threads one operation of a small network is worth: one. Pure, from the drawing alone.

To cut an operation up and put it together again takes longer than a second thread saves, until it is large. The choice
changes bits, so it is made with the run and stands in run.json; what is not surely small is left to all processors.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

from ..compiler.device_options import read_placement
from ..compiler.document import NetworkCell, TrainingCell
from ..compiler.training_options import read_options

# Multiplications and additions of one operation that one thread does in less than a millisecond.
SMALL = 32e6
# Parameters that say how wide a layer is. A layer of another kind, convolutions and networks first, may be large.
_WIDTHS: dict[str, tuple[str, ...]] = {
    "Dense": ("units",),
    "Embedding": ("output_dim",),
    "GRU": ("units",),
    "LSTM": ("units",),
    "SimpleRNN": ("units",),
    "MultiHeadAttention": ("num_heads", "key_dim"),
}
# Gates of a recurrent layer are computed as one.
_TIMES = {"LSTM": 4, "GRU": 3}
_NO_WORK = frozenset(
    {"Input", "Output", "Flatten", "Reshape", "Permute", "RepeatVector", "Cropping1D", "ZeroPadding1D"}
    | {"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"}
    | {"Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax"}
    | {"Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout", "SpatialDropout1D", "ActivityRegularization"}
    | {"BatchNormalization", "LayerNormalization", "UnitNormalization", "RMSNormalization"}
    | {"GlobalAveragePooling1D", "GlobalMaxPooling1D", "AveragePooling1D", "MaxPooling1D"}
)


def threads_fact(cell: TrainingCell, network: object, options: Mapping[str, Any]) -> dict[str, int]:
    """What run.json says of threads: as many as were chosen, or one for a small network on one device."""
    chosen = read_options(cell.options).threads
    if chosen is not None:
        return {"threads": chosen}
    # Several replicas share the processors, by rules of their own.
    if not isinstance(network, NetworkCell) or read_placement(cell.options, options).to_json():
        return {}
    return {"threads": 1} if is_small(network, int(options.get("batch_size") or cell.batch_size)) else {}


def is_small(network: NetworkCell, batch_size: int) -> bool:
    """Whether no operation of a training step can be large: an upper bound from the widths that are drawn."""
    inputs: list[tuple[int, ...]] = []
    widths, heaviest = [1], 0
    for node in network.nodes.values():
        if node.kind == "Input":
            shape = _whole(node.params.get("shape"))
            if shape is None:
                return False
            inputs.append(shape)
        elif node.kind in _WIDTHS:
            found = [node.params.get(name) for name in _WIDTHS[node.kind]]
            sizes = [number for number in found if isinstance(number, int) and not isinstance(number, bool)]
            if len(sizes) < len(found):
                return False
            widths.append(prod(sizes))
            heaviest = max(heaviest, widths[-1] * _TIMES.get(node.kind, 1))
        elif node.kind not in _NO_WORK:
            return False
    # What is concatenated or flattened is as wide as all of it together, at every place of a sequence.
    kinds = {node.kind for node in network.nodes.values()}
    places = max([1, *(prod(shape if "Embedding" in kinds else shape[:-1]) for shape in inputs)])
    widths += [shape[-1] for shape in inputs if shape]
    widest = sum(widths) if "Concatenate" in kinds else max(widths)
    return 2 * batch_size * places * widest * heaviest <= SMALL


def _whole(shape: Any) -> tuple[int, ...] | None:
    if not isinstance(shape, list | tuple) or not all(isinstance(size, int) for size in shape):
        return None
    return tuple(shape)
