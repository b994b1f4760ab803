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


def split_as_exported(cell: DataCell, dataset: Any, fields: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """What the exported loading and splitting give, run as they stand in a script."""
    return run_loading(cell, dataset, fields)[1:]


def run_loading(
    cell: DataCell, dataset: Any, fields: list[str]
) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """(rows, training, validation) of the exported loading and splitting, run as they stand in a script."""
    from weftwork.runtime.exporters.data_source import loading_code
    from weftwork.runtime.exporters.split_source import split_field, split_source

    parted_by = split_field(cell, dataset)
    loading = loading_code(cell, dataset, [*fields, *([parted_by] if parted_by else [])])
    lines = ["import numpy as np", *loading.imports, *loading.constants, *loading.lines, split_source(cell, dataset)]
    names: dict[str, Any] = {"SPLIT_SEED": cell.split.seed, "VALIDATION": cell.split.validation}
    exec("\n".join(lines), names)
    return names["rows"], *names["split"](names["rows"])
