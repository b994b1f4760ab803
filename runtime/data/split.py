"""Rows parted into training and validation."""

from __future__ import annotations

import numpy as np

from ...compiler.document import DataCell
from ...compiler.problems import Problem
from .source import UnusableData, problem, set_field

WAYS = ("auto", "random", "stratified", "time", "group")


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
    ordered: bool = False,
    gap: int = 0,
    problems: list[Problem],
) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers of the two parts, each in rising order, the same for the same seed.

    `codes` are the target's classes, `groups` what must not be torn apart. Ordered rows are parted in time, the last
    for validation, and `gap` rows between are left out because they look into both parts.
    """
    share, by = cell.split.validation, cell.split.by
    random = np.random.default_rng(cell.split.seed)
    if by == "auto":
        by = "time" if ordered else "group" if groups is not None else "stratified" if codes is not None else "random"
    if by == "time":
        held_out = _count(rows, share)
        return np.arange(max(1, rows - held_out - gap)), np.arange(rows - held_out, rows)
    if by == "group" and groups is not None:
        order = random.permutation(np.unique(groups))
        sizes = np.cumsum([np.count_nonzero(groups == group) for group in order])
        count = min(int(np.searchsorted(sizes, share * rows)) + 1, max(1, len(order) - 1))
        chosen = np.isin(groups, order[:count])
    elif by == "stratified" and codes is not None:
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
