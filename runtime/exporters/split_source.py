"""The Python that parts rows as the data cell does: the same rows for the same seed."""

from __future__ import annotations

from ...compiler.document import DataCell
from ..data.load import Dataset


def split_source(cell: DataCell, dataset: Dataset) -> str:
    """`split(rows) -> (training, validation)`, row numbers; `rows` is the dict of raw arrays."""
    by = dataset.description.summary["split"]
    roles = [entry["role"] for entry in dataset.description.summary["columns"]]
    if by == "time" and "time" in roles and "window" not in dataset.plan:
        return _BY_TIMES
    if by == "time":
        return _in_time(dataset, "window" in dataset.plan)
    if by in _BY_COLUMN:
        return _BY_COLUMN[by]
    if by == "source":
        return _as_it_comes(dataset)
    parted_by = split_field(cell, dataset)
    return _by_class(parted_by) if parted_by else _AT_RANDOM


def split_field(cell: DataCell, dataset: Dataset) -> str:
    """The field whose classes `split` looks at, whether the network uses it or not; "" for none."""
    if dataset.description.summary["split"] != "stratified":
        return ""
    fields = dataset.description.fields.items()
    return next((name for name, field in fields if field.role == "target" and field.content == "category"), "")


def _as_it_comes(dataset: Dataset) -> str:
    begin = len(dataset.train_rows)
    return f'''
def split(rows):
    """Row numbers for training and for validation, as the source itself parts them."""
    count = len(next(iter(rows.values())))
    return np.arange({begin}), np.arange({begin}, count)
'''


_BY_COLUMN = {
    "group": '''
def split(rows):
    """Row numbers for training and for validation; no group is in both."""
    names, group, sizes = np.unique(rows["split by"].astype(str), return_inverse=True, return_counts=True)
    order = np.random.default_rng(SPLIT_SEED).permutation(len(names))
    count = np.searchsorted(np.cumsum(sizes[order]), VALIDATION * len(group)) + 1
    held_out = np.isin(group, order[: min(count, max(1, len(names) - 1))])
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)
''',
    "column": '''
def split(rows):
    """Row numbers for training and for validation, as a column of the table says."""
    return np.flatnonzero(~rows["split by"]), np.flatnonzero(rows["split by"])
''',
}

_BY_TIMES = '''
def split(rows):
    """Row numbers for training and for validation; the latest are held out."""
    order = np.argsort(rows["split by"], kind="stable")
    held_out = round(len(order) * VALIDATION)
    return np.sort(order[: len(order) - held_out]), np.sort(order[len(order) - held_out :])
'''

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
