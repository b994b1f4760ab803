"""Pickles that may hold lists, numbers and NumPy arrays and nothing else: a name of any other thing is refused.

For files alone whose checksum was compared before: some sets of `keras.datasets` come as pickles.
"""

from __future__ import annotations

import io
import pickle
import zipfile
from typing import Any

import numpy as np

_ALLOWED = frozenset(
    {
        ("numpy", "ndarray"),
        ("numpy", "dtype"),
        ("numpy.core.multiarray", "_reconstruct"),
        ("numpy._core.multiarray", "_reconstruct"),
        ("_codecs", "encode"),  # how later versions write the bytes of an array for the oldest protocols
    }
)


class _Plain(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise ValueError(f"it holds {module}.{name}, which is no array")
        return super().find_class(module, name)


def read_pickle(content: bytes) -> Any:
    """What was pickled. Raises ValueError where that is more than lists, dicts, numbers, texts and arrays."""
    try:
        return _Plain(io.BytesIO(content), encoding="bytes").load()
    except (pickle.UnpicklingError, AttributeError, IndexError, TypeError) as error:
        raise ValueError(f"it is no pickle: {error}") from error


def read_archive(content: bytes) -> dict[str, np.ndarray]:
    """The arrays of an `.npz`, those of lists too. Raises ValueError, zipfile.BadZipFile."""
    arrays = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.namelist():
            arrays[member.removesuffix(".npy")] = _array(archive.read(member))
    return arrays


def _array(content: bytes) -> np.ndarray:
    file = io.BytesIO(content)
    version = np.lib.format.read_magic(file)
    headers = np.lib.format.read_array_header_1_0, np.lib.format.read_array_header_2_0
    _, _, dtype = headers[version[0] > 1](file)
    if dtype.hasobject:
        return np.asarray(read_pickle(content[file.tell() :]))
    return np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
