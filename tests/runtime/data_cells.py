"""Data cells and files for the tests of data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from weftwork.compiler.document import DataCell, Preparation, Split


def data_cell(source: str = "gallery", location: str = "", **fields: Any) -> DataCell:
    return DataCell(id="data_1", name="Data", source=source, location=location, **fields)


def step(name: str, *columns: str, **params: Any) -> Preparation:
    return Preparation(step=name, columns=columns, params=params)


def split(validation: float = 0.25, seed: int = 0, by: str = "auto") -> Split:
    return Split(validation=validation, seed=seed, by=by)


def write_table(folder: Path, text: str, name: str = "table.csv") -> None:
    lines = (line.strip() for line in text.strip().splitlines())
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_pictures(folder: Path, classes: dict[str, int], size: tuple[int, int] = (6, 8), mode: str = "L") -> Path:
    """A folder `pictures` with that many pictures of each class, of (height, width)."""
    random = np.random.default_rng(0)
    for name, count in classes.items():
        (folder / "pictures" / name).mkdir(parents=True, exist_ok=True)
        for index in range(count):
            shape = size if mode == "L" else (*size, 3)
            pixels = random.integers(0, 256, shape, dtype=np.uint8)
            Image.fromarray(pixels).save(folder / "pictures" / name / f"{index:02}.png")
    return folder / "pictures"
