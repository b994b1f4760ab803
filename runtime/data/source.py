"""What every source hands over: raw columns, or the reason why there are none."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ...compiler.changes import SetField
from ...compiler.document import DataCell
from ...compiler.problems import Fix, Location, Problem
from .columns import Column


class UnusableData(Exception):
    """Data that cannot be used as the cell says; `problems` tell the user why."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.message for problem in self.problems))


@dataclass(frozen=True, eq=False)
class Raw:
    """Rows as they stand in the source.

    `validation_rows` are set where the source itself parts the rows (npz with x_train and x_val). `roles` are the
    source's own suggestion, overruled by the cell's. `ordered` says that rows follow each other in time.
    """

    columns: dict[str, Column]
    fingerprint: str
    roles: dict[str, str] = field(default_factory=dict)
    validation_rows: np.ndarray | None = None
    ordered: bool = False
    summary: dict[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0


def problem(
    cell: DataCell,
    code: str,
    message: str,
    *,
    parameter: str = "location",
    severity: str = "error",
    help: str = "",
    fixes: tuple[Fix, ...] = (),
) -> Problem:
    """A problem of this data cell."""
    at = Location(cell=cell.name, parameter=parameter)
    return Problem(code, message, at, severity, help, (), fixes)  # type: ignore[arg-type]


def set_field(cell: DataCell, title: str, name: str, value: Any, key: str | None = None) -> Fix:
    return Fix(title, (SetField(cell=cell.id, field=name, key=key, value=value),))


def closest(name: str, names: Iterable[str]) -> str:
    """The one of `names` that `name` was probably meant to be, or ""."""
    by_lower = {candidate.lower(): candidate for candidate in names}
    found = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else ""


def inside(cell: DataCell, folder: Path) -> Path:
    """The path that the cell names. Raises UnusableData where it is missing or leaves the notebook's folder."""
    if not cell.location:
        raise UnusableData([problem(cell, "D502", "No file is chosen", help="Choose a file in the notebook's folder.")])
    if "\0" in cell.location:
        raise UnusableData([problem(cell, "D502", "The file's name holds a zero byte")])
    root = folder.resolve()
    path = (root / cell.location).resolve()
    if not path.is_relative_to(root):
        raise UnusableData(
            [
                problem(
                    cell,
                    "D503",
                    f"‘{cell.location}’ lies outside the notebook's folder",
                    help="Copy the data beside the notebook; paths are relative to it.",
                )
            ]
        )
    if not path.exists():
        raise UnusableData([_missing(cell, root, path)])
    return path


def _missing(cell: DataCell, root: Path, path: Path) -> Problem:
    beside = path.parent if path.parent.is_dir() else root
    names = sorted(entry.relative_to(root).as_posix() for entry in beside.iterdir() if not entry.name.startswith("."))
    meant = closest(path.relative_to(root).as_posix(), names)
    listed = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
    return problem(
        cell,
        "D502",
        f"There is no ‘{cell.location}’ in the notebook's folder",
        help=f"The folder holds {listed}." if names else "The folder is empty.",
        fixes=(set_field(cell, f"Use ‘{meant}’", "location", meant),) if meant else (),
    )


def option(cell: DataCell, name: str, default: Any, type: type, *, minimum: float | None = None) -> Any:
    """An option of the cell, checked. Raises UnusableData where the value is of another type or too small."""
    value = cell.options.get(name, default)
    if value is None or value is default:
        return default
    wrong = not isinstance(value, type) or (isinstance(value, bool) and type is not bool)
    if wrong or (minimum is not None and value < minimum):
        least = f" of at least {minimum}" if minimum is not None else ""
        words = {int: "a whole number", str: "a text", bool: "true or false", float: "a number"}
        raise UnusableData(
            [
                problem(
                    cell,
                    "D526",
                    f"Option {name} must be {words.get(type, type.__name__)}{least}, not {value!r}",
                    parameter=f"options.{name}",
                    fixes=(set_field(cell, f"Use the default for {name}", "options", None, key=name),),
                )
            ]
        )
    return value


def digest(arrays: Mapping[str, np.ndarray]) -> str:
    """sha256 over names, shapes, dtypes and bytes."""
    result = hashlib.sha256()
    for name, array in arrays.items():
        result.update(f"{name} {array.shape} {array.dtype.str}".encode())
        result.update(np.ascontiguousarray(array).tobytes())
    return result.hexdigest()
