"""A folder of pictures, by class, with parts of its own, or with a table of labels."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import numpy as np

from ...compiler.document import DataCell
from ...compiler.problems import Problem
from .columns import Column
from .image_labels import Listing, labels_table, listed_pictures
from .read_pictures import read_pictures
from .source import Raw, UnusableData, inside, problem

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm"})
_TRAINING = ("train", "training")
# Where there are several, the first is for validation and the others are left alone.
_VALIDATION = ("val", "valid", "validation", "test")


def read_image_folder(cell: DataCell, folder: Path, problems: list[Problem]) -> Raw:
    """Pictures as uint8 and what is known of each. Raises UnusableData.

    A folder for each class; or folders `train` and `val` with those inside, which part the rows; or a table of labels
    beside the pictures. Options: `size`, [height, width] or one number (default: the pictures' own, if all have the
    same), `colour` (default: whether the first picture has any), and `labels` (the table, in the folder of pictures).
    """
    root = inside(cell, folder)
    if not root.is_dir():
        raise UnusableData([problem(cell, "D502", f"‘{cell.location}’ is a file, not a folder of pictures")])
    labels = labels_table(cell, root)
    listing = listed_pictures(cell, root, labels, SUFFIXES) if labels else _by_class(cell, root, problems)
    images, fingerprint = read_pictures(cell, Path(folder), root, listing.paths)
    if labels:
        fingerprint = hashlib.sha256(
            (fingerprint + hashlib.sha256(labels.read_bytes()).hexdigest()).encode()
        ).hexdigest()
    columns = {"image": images, **listing.columns}
    summary = {
        "title": root.name,
        **listing.told,
        "files": [path.relative_to(root).as_posix() for path in listing.paths],
    }
    return Raw(columns, fingerprint, listing.roles, listing.validation_rows, summary=summary)


def _by_class(cell: DataCell, root: Path, problems: list[Problem]) -> Listing:
    parts = _own_parts(root)
    folders = [root / part for part in parts] or [root]
    classes = sorted({entry.name for place in folders for entry in place.iterdir() if _is_class(entry)})
    files = [
        (path, code, number)
        for number, place in enumerate(folders)
        for code, name in enumerate(classes)
        for path in _pictures(place / name)
    ]
    if not classes:
        help = "Put the pictures of each class in a folder of its own: cats/…, dogs/…; or add a CSV with their labels."
        raise UnusableData([problem(cell, "D515", f"‘{cell.location}’ has no class folders", help=help)])
    if not files:
        raise UnusableData([problem(cell, "D505", f"The folders in ‘{cell.location}’ hold no pictures")])
    counts = Counter(code for _, code, _ in files)
    empty = [name for code, name in enumerate(classes) if not counts[code]]
    if empty:
        listed = ", ".join(f"‘{name}’" for name in empty)
        problems.append(problem(cell, "D515", f"No pictures in {listed}", severity="warning"))
        kept = [code for code in range(len(classes)) if counts[code]]
        classes = [classes[code] for code in kept]
        files = [(path, kept.index(code), number) for path, code, number in files]
    labels = np.array([code for _, code, _ in files], dtype=np.int32)
    held_out = np.flatnonzero([number == 1 for _, _, number in files]) if parts else None
    column = Column("label", labels, "category", tuple(classes))
    told = {"parts": parts} if parts else {}
    return Listing([path for path, _, _ in files], {"label": column}, {"label": "target"}, held_out, told)


def _own_parts(root: Path) -> list[str]:
    """The folders of the training and the validation part, where the folder has both and nothing else."""
    names = [entry.name for entry in root.iterdir() if _is_class(entry)]
    training = [name for name in names if name.lower() in _TRAINING]
    validation = sorted((n for n in names if n.lower() in _VALIDATION), key=lambda n: _VALIDATION.index(n.lower()))
    if len(training) != 1 or not validation or len(names) != 1 + len(validation):
        return []
    return [training[0], validation[0]]


def _is_class(entry: Path) -> bool:
    return entry.is_dir() and not entry.name.startswith(".")


def _pictures(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES and path.is_file() and not path.name.startswith(".")
    )
