"""A folder of pictures, one sub-folder for each class."""

from __future__ import annotations

import hashlib
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from ...compiler.document import DataCell
from ...compiler.problems import Problem
from .columns import Column
from .source import Raw, UnusableData, inside, problem, set_field

_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm"})
_LISTED = 5
# 12,000 × 12,000: larger ones are posters or attacks, and would fill the memory before they are scaled down.
_MOST_PIXELS = 144_000_000
_LONGEST_SIDE = 4096


def read_image_folder(cell: DataCell, folder: Path, problems: list[Problem]) -> Raw:
    """Pictures as uint8 and their class. Raises UnusableData.

    Options: `size`, [height, width] or one number (default: the pictures' own, if all have the same), and `colour`
    (default: whether the first picture has any).
    """
    root = inside(cell, folder)
    if not root.is_dir():
        raise UnusableData([problem(cell, "D502", f"‘{cell.location}’ is a file, not a folder of pictures")])
    classes = sorted(entry.name for entry in root.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    files = [(path, code) for code, name in enumerate(classes) for path in _pictures(root / name)]
    if not classes:
        help = "Put the pictures of each class in a folder of its own: cats/…, dogs/…."
        raise UnusableData([problem(cell, "D515", f"‘{cell.location}’ has no class folders", help=help)])
    if not files:
        raise UnusableData([problem(cell, "D505", f"The folders in ‘{cell.location}’ hold no pictures")])
    counts = Counter(code for _, code in files)
    empty = [name for code, name in enumerate(classes) if not counts[code]]
    if empty:
        listed = ", ".join(f"‘{name}’" for name in empty)
        problems.append(problem(cell, "D515", f"No pictures in {listed}", severity="warning"))
        classes = [name for code, name in enumerate(classes) if counts[code]]
        files = [(path, classes.index(path.relative_to(root).parts[0])) for path, _ in files]
    images, fingerprint = _read(cell, root, [path for path, _ in files])
    labels = np.array([code for _, code in files], dtype=np.int32)
    columns = {
        "image": Column("image", images, "image"),
        "label": Column("label", labels, "category", tuple(classes)),
    }
    summary = {"title": root.name, "files": [path.relative_to(root).as_posix() for path, _ in files]}
    return Raw(columns, fingerprint, {"label": "target"}, summary=summary)


def _pictures(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in _SUFFIXES and path.is_file() and not path.name.startswith(".")
    )


def _read(cell: DataCell, root: Path, paths: list[Path]) -> tuple[np.ndarray, str]:
    size, colour = _size(cell), cell.options.get("colour")
    fingerprint = hashlib.sha256()
    arrays: list[np.ndarray] = []
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
                    picture = picture.convert("RGB" if colour else "L")
                    if size:
                        picture = picture.resize((size[1], size[0]), Image.Resampling.BILINEAR)
                    array = np.asarray(picture, dtype=np.uint8)
        except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
            unreadable.append(name)
            continue
        arrays.append(array if colour else array[..., np.newaxis])
    if unreadable:
        listed = ", ".join(f"‘{name}’" for name in unreadable[:_LISTED])
        more = f" and {len(unreadable) - _LISTED} more" if len(unreadable) > _LISTED else ""
        help = "The files are damaged, too large or no pictures. Remove or replace them."
        raise UnusableData([problem(cell, "D514", f"Pictures cannot be read: {listed}{more}", help=help)])
    shapes = Counter(array.shape for array in arrays)
    if len(shapes) > 1:
        listed = ", ".join(f"{count} of {shape[0]} × {shape[1]}" for shape, count in shapes.most_common(3))
        common = list(shapes.most_common(1)[0][0][:2])
        raise UnusableData(
            [
                problem(
                    cell,
                    "D516",
                    f"The pictures have {len(shapes)} sizes: {listed}",
                    parameter="options.size",
                    help="A network takes pictures of one size.",
                    fixes=(
                        set_field(
                            cell, f"Resize all to {common[0]} × {common[1]}", "options", list(common[:2]), "size"
                        ),
                        set_field(cell, "Resize all to 64 × 64", "options", [64, 64], "size"),
                    ),
                )
            ]
        )
    return np.stack(arrays), fingerprint.hexdigest()


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
