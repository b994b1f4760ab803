"""The weights in a file that Keras wrote, into a file of our own that has them by the layers' names. Runs nothing.

`layers/<name>/…` holds a layer's variables as Keras 3 saves them: by place, those of layers inside it below their
attributes. `lists/<n>` is one list for some layers (attribute `layers`) as in HDF5 files: what is trained comes
first, which is nothing of the layers that were `frozen` when they were saved.
`named/<name>/…` has them by the variables' names, as checkpoints do.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from ...compiler.importing.places import FileLayer
from ..safe_hdf5 import LARGEST_BYTES, Budget, UnreadableWeights, arrays, at, entries
from .checkpoint_weights import checkpoint_arrays
from .old_weights import modern_weights

_IN_ARCHIVE = "model.weights.h5"
# Where a model's layers stand in it: since Keras 3, and in tf.keras 2.12 to 2.15.
_ROOTS = ("layers", "_layer_checkpoint_dependencies")


def has_weights(path: Path) -> bool:
    """Whether a file may have weights at all: JSON has none."""
    if path.is_dir():
        return (path / "variables").is_dir()
    with path.open("rb") as file:
        begin = file.read(8)
    if begin[:4] == b"PK\x03\x04":
        try:
            with zipfile.ZipFile(path) as archive:
                return any(name.startswith("model.weights") for name in archive.namelist())
        except (zipfile.BadZipFile, OSError):
            return False
    return begin == b"\x89HDF\r\n\x1a\n"


def keep_weights(path: Path, layers: tuple[FileLayer, ...], target: Path) -> list[str]:
    """Writes the weights of a model's file to `target`. Gives the imported layers that got some.

    Raises UnreadableWeights; then there may be a part of a file."""
    with h5py.File(target, "w") as kept:
        kept.attrs["format"] = 1
        if path.is_dir():
            return _keep_named(kept, path, layers)
        with path.open("rb") as file:
            is_archive = file.read(4) == b"PK\x03\x04"
        if not is_archive:
            with _opened(path) as file:
                return _keep_lists(kept, file, layers)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            unpacked = _unpacked(path, Path(folder, "weights.h5"))
            with _opened(unpacked) as file:
                return _keep_trees(kept, file, layers)


def _opened(path: Path) -> h5py.File:
    try:
        return h5py.File(path, "r")
    except OSError as error:
        raise UnreadableWeights("they are damaged") from error


def _unpacked(path: Path, target: Path) -> Path:
    """The weights of an archive as a file. By what comes out, not by what the archive says of itself."""
    try:
        with zipfile.ZipFile(path) as archive:
            if _IN_ARCHIVE not in archive.namelist():
                raise UnreadableWeights("they are in several files, or of a form that is not known")
            with archive.open(_IN_ARCHIVE) as source, target.open("wb") as file:
                left = LARGEST_BYTES
                while block := source.read(2**22):
                    left -= len(block)
                    if left < 0:
                        raise UnreadableWeights(f"they are larger than {LARGEST_BYTES // 2**30} GB")
                    file.write(block)
    except UnreadableWeights:
        raise
    except Exception as error:  # zipfile and zlib raise what they like.
        raise UnreadableWeights("they are damaged") from error
    return target


def _keep_trees(kept: h5py.File, file: h5py.File, layers: tuple[FileLayer, ...]) -> list[str]:
    budget, found = Budget(), []
    for group, layer in _trees(file, layers):
        own = dict(arrays(group, budget))
        own = {name: value for name, value in own.items() if "seed_generator/" not in name}
        if own:
            _write(kept, f"layers/{layer}", own)
            found.append(layer)
    return found


def _trees(model: h5py.Group, layers: tuple[FileLayer, ...]) -> Iterator[tuple[h5py.Group, str]]:
    """The group of each layer. Keras calls them by their classes, numbered in the order of the layers."""
    from keras.src.utils.naming import to_snake_case

    root = next((found for name in _ROOTS if isinstance(found := at(model, name), h5py.Group)), None)
    if root is None:
        return
    groups = entries(root)
    counted: dict[str, int] = {}
    for layer in layers:
        stem = to_snake_case(layer.class_name)
        number = counted.get(stem, 0)
        counted[stem] = number + 1
        group = groups.get(f"{stem}_{number}" if number else stem)
        if not isinstance(group, h5py.Group):
            continue
        if layer.inside:
            yield from _trees(group, layer.inside)
        elif layer.layer:
            yield group, layer.layer


def _keep_lists(kept: h5py.File, file: h5py.File, layers: tuple[FileLayer, ...]) -> list[str]:
    root = at(file, "model_weights")
    root = root if isinstance(root, h5py.Group) else file
    version, backend = _text(root.attrs.get("keras_version", "1")), _text(root.attrs.get("backend", ""))
    budget, found = Budget(), []
    for layer in layers:
        group, leaves = at(root, layer.name), layer.leaves()
        if not isinstance(group, h5py.Group) or not leaves:
            continue
        values = [budget.array(one) for one in _in_order(group)]
        if not values:
            continue
        if not layer.inside:
            values = modern_weights(layer.class_name, values, version, backend)
        place = f"lists/{len(found)}"
        _write(kept, place, {str(number): value for number, value in enumerate(values)})
        kept[place].attrs["layers"] = json.dumps([leaf.layer for leaf in leaves])
        kept[place].attrs["frozen"] = json.dumps([leaf.layer for leaf in leaves if leaf.frozen])
        found += [leaf.layer for leaf in leaves]
    return found


def _in_order(group: h5py.Group) -> Iterator[h5py.Dataset]:
    """The arrays of a layer in the order of its weights; long lists of names are cut in pieces."""
    names: list[Any] = []
    if "weight_names" in group.attrs:
        names += np.asarray(group.attrs["weight_names"]).tolist()
    piece = 0
    while f"weight_names{piece}" in group.attrs:
        names += np.asarray(group.attrs[f"weight_names{piece}"]).tolist()
        piece += 1
    for name in names:
        entry = at(group, _text(name))
        if not isinstance(entry, h5py.Dataset):
            raise UnreadableWeights(f"{_text(name)[:60]!r} is not there")
        yield entry


def _keep_named(kept: h5py.File, folder: Path, layers: tuple[FileLayer, ...]) -> list[str]:
    found = []
    for layer, own in checkpoint_arrays(folder, layers):
        _write(kept, f"named/{layer}", own)
        found.append(layer)
    return found


def _write(kept: h5py.File, place: str, values: Mapping[str, np.ndarray]) -> None:
    group = kept.require_group(place)
    for name, value in values.items():
        group.create_dataset(name, data=value)


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
