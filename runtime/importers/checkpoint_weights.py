"""The weights of a SavedModel that tf.keras wrote: its checkpoint, by the names of the variables. Needs TensorFlow."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ...compiler.importing.places import FileLayer
from ..safe_hdf5 import LARGEST_BYTES, UnreadableWeights
from .saved_model_metadata import metadata_by_path

_VALUE = "/.ATTRIBUTES/VARIABLE_VALUE"
_LAYER = "layer_with_weights-"


def checkpoint_arrays(folder: Path, layers: tuple[FileLayer, ...]) -> Iterator[tuple[str, Mapping[str, np.ndarray]]]:
    """For each imported layer its arrays by path (`kernel`, `cell/kernel`). Raises UnreadableWeights."""
    import tensorflow as tf

    try:
        reader: Any = tf.train.load_checkpoint(str(folder / "variables" / "variables"))
        shapes = reader.get_variable_to_shape_map()
    except Exception as error:
        raise UnreadableWeights("they are damaged, or not there") from error
    if sum(4 * int(np.prod(shape or [1])) for shape in shapes.values()) > LARGEST_BYTES:
        raise UnreadableWeights(f"they are larger than {LARGEST_BYTES // 2**30} GB")
    below: dict[str, dict[str, str]] = {}
    for key in shapes:
        path = key.removesuffix(_VALUE)
        if path == key or not key.startswith(_LAYER):
            continue
        steps = path.split("/")
        depth = next((n for n, step in enumerate(steps) if not step.startswith(_LAYER)), len(steps))
        below.setdefault(".".join(steps[:depth]), {})["/".join(steps[depth:])] = key
    names = {
        path.removeprefix("root."): json.loads(text).get("name") for path, text in metadata_by_path(folder).items()
    }
    for place, keys in sorted(below.items()):
        layer = _found(layers, place, names)
        if layer:
            yield layer, {name: np.asarray(reader.get_tensor(key)) for name, key in keys.items()}


def _found(layers: tuple[FileLayer, ...], place: str, names: Mapping[str, Any]) -> str:
    """The imported layer at `layer_with_weights-1.layer_with_weights-0`, each step a layer by the name that it has."""
    found: FileLayer | None = None
    steps = place.split(".")
    for depth in range(len(steps)):
        called = names.get(".".join(steps[: depth + 1]))
        found = next((one for one in layers if one.name == called), None)
        if found is None:
            return ""
        layers = found.inside
    return found.layer if found is not None else ""
