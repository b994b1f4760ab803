"""The names of nodes: what people read in problems, and what layers are called in Keras."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from .document import NetworkCell, Node
from .model_name import model_name

# TensorFlow refuses a name scope outside this alphabet, and Keras a name with a slash.
_FORBIDDEN = re.compile(r"[^A-Za-z0-9_.\-]+")

# Operations that Keras names by another word than its own function; the class behind it decides.
_OTHER_NAMES = {
    "ops.abs": "absolute",
    "ops.allclose": "all_close",
    "ops.batch_normalization": "batch_norm",
    "ops.cdist": "c_dist",
    "ops.conj": "conjugate",
    "ops.image.extract_patches_3d": "extract_patches",
    "ops.isin": "is_in",
    "ops.layer_normalization": "layer_norm",
    "ops.rms_normalization": "rms_norm",
    "ops.searchsorted": "search_sorted",
}


def layer_names(network: NetworkCell) -> dict[str, str]:
    """A name for every node by id: its label, else its kind in snake case, numbered where it is taken.

    Layers and Inputs have one space of names, since a Keras model keeps them in one; Outputs have their own, so
    that an Output may be called like the layer before it.
    """
    operations = {node.kind for node in network.nodes.values() if node.kind.startswith("ops.")}
    used_by_operations = {name for kind in operations for name in (snake_case(kind), operation_name(kind))}
    names: dict[str, str] = {}
    taken: dict[bool, dict[str, int]] = {True: {}, False: {}}  # name → the last number given to it
    labelled_first = sorted(network.nodes.items(), key=lambda item: not item[1].label)
    for node_id, node in labelled_first:
        stem = (node.label and keras_name(node.label)) or _stem(node)
        if used_by_operations and not node.kind.startswith("ops.") and _numberless(stem) in used_by_operations:
            # Keras names an operation itself (`add`, `add_1`) and refuses a layer of that name beside it.
            stem += "_layer"
        space = taken[node.kind == "Output"]
        name, number = stem, space.get(stem, 0)
        while name in space:
            number += 1
            name = f"{stem}_{number}"
        space[stem] = number
        space.setdefault(name, 0)
        names[node_id] = name
    return {node_id: names[node_id] for node_id in network.nodes}


def operation_name(kind: str) -> str:
    """What Keras calls an operation in a model, without its number: `ops.add` → `add`, `ops.abs` → `absolute`."""
    return _OTHER_NAMES.get(kind) or snake_case(kind)


@cache
def snake_case(kind: str) -> str:
    """`Conv2D` → `conv2d`, `GlobalMaxPooling1D` → `global_max_pooling1d`, as Keras names its own layers."""
    name = re.sub(r"\W+", "", kind.rsplit(".", 1)[-1])
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def _stem(node: Node) -> str:
    _, nested, network = node.kind.partition("network:")
    return (model_name(network) if nested else snake_case(node.kind)) or "node"


def keras_name(text: str) -> str:
    """`text` in the letters that Keras and TensorFlow allow; "" when nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _FORBIDDEN.sub("_", plain.strip()).strip("_-.")


def _numberless(name: str) -> str:
    return re.sub(r"_\d+$", "", name)
