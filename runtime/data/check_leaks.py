"""Warnings on what makes a result look better than it is: rows in both parts, columns that give the target away."""

from __future__ import annotations

import numpy as np

from ...compiler.document import DataCell, Preparation
from ...compiler.problems import Problem
from .check_steps import steps_fix
from .columns import Column
from .kept_rows import row_digests
from .source import Raw, problem, set_field

# Fewer are chance in a table of few values.
_FEWEST_COPIES = 3
_COPIED_SHARE = 0.01
# Fewer rows than this show nothing about a column.
_FEWEST_ROWS = 30
_PIECE_ROWS = 2**16
# The largest class has this many times the rows of the smallest: a network gets far by naming it always.
_IMBALANCE = 10


def check_leaks(
    cell: DataCell, raw: Raw, roles: dict[str, str], training: np.ndarray, validation: np.ndarray
) -> list[Problem]:
    """`training` and `validation` number the rows of `raw`."""
    found = check_target_givers(cell, raw, roles)
    digests = row_digests(raw.columns.values(), roles)
    if len(digests) < _FEWEST_ROWS or not len(validation):
        return found
    copies = _copies(digests, training, validation)
    if copies < _FEWEST_COPIES or copies < _COPIED_SHARE * len(validation):
        return found
    fixes = [steps_fix(cell, "Keep each row once", [Preparation(step="drop_duplicates"), *cell.preparation])]
    if "group" in roles.values() and cell.split.by not in ("auto", "group"):
        grouped = {**cell.split.model_dump(mode="json"), "by": "group"}
        fixes.append(set_field(cell, "Keep each group in one part", "split", grouped))
    found.append(
        problem(
            cell,
            "D534",
            f"{copies:,} of {len(validation):,} validation rows stand in the training part too",
            parameter="split.by",
            severity="warning",
            help="What a network has seen in training it can know by heart; such rows say nothing of new ones.",
            fixes=tuple(fixes),
        )
    )
    return found


def _copies(digests: np.ndarray, training: np.ndarray, validation: np.ndarray) -> int:
    """How many validation rows have the digest of a training row, with little more in memory than the digests."""
    held_back = np.sort(digests[validation])
    seen = np.zeros(len(held_back), dtype=bool)
    for begin in range(0, len(training), _PIECE_ROWS):
        trained = digests[training[begin : begin + _PIECE_ROWS]]
        first = np.searchsorted(held_back, trained)
        found = first[held_back[np.minimum(first, len(held_back) - 1)] == trained]
        seen[found] = True
    # Of equal ones only the first was marked.
    places = np.searchsorted(held_back, held_back)
    return int(np.count_nonzero(seen[places]))


def check_target_givers(cell: DataCell, raw: Raw, roles: dict[str, str]) -> list[Problem]:
    """Categories of which each goes with a single class of the target."""
    target = next((c for n, c in raw.columns.items() if roles[n] == "target" and c.type == "category"), None)
    if target is None or raw.rows < _FEWEST_ROWS or len(target.classes) < 2:
        return []
    return [
        _gives_away(cell, name, target)
        for name, column in raw.columns.items()
        if roles[name] == "feature" and column.type == "category" and _determines(column, target)
    ]


def _determines(column: Column, target: Column) -> bool:
    codes, classes = column.values, target.values
    both = (codes >= 0) & (classes >= 0)
    codes, classes = codes[both].astype(np.int64), classes[both]
    categories = np.unique(codes)
    # Each category must come up often enough to be more than chance; one a row is told as an identifier.
    if len(categories) < 2 or len(codes) < 3 * len(categories):
        return False
    pairs = np.unique(codes * len(target.classes) + classes)
    return len(pairs) == len(categories)


def _gives_away(cell: DataCell, name: str, target: Column) -> Problem:
    return problem(
        cell,
        "D536",
        f"Column ‘{name}’ gives the target away: each of its values goes with one class of ‘{target.name}’ only",
        parameter=f"columns.{name}",
        severity="warning",
        help="Ignore it if it is not known before the answer. Keep its rows together if it names a person or thing.",
        fixes=(
            set_field(cell, f"Ignore ‘{name}’", "roles", "ignore", key=name),
            set_field(cell, f"Keep the rows of each ‘{name}’ together", "roles", "group", key=name),
        ),
    )


def check_balance(cell: DataCell, target: Column) -> list[Problem]:
    """A warning where a class of the target has far fewer rows than another. Its fix is the training's: see
    `compiler/passes/weigh_classes.py`."""
    values = target.values
    counts = np.bincount(values[values >= 0], minlength=len(target.classes))
    present = np.flatnonzero(counts)
    if len(present) < 2 or len(values) < _FEWEST_ROWS or counts.max() < _IMBALANCE * counts[present].min():
        return []
    least, most = present[np.argmin(counts[present])], int(np.argmax(counts))
    return [
        problem(
            cell,
            "D535",
            f"Class ‘{target.classes[most]}’ has {counts[most]:,} rows and class ‘{target.classes[least]}’ "
            f"only {counts[least]:,}",
            parameter=f"columns.{target.name}",
            severity="warning",
            help="Accuracy says little then: naming the largest class always gives "
            f"{counts[most] / counts.sum():.0%}. Weights of classes or rows help.",
        )
    ]
