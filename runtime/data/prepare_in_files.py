"""Prepared rows written to files, some at a time: what training reads where data are larger than the memory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from ...compiler.document import DataCell
from .cache import cached_folder
from .fields import RawField
from .preparation_plan import Plan, apply_plan
from .source import Raw
from .stored_rows import StoredRows, is_stored, write_rows

# Rows are prepared in pieces of about this many bytes.
_PIECE_BYTES = 4 * 2**20


class TakenRows:
    """Raw values of some rows of a field, read when they are asked for."""

    def __init__(self, field: RawField, rows: np.ndarray) -> None:
        self._field, self._rows = field, rows
        self.shape = (len(rows), *field.values.shape[1:])

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, places: Any) -> Any:
        if isinstance(places, int | np.integer):
            return self._field.take(self._rows[np.array([places])])[0]
        return self._field.take(self._rows[places])


def taken(field: RawField, rows: np.ndarray) -> Any:
    """The field's raw values: an array, or a way to them where they stand in a file."""
    return TakenRows(field, rows) if is_stored(field.values) else field.take(rows)


def prepare_in_files(
    cell: DataCell, raw: Raw, fields: tuple[RawField, ...], plan: Plan, folder: Path
) -> dict[str, StoredRows]:
    """Every row prepared, by field. Written once for each state of the data and their preparation."""
    steps = [step.model_dump(mode="json") for step in cell.preparation]
    said = json.dumps([raw.fingerprint, cell.options, cell.types, cell.roles, steps, repr(plan)], default=str)
    names = {name: f"{number}.npy" for number, name in enumerate(plan)}

    def fill(place: Path) -> None:
        rows = len(fields[0].values)
        files = {}
        for name, planned in plan.items():
            shape = tuple(int(size or 0) for size in planned.field.shape)
            files[name] = write_rows(place / names[name], rows, shape, planned.field.dtype)
        widths = [int(np.prod(f.values.shape[1:])) for f in fields]
        length = max(1, _PIECE_BYTES // (4 * max(1, sum(widths))))
        try:
            for begin in range(0, rows, length):
                numbers = np.arange(begin, min(rows, begin + length))
                prepared = apply_plan(plan, {field.name: field.take(numbers) for field in fields})
                for name, values in prepared.items():
                    files[name].write(values.tobytes())
        finally:
            for file in files.values():
                file.close()

    place = cached_folder(cell, folder, f"prepared {said}", fill)
    return {name: StoredRows(place / file) for name, file in names.items()}
