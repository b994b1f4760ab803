"""HDF5 files of unknown origin: only plain arrays that are in the file itself are read. Nothing of them runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import h5py
import numpy as np

# As layers hold layers: a Bidirectional around an RNN of cells is six deep.
_DEEPEST = 12
_MOST_ARRAYS = 200_000
# Weights beyond this are not for a notebook, and would fill the memory of whoever opens them.
LARGEST_BYTES = 8 * 2**30


class UnreadableWeights(Exception):
    """Why weights cannot be read, in a few words for the user."""


def entries(group: h5py.Group) -> dict[str, h5py.Group | h5py.Dataset]:
    """The groups and plain arrays in a group, by name. Raises UnreadableWeights for what leads out of the file."""
    found: dict[str, h5py.Group | h5py.Dataset] = {}
    for name in map(str, group.keys()):
        link = group.get(name, getlink=True)
        if not isinstance(link, h5py.HardLink):
            raise UnreadableWeights(f"{name[:60]!r} leads out of the file")
        entry = group[name]
        if isinstance(entry, h5py.Dataset) and (entry.external or entry.is_virtual):
            raise UnreadableWeights(f"{name[:60]!r} leads out of the file")
        if isinstance(entry, h5py.Group | h5py.Dataset):
            found[name] = entry
    return found


def at(group: h5py.Group, path: str) -> h5py.Group | h5py.Dataset | None:
    """What stands at a path below a group, None where nothing does. Raises UnreadableWeights."""
    entry: Any = group
    for step in filter(None, path.split("/")):
        if not isinstance(entry, h5py.Group):
            return None
        entry = entries(entry).get(step)
        if entry is None:
            return None
    return entry


class Budget:
    """How much may still be read of a file, whatever it says of itself."""

    def __init__(self) -> None:
        self.bytes, self.arrays = LARGEST_BYTES, _MOST_ARRAYS

    def array(self, dataset: h5py.Dataset) -> np.ndarray:
        """The numbers of a dataset. Raises UnreadableWeights."""
        self.arrays -= 1
        size = int(dataset.size or 0) * dataset.dtype.itemsize
        self.bytes -= size
        if self.bytes < 0 or self.arrays < 0:
            raise UnreadableWeights(f"they are larger than {LARGEST_BYTES // 2**30} GB")
        if dataset.dtype.hasobject or dataset.dtype.kind not in "fiubV":
            raise UnreadableWeights("they are no numbers")
        try:
            return np.asarray(dataset[()])
        except (OSError, ValueError, MemoryError) as error:
            raise UnreadableWeights("they are damaged") from error


def arrays(group: h5py.Group, budget: Budget, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, np.ndarray]]:
    """Every array below a group with its path. Raises UnreadableWeights."""
    if depth > _DEEPEST:
        raise UnreadableWeights("they are nested too deeply")
    for name, entry in entries(group).items():
        if isinstance(entry, h5py.Group):
            yield from arrays(entry, budget, f"{prefix}{name}/", depth + 1)
        else:
            yield f"{prefix}{name}", budget.array(entry)
