"""NumPy archives: every array a field, rows along the first axis."""

from __future__ import annotations

import hashlib
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from ...compiler.document import DataCell
from ...compiler.problems import Problem
from .columns import Column, as_target, category
from .source import Raw, UnusableData, inside, problem

_TRAINING_SUFFIXES = ("_train", "_training")
_VALIDATION_SUFFIXES = ("_validation", "_valid", "_val", "_test")
TARGET_NAMES = frozenset({"y", "t", "target", "targets", "label", "labels"})


def read_npz_file(cell: DataCell, folder: Path, problems: list[Problem]) -> Raw:
    """The archive's arrays. `x_train` and `x_val` (or `x_test`) become one field `x` with the archive's own split.

    Raises UnusableData; arrays that would need pickle are refused, since opening them runs code.
    """
    path = inside(cell, folder)
    try:
        archive = np.load(path, allow_pickle=False)
        if isinstance(archive, np.ndarray):
            message = f"‘{cell.location}’ holds one array, not an archive of arrays"
            raise UnusableData([problem(cell, "D504", message)])
        with archive:
            arrays = {name: _array(cell, archive, name) for name in archive.files}
        fingerprint = hashlib.sha256(path.read_bytes()).hexdigest()
    except IsADirectoryError as error:
        raise UnusableData([problem(cell, "D502", f"‘{cell.location}’ is a folder, not an archive")]) from error
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise UnusableData(
            [problem(cell, "D504", f"‘{cell.location}’ is no NumPy archive, or a damaged one")]
        ) from error
    if not arrays:
        raise UnusableData([problem(cell, "D505", f"‘{cell.location}’ holds no arrays")])
    arrays, validation, keys = _joined(cell, arrays)
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        listed = ", ".join(f"‘{name}’ has {length}" for name, length in lengths.items())
        help = "Every array needs one entry a row along its first axis."
        raise UnusableData([problem(cell, "D518", f"The arrays have unequal numbers of rows: {listed}", help=help)])
    roles = {name: "target" for name in arrays if name.lower() in TARGET_NAMES}
    columns = {name: array_column(name, array, name in roles) for name, array in arrays.items()}
    return Raw(columns, fingerprint, roles, validation, summary={"title": path.name, "arrays": keys})


def _array(cell: DataCell, archive: np.lib.npyio.NpzFile, name: str) -> np.ndarray:
    try:
        array = archive[name]
    except ValueError as error:
        if "pickle" not in str(error).lower():
            raise
        help = "Opening pickled objects can run any program. Save the array as float32, int32 or text."
        message = f"Array ‘{name}’ in ‘{cell.location}’ holds pickled Python objects, which are not opened"
        raise UnusableData([problem(cell, "D517", message, help=help)]) from error
    return usable_array(cell, name, array)


def usable_array(cell: DataCell, name: str, array: np.ndarray) -> np.ndarray:
    """The array, where it has rows and numbers or words in them. Raises UnusableData."""
    if array.ndim == 0:
        raise UnusableData([problem(cell, "D518", f"Array ‘{name}’ is a single value, not rows")])
    if array.dtype.kind not in "biufUS":
        raise UnusableData(
            [problem(cell, "D504", f"Array ‘{name}’ holds {array.dtype}, which no network can learn from")]
        )
    return array


def _joined(
    cell: DataCell, arrays: dict[str, np.ndarray]
) -> tuple[dict[str, np.ndarray], np.ndarray | None, dict[str, list[str]]]:
    """The arrays, the rows that the archive holds back, and which of its arrays make up each."""
    training = _ending(arrays, _TRAINING_SUFFIXES)
    # Where there are both x_val and x_test, the first is for validation and the second left alone.
    held_out = next(filter(None, (_ending(arrays, (suffix,)) for suffix in _VALIDATION_SUFFIXES)), {})
    if not training:
        return arrays, None, {name: [name] for name in arrays}
    keys = {
        name: [_key(arrays, part) for part in (array, held_out.get(name)) if part is not None]
        for name, array in training.items()
    }
    if training.keys() != held_out.keys():
        return training, None, {name: found[:1] for name, found in keys.items()}
    shapes = [name for name in training if training[name].shape[1:] != held_out[name].shape[1:]]
    if shapes:
        message = f"‘{shapes[0]}’ has other shapes in its training and validation parts"
        raise UnusableData([problem(cell, "D518", message)])
    sizes = {len(array) for array in training.values()}
    total = {len(training[name]) + len(held_out[name]) for name in training}
    joined = {name: np.concatenate([array, held_out[name]]) for name, array in training.items()}
    # Unequal lengths are reported by the caller, which then needs no rows.
    return joined, np.arange(min(sizes), min(total)), keys


def _key(arrays: dict[str, np.ndarray], wanted: np.ndarray) -> str:
    return next(name for name, array in arrays.items() if array is wanted)


def _ending(arrays: dict[str, np.ndarray], suffixes: tuple[str, ...]) -> dict[str, np.ndarray]:
    """The arrays whose names end in one of the suffixes, by the name without it."""
    return {
        name[: -len(suffix)]: array
        for name, array in arrays.items()
        for suffix in suffixes
        if name.lower().endswith(suffix)
    }


def array_column(name: str, array: np.ndarray, is_target: bool = False) -> Column:
    """The column that an array makes: pictures where it looks like them."""
    if array.ndim == 2 and array.shape[1] == 1 and is_target:
        array = array[:, 0]
    if array.dtype.kind in "US":
        return category(name, [str(value) for value in array.reshape(len(array), -1)[:, 0].astype(str)])
    if array.ndim == 1:
        number = Column(name, array.astype(np.float64), "number")
        return as_target(number) if is_target and array.dtype.kind in "biu" else number
    if array.ndim == 4 and array.dtype == np.uint8 and array.shape[-1] in (1, 3):
        return Column(name, array, "image")
    if array.ndim == 3 and array.dtype == np.uint8:
        return Column(name, array[..., np.newaxis], "image")
    return Column(name, array, "array")
