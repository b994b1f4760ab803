"""Pictures decoded one after another, into memory or, where there are many, into a file."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from ...compiler.document import DataCell
from .cache import cached_folder
from .columns import Column
from .pieces import LARGE_BYTES
from .source import UnusableData, option, problem, set_field
from .stored_rows import StoredColumn, StoredRows, write_rows

_LISTED = 5
# 12,000 × 12,000: larger ones are posters or attacks, and would fill the memory before they are scaled down.
_MOST_PIXELS = 144_000_000
_LONGEST_SIDE = 4096
_UNREADABLE = (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError)


def read_pictures(cell: DataCell, folder: Path, root: Path, paths: list[Path]) -> tuple[Column, str]:
    """(a column `image` of uint8 (n, height, width, channels), fingerprint of all files). Raises UnusableData."""
    size, colour, fingerprint = _look(cell, root, paths)
    shape = (*size, 3 if colour else 1)
    stream = option(cell, "stream", None, bool)
    if stream or (stream is None and len(paths) * int(np.prod(shape)) > LARGE_BYTES):
        return _in_file(cell, folder, paths, shape, fingerprint), fingerprint
    images = np.empty((len(paths), *shape), dtype=np.uint8)
    for index, pixels in enumerate(_pixels(paths, shape)):
        images[index] = pixels
    return Column("image", images, "image"), fingerprint


def _look(cell: DataCell, root: Path, paths: list[Path]) -> tuple[tuple[int, int], bool, str]:
    """(height, width), whether in colour, and the fingerprint: every file read once, none decoded in whole."""
    size, colour = _size(cell), cell.options.get("colour")
    fingerprint = hashlib.sha256()
    sizes: Counter[tuple[int, int]] = Counter()
    unreadable: list[str] = []
    for path in paths:
        name = path.relative_to(root).as_posix()
        try:
            content = path.read_bytes()
            fingerprint.update(f"{name}\0{len(content)}\0".encode())
            fingerprint.update(content)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with Image.open(path) as picture:
                    if picture.width * picture.height > _MOST_PIXELS:
                        raise ValueError("too large")
                    if colour is None:
                        colour = picture.mode not in ("1", "L", "LA", "I", "I;16", "F")
                    sizes[(picture.height, picture.width)] += 1
                    picture.load()
        except _UNREADABLE:
            unreadable.append(name)
    if unreadable:
        listed = ", ".join(f"‘{name}’" for name in unreadable[:_LISTED])
        more = f" and {len(unreadable) - _LISTED} more" if len(unreadable) > _LISTED else ""
        help = "The files are damaged, too large or no pictures. Remove or replace them."
        raise UnusableData([problem(cell, "D514", f"Pictures cannot be read: {listed}{more}", help=help)])
    if size is None and len(sizes) > 1:
        raise UnusableData([_several_sizes(cell, sizes)])
    return size or next(iter(sizes)), bool(colour), fingerprint.hexdigest()


def _pixels(paths: list[Path], shape: tuple[int, ...]) -> Iterator[np.ndarray]:
    height, width, channels = shape
    for path in paths:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path) as picture:
                picture = picture.convert("RGB" if channels == 3 else "L")
                if picture.size != (width, height):
                    picture = picture.resize((width, height), Image.Resampling.BILINEAR)
                yield np.asarray(picture, dtype=np.uint8).reshape(shape)


def _in_file(cell: DataCell, folder: Path, paths: list[Path], shape: tuple[int, ...], fingerprint: str) -> Column:
    def fill(place: Path) -> None:
        with write_rows(place / "image.npy", len(paths), shape, np.uint8) as file:
            for pixels in _pixels(paths, shape):
                file.write(pixels.tobytes())

    place = cached_folder(cell, folder, f"pictures {json.dumps([fingerprint, shape])}", fill)
    return StoredColumn("image", StoredRows(place / "image.npy"), "image")


def _several_sizes(cell: DataCell, sizes: Counter[tuple[int, int]]):
    listed = ", ".join(f"{count} of {height} × {width}" for (height, width), count in sizes.most_common(3))
    common = list(sizes.most_common(1)[0][0])
    return problem(
        cell,
        "D516",
        f"The pictures have {len(sizes)} sizes: {listed}",
        parameter="options.size",
        help="A network takes pictures of one size.",
        fixes=(
            set_field(cell, f"Resize all to {common[0]} × {common[1]}", "options", common, "size"),
            set_field(cell, "Resize all to 64 × 64", "options", [64, 64], "size"),
        ),
    )


def _size(cell: DataCell) -> tuple[int, int] | None:
    value = cell.options.get("size")
    if value is None:
        return None
    sides = value if isinstance(value, list | tuple) else [value, value]
    if len(sides) == 2 and all(type(side) is int and 1 <= side <= _LONGEST_SIDE for side in sides):
        return sides[0], sides[1]
    fix = set_field(cell, "Use the pictures' own size", "options", None, key="size")
    message = f"Option size must be one or two whole numbers from 1 to {_LONGEST_SIDE}, not {value!r}"
    raise UnusableData([problem(cell, "D526", message, parameter="options.size", fixes=(fix,))])
