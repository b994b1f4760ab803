"""The Python that parts rows as the data cell does: the same rows for the same seed."""

from __future__ import annotations

from ...compiler.document import DataCell
from ..data.load import Dataset


def split_source(cell: DataCell, dataset: Dataset) -> str:
    """`split(rows) -> (training, validation)`, row numbers; `rows` is the dict of raw arrays."""
    by = cell.split.by
    series = "window" in dataset.plan
    classes = [
        name
        for name, field in dataset.description.fields.items()
        if field.role == "target" and field.content == "category"
    ]
    if by == "time" or (by == "auto" and series):
        return _in_time(dataset, series)
    if classes and by in ("auto", "stratified"):
        return _by_class(classes[0])
    return _AT_RANDOM


_AT_RANDOM = '''
def split(rows):
    """Row numbers for training and for validation, at random."""
    count = len(next(iter(rows.values())))
    order = np.random.default_rng(SPLIT_SEED).permutation(count)
    held_out = round(count * VALIDATION)
    return np.sort(order[held_out:]), np.sort(order[:held_out])
'''


def _by_class(target: str) -> str:
    return f'''
def split(rows):
    """Row numbers for training and for validation, the same share of each class."""
    random = np.random.default_rng(SPLIT_SEED)
    held_out = np.zeros(len(rows[{target!r}]), dtype=bool)
    for code in np.unique(rows[{target!r}]):
        members = random.permutation(np.flatnonzero(rows[{target!r}] == code))
        held_out[members[: max(1, round(len(members) * VALIDATION))]] = True
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)
'''


def _in_time(dataset: Dataset, series: bool) -> str:
    horizon = dataset.description.fields["next"].shape[0] if series else 0
    gap = f"{horizon - 1}" if series else "0"
    note = "the windows that look into both are left out" if series else "the last rows are held out"
    return f'''
def split(rows):
    """Row numbers for training and for validation, parted in time; {note}."""
    count = len(next(iter(rows.values())))
    held_out = round(count * VALIDATION)
    return np.arange(count - held_out - {gap}), np.arange(count - held_out, count)
'''
