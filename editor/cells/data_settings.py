"""Where the rows of a data cell come from and how they are split, as settings of a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...compiler.document import DataCell
from ..settings_form import Setting

SOURCES = (
    ("gallery", "Example set"),
    ("csv", "CSV or TSV file"),
    ("parquet", "Parquet file"),
    ("jsonl", "JSON lines"),
    ("npz", "NPZ file"),
    ("npy", "NPY file"),
    ("images", "Folder of images"),
    ("keras", "keras.datasets"),
    ("code", "Function of a code cell"),
)
SPLITS = (
    ("auto", "Automatic"),
    ("random", "Random"),
    ("stratified", "By class"),
    ("group", "By group"),
    ("time", "By time"),
    ("column", "By a column"),
)


def data_settings(cell: DataCell, columns: Sequence[str]) -> list[Setting]:
    """`columns` are the names that a split by a column may choose from."""
    split = cell.split
    by_column = [
        Setting("column", "Column", "choice", split.column, choices=_choices(split.column, columns)),
        Setting(
            "held_out",
            "Held back where it says",
            "text",
            ", ".join(split.held_out),
            placeholder="validation, test",
        ),
    ]
    return [
        Setting("source", "Source", "choice", cell.source, choices=SOURCES),
        _location(cell),
        Setting(
            "validation",
            "Held back for validation",
            "float",
            split.validation,
            above=0,
            below=1,
            hint="A share of the rows, such as 0.2",
        ),
        Setting("by", "Split", "choice", split.by, choices=SPLITS),
        Setting("seed", "Seed of the split", "int", split.seed, minimum=0),
        *(by_column if split.by == "column" else ()),
    ]


def _location(cell: DataCell) -> Setting:
    match cell.source:
        case "gallery":
            from ...runtime.data.gallery_sets import GALLERY_SETS

            return Setting("location", "Set", "choice", cell.location, choices=_sets(cell.location, GALLERY_SETS))
        case "keras":
            from ...runtime.data.keras_sets import KERAS_SETS

            return Setting("location", "Set", "choice", cell.location, choices=_sets(cell.location, KERAS_SETS))
        case "code":
            return Setting("location", "Function", "text", cell.location, placeholder="cell.function")
    return Setting("location", "File or folder", "text", cell.location, placeholder="data.csv")


def _choices(present: str, names: Iterable[str]) -> list[tuple[str, str]]:
    """The names; an unknown present one stays in sight."""
    return [(name, name or "Choose a column") for name in dict.fromkeys([present, *names])]


def _sets(present: str, known: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Sets by name and title; an unknown present one stays in sight."""
    choices = [(name, found.title) for name, found in known.items()]
    if present not in known:
        choices.insert(0, (present, present or "Choose a set"))
    return choices
