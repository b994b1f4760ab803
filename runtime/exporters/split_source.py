"""The Python that parts rows as the data cell does: the same rows for the same seed."""

from __future__ import annotations

from ...compiler.document import DataCell
from ..data.load import Dataset


def split_source(cell: DataCell, dataset: Dataset) -> str:
    """`split(rows) -> (training, validation)`, row numbers; `rows` is the dict of raw arrays."""
    if _is_in_time(cell, dataset):
        return _in_time(dataset, "window" in dataset.plan)
    parted_by = split_field(cell, dataset)
    return _by_class(parted_by) if parted_by else _AT_RANDOM


def split_field(cell: DataCell, dataset: Dataset) -> str:
    """The field whose classes `split` looks at, whether the network uses it or not; "" for none."""
    if _is_in_time(cell, dataset) or cell.split.by not in ("auto", "stratified"):
        return ""
    fields = dataset.description.fields.items()
    return next((name for name, field in fields if field.role == "target" and field.content == "category"), "")


def _is_in_time(cell: DataCell, dataset: Dataset) -> bool:
    return cell.split.by == "time" or (cell.split.by == "auto" and "window" in dataset.plan)


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
    assert horizon is not None, "A series is cut into windows of a known length."
    gap = f"{horizon - 1}" if series else "0"
    note = "the windows that look into both are left out" if series else "the last rows are held out"
    return f'''
def split(rows):
    """Row numbers for training and for validation, parted in time; {note}."""
    count = len(next(iter(rows.values())))
    held_out = round(count * VALIDATION)
    return np.arange(count - held_out - {gap}), np.arange(count - held_out, count)
'''
