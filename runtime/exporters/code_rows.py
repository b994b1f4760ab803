"""Rows from a function of a code cell, in an exported script: the function stands there as it was written."""

from __future__ import annotations

from ...compiler.document import DataCell
from ..data.code_source import code_text
from ..data.load import Dataset
from ..data.preparation_plan import Piece
from .loading_code import LoadingCode


def code_rows(cell: DataCell, dataset: Dataset, pieces: dict[str, Piece]) -> LoadingCode:
    """Calls the function for its columns, and takes the pieces from them."""
    imports, statements = code_text(cell)
    lines = [f"columns = {cell.location.rpartition('.')[2]}()"]
    rows = []
    for name, piece in pieces.items():
        if piece.content == "category":
            classes = list(dataset.description.fields[name].classes)
            value = f"np.array([{classes!r}.index(str(each)) for each in columns[{name!r}]], dtype='int32')"
        elif piece.columns:
            several = ", ".join(f"columns[{column!r}]" for column in piece.columns)
            value = f"np.stack([{several}], axis=1).astype('float32')"
        else:
            shape = ", ".join(map(str, piece.shape))
            value = f"np.asarray(columns[{name!r}]).astype({piece.dtype!r}).reshape(-1, {shape})"
        rows.append(f"{name!r}: {value}")
    return LoadingCode([*lines, f"rows = {{{', '.join(rows)}}}"], imports, ["", *statements])
