"""Rows parted into training and validation."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...compiler.document import DataCell
from ...compiler.problems import Fix, Problem
from .columns import Column
from .source import UnusableData, closest, problem, set_field

WAYS = ("auto", "random", "stratified", "time", "group", "column")
HELD_OUT_WORDS = frozenset({"validation", "valid", "val", "test", "holdout", "held out"})
# A column with more entries than this is hardly one that parts the rows.
_MOST_PARTS = 12


def check_split(cell: DataCell, rows: int) -> None:
    """Raises UnusableData where the cell's split cannot part this many rows."""
    split = cell.split
    if not 0 < split.validation < 1:
        sound = {**split.model_dump(mode="json"), "validation": 0.2}
        fix = set_field(cell, "Hold out a fifth of the rows", "split", sound)
        message = f"The share for validation must lie between 0 and 1, not {split.validation:g}"
        raise UnusableData([problem(cell, "D519", message, parameter="split.validation", fixes=(fix,))])
    if split.by not in WAYS:
        sound = {**split.model_dump(mode="json"), "by": "auto"}
        fix = set_field(cell, "Choose the way to split by the data", "split", sound)
        message = f"There is no way to split called ‘{split.by}’"
        help = f"Ways are {', '.join(WAYS)}."
        raise UnusableData([problem(cell, "D519", message, parameter="split.by", help=help, fixes=(fix,))])
    if rows < 2:
        message = f"{rows or 'No'} {'row is' if rows == 1 else 'rows are'} left; two are the least that can be split"
        raise UnusableData([problem(cell, "D505", message)])


def split_rows(
    cell: DataCell,
    rows: int,
    *,
    codes: np.ndarray | None = None,
    classes: tuple[str, ...] = (),
    groups: np.ndarray | None = None,
    times: np.ndarray | None = None,
    parts: np.ndarray | None = None,
    ordered: bool = False,
    gap: int = 0,
    problems: list[Problem],
) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers of the two parts, each in rising order, the same for the same seed.

    `codes` are the target's classes, `groups` what must not be torn apart, `times` what a split in time goes by (else
    the order of the rows), `parts` which rows a column holds back. Ordered rows are parted in time, the last for
    validation, and `gap` rows between are left out because they look into both parts. Raises UnusableData where the way
    that the cell demands needs a column that is not there.
    """
    share = cell.split.validation
    random = np.random.default_rng(cell.split.seed)
    by = way(cell, classes=codes is not None, groups=groups is not None, ordered=ordered)
    if by == "column" and parts is not None:
        return np.flatnonzero(~parts), np.flatnonzero(parts)
    if by == "time":
        held_out = _count(rows, share)
        if times is None or ordered:
            return np.arange(max(1, rows - held_out - gap)), np.arange(rows - held_out, rows)
        order = np.argsort(times, kind="stable")
        return np.sort(order[: rows - held_out]), np.sort(order[rows - held_out :])
    if by == "group":
        if groups is None:
            raise UnusableData([_without_group(cell)])
        names, counts = np.unique(groups, return_counts=True)
        order = random.permutation(names)
        sizes = np.cumsum(counts[np.searchsorted(names, order)])
        count = min(int(np.searchsorted(sizes, share * rows)) + 1, max(1, len(order) - 1))
        chosen = np.isin(groups, order[:count])
    elif by == "stratified":
        if codes is None:
            raise UnusableData([_without_classes(cell)])
        chosen = np.zeros(rows, dtype=bool)
        for code in np.unique(codes):
            members = random.permutation(np.flatnonzero(codes == code))
            if len(members) == 1:
                _single(cell, classes[code] if code >= 0 else "", problems)
                continue
            chosen[members[: _count(len(members), share)]] = True
    else:
        chosen = np.zeros(rows, dtype=bool)
        chosen[random.permutation(rows)[: _count(rows, share)]] = True
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)


def way(cell: DataCell, *, classes: bool, groups: bool, ordered: bool) -> str:
    """The way that the cell asks for, or that the data suggest."""
    if cell.split.by != "auto":
        return cell.split.by
    return "time" if ordered else "group" if groups else "stratified" if classes else "random"


def by_column(cell: DataCell, columns: Mapping[str, Column]) -> np.ndarray:
    """Which rows the split's column holds back. Raises UnusableData where there is no such column, or it parts nothing.

    Where the cell does not say which entries those are, they are the words for it: validation, val, test, ….
    """
    name = cell.split.column
    if name not in columns:
        meant = closest(name, columns) if name else ""
        message = f"The data have no column ‘{name}’ to split by" if name else "No column is chosen to split by"
        fixes = (_other_split(cell, f"Use ‘{meant}’", column=meant),) if meant else ()
        fixes = (*fixes, _other_split(cell, "Choose the way to split by the data", by="auto"))
        raise UnusableData([problem(cell, "D519", message, parameter="split.column", fixes=fixes)])
    words = np.array(columns[name].texts(), dtype=object)
    wanted = {word.strip().lower() for word in cell.split.held_out} or HELD_OUT_WORDS
    chosen = np.array([word.strip().lower() in wanted for word in words])
    if not 0 < np.count_nonzero(chosen) < len(words):
        found = sorted(set(words.tolist()))
        which = "No" if not chosen.any() else "Every"
        fixes = tuple(
            _other_split(cell, f"Hold back the rows with ‘{word}’", held_out=[word])
            for word in found[:3]
            if 1 < len(found) <= _MOST_PARTS
        )
        message = f"{which} row of column ‘{name}’ is one to hold back"
        help = f"It holds {', '.join(f'‘{word}’' for word in found[:6])}{', …' if len(found) > 6 else ''}."
        raise UnusableData([problem(cell, "D519", message, parameter="split.held_out", help=help, fixes=fixes)])
    return chosen


def _other_split(cell: DataCell, title: str, **fields: object) -> Fix:
    return set_field(cell, title, "split", {**cell.split.model_dump(mode="json"), **fields})


def _without_group(cell: DataCell) -> Problem:
    return problem(
        cell,
        "D519",
        "Rows are to stay together by group, but no column has the role group",
        parameter="split.by",
        help="Give the column that names a person, a site or a series the role group.",
        fixes=(_other_split(cell, "Choose the way to split by the data", by="auto"),),
    )


def _without_classes(cell: DataCell) -> Problem:
    return problem(
        cell,
        "D519",
        "Rows are to be split by class, but the target has no classes",
        parameter="split.by",
        fixes=(_other_split(cell, "Split at random", by="random"),),
    )


def _count(rows: int, share: float) -> int:
    """How many of the rows are held out: at least one, and never all."""
    return min(max(1, round(rows * share)), rows - 1)


def _single(cell: DataCell, name: str, problems: list[Problem]) -> None:
    by_chance = {**cell.split.model_dump(mode="json"), "by": "random"}
    demanded = cell.split.by == "stratified"
    problems.append(
        problem(
            cell,
            "D513",
            f"Class ‘{name}’ has a single row, which cannot be in both parts",
            parameter="split.by",
            severity="error" if demanded else "warning",
            help="" if demanded else "It is trained on and never validated.",
            fixes=(set_field(cell, "Split at random", "split", by_chance),),
        )
    )
