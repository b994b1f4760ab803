"""The Python that reads a folder of pictures: by class, in parts of its own, or with a table of labels."""

from __future__ import annotations

from ...compiler.document import DataCell
from ..data.image_folder import SUFFIXES
from ..data.load import Dataset
from ..data.preparation_plan import Piece
from .loading_code import LoadingCode
from .table_source import column_value, kept_lines, parting, reading, words_of

_IMPORTS = ["from pathlib import Path", "from PIL import Image"]


def picture_code(cell: DataCell, dataset: Dataset, pieces: dict[str, Piece]) -> LoadingCode:
    """Code for these raw pieces, pictures in the order of the data cell."""
    summary = dataset.description.summary
    image = next(piece for piece in pieces.values() if piece.content == "image")
    height, width, channels = image.shape
    mode = "RGB" if channels == 3 else "L"
    constants = [f"DATA = {cell.location!r}  # where the pictures are", f"SUFFIXES = {tuple(sorted(SUFFIXES))!r}"]
    lines = [
        "def pictures_in(folder):",
        "    found = (path for path in folder.rglob('*') if path.suffix.lower() in SUFFIXES)",
        "    return sorted(path for path in found if path.is_file() and not path.name.startswith('.'))",
        "",
        "def read(path):",
        f"    picture = Image.open(path).convert({mode!r})",
        f"    if picture.size != ({width}, {height}):",
        f"        picture = picture.resize(({width}, {height}), Image.Resampling.BILINEAR)",
        f"    return np.asarray(picture).reshape({height}, {width}, {channels})",
        "",
    ]
    listed = summary.get("labels")
    lines += _listed(cell, dataset, str(listed)) if listed else _by_class(dataset)
    lines.append("image = np.stack([read(path) for path in files])")
    rows = []
    for name, piece in pieces.items():
        value = "image" if piece.content == "image" else "label" if not listed else column_value(dataset, name, piece)
        rows.append(f"{name!r}: {value}")
    lines.append(f"rows = {{{', '.join(rows)}}}")
    if listed:
        lines += parting(cell, dataset)
    if any(step.step == "drop_duplicates" for step in cell.preparation):
        lines += _each_once("table.itertuples(index=False)" if listed else "label.tolist()")
    return LoadingCode(lines, [*_IMPORTS, *(["import pandas as pd"] if listed else [])], constants)


def _by_class(dataset: Dataset) -> list[str]:
    summary = dataset.description.summary
    classes = next(entry["classes"] for entry in summary["columns"] if entry["name"] == "label")
    field = dataset.description.fields.get("label")
    classes = list(field.classes) if field else classes
    parts = summary.get("parts") or []
    within = "Path(DATA, part, name)" if parts else "Path(DATA, name)"
    each_part = f"for part in {parts!r} " if parts else ""
    return [
        f"classes = {classes!r}",
        f"found = [(path, code) {each_part}for code, name in enumerate(classes) for path in pictures_in({within})]",
        "files = [path for path, _ in found]",
        "label = np.array([code for _, code in found], dtype='int32')",
    ]


def _listed(cell: DataCell, dataset: Dataset, labels: str) -> list[str]:
    naming = str(dataset.description.summary["naming"])
    return [
        f"table = {reading(f'Path(DATA, {labels!r})', labels, [naming, *words_of(dataset)])}",
        *kept_lines(cell, dataset, ("drop_missing",)),
        "there = pictures_in(Path(DATA))",
        "places = {key: path for path in there for key in (path.stem, path.name)}",
        "places |= {path.relative_to(DATA).as_posix(): path for path in there}",
        f"files = [places[name.strip()] for name in table[{naming!r}]]",
    ]


def _each_once(others: str) -> list[str]:
    return [
        f"keys = [(picture.tobytes(), other) for picture, other in zip(image, {others})]",
        "kept = sorted({key: row for row, key in reversed(list(enumerate(keys)))}.values())",
        "rows = {name: values[kept] for name, values in rows.items()}",
    ]
