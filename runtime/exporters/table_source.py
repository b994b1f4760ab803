"""The Python that reads a table with pandas: CSV, TSV, Parquet or JSON lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...compiler.document import DataCell
from ..data.date_parts import STEP, is_date_part
from ..data.load import Dataset
from ..data.preparation_plan import Piece
from ..data.split import HELD_OUT_WORDS
from .loading_code import LoadingCode

# What `split` parts the rows by, where it is no field that the network takes.
SPLIT_BY = "split by"
_IN_PANDAS = {"weekday": "day_of_week"}
_NOT_WORDS = ("number", "image", "array")


def table_code(cell: DataCell, dataset: Dataset, pieces: dict[str, Piece]) -> LoadingCode:
    """Code for these raw pieces, and for the column that the rows are parted by."""
    rows = [f"{name!r}: {column_value(dataset, name, piece)}" for name, piece in pieces.items()]
    lines = [*_reading(cell, words_of(dataset)), *_date_parts(cell, dataset)]
    lines += kept_lines(cell, dataset, ("drop_missing", "drop_duplicates"))
    lines += [f"rows = {{{', '.join(rows)}}}", *parting(cell, dataset)]
    imports = ["import json"] if cell.source == "jsonl" else []
    return LoadingCode(lines, [*imports, "import pandas as pd"], [f"DATA = {cell.location!r}  # where the table is"])


def column_value(dataset: Dataset, name: str, piece: Piece) -> str:
    """The raw piece as an expression of `table`."""
    described = dataset.description.fields.get(name)
    if piece.content != "category":
        return f"table[{list(piece.columns)!r}].to_numpy('float32')"
    if described is None or described.role != "target":
        return _words(name)
    classes = list(described.classes)
    return f"np.array([{classes!r}.index(str(word).strip()) for word in table[{name!r}]], dtype='int32')"


def kept_lines(cell: DataCell, dataset: Dataset, steps: Sequence[str]) -> list[str]:
    """Lines that leave out the rows that these steps leave out, in the order of `steps`."""
    entries = _columns(dataset).items()
    used = [n for n, entry in entries if entry["role"] in ("feature", "target") and entry["type"] != "image"]
    methods = {"drop_missing": "dropna(subset={})", "drop_duplicates": "drop_duplicates({})"}
    return [
        f"table = table.{methods[step.step].format([n for n in used if not step.columns or n in step.columns])}"
        for name in steps
        for step in cell.preparation
        if step.step == name
    ]


def words_of(dataset: Dataset) -> list[str]:
    """The columns that are read as text."""
    columns = _columns(dataset).items()
    return [name for name, entry in columns if entry["type"] not in _NOT_WORDS and entry["role"] != "ignore"]


def reading(where: str, name: str, words: list[str]) -> str:
    """The call of pandas that reads a text file of that name; `where` is Python."""
    as_words = f", dtype={dict.fromkeys(words, 'str')!r}" if words else ""
    if name.lower().endswith((".tsv", ".tab")):
        return f'pd.read_csv({where}, sep="\\t"{as_words})'
    return f'pd.read_csv({where}, sep=None, engine="python"{as_words})'


def _columns(dataset: Dataset) -> dict[str, dict[str, Any]]:
    return {entry["name"]: entry for entry in dataset.description.summary["columns"]}


def _reading(cell: DataCell, words: list[str]) -> list[str]:
    """Lines that read `table`."""
    if cell.source == "parquet":
        return ["table = pd.read_parquet(DATA)"]
    if cell.source == "jsonl":
        # pandas' own reader makes dates of what looks like some, in each version in another way.
        rows = "[json.loads(line) for line in lines if line.strip()]"
        return ["with open(DATA, encoding='utf-8-sig') as lines:", f"    table = pd.DataFrame({rows})"]
    return [f"table = {reading('DATA', cell.location, words)}"]


def _moments(dataset: Dataset, name: str) -> str:
    leading = ", dayfirst=True" if _columns(dataset)[name].get("day_first") else ""
    return f"pd.to_datetime(table[{name!r}], errors='coerce', format='mixed'{leading}, utc=True)"


def _date_parts(cell: DataCell, dataset: Dataset) -> list[str]:
    """Lines that put the parts of dates beside them."""
    types = {name: entry["type"] for name, entry in _columns(dataset).items()}
    if not any(step.step == STEP for step in cell.preparation):
        return []
    made = {name: name.rpartition(" ")[0] for name in types if is_date_part(name, types)}
    dates = [name for name in dict.fromkeys(made.values()) if types[name] == "time"]
    lines = []
    for name in dates:
        lines.append(f"moments = {_moments(dataset, name)}.dt")
        lines += [
            f"table[{each!r}] = moments.{_IN_PANDAS.get(part := each.rpartition(' ')[2], part)}"
            for each, of in made.items()
            if of == name
        ]
    return lines


def _words(name: str) -> str:
    return f"table[{name!r}].fillna('').astype(str).str.strip().to_numpy(object)"


def parting(cell: DataCell, dataset: Dataset) -> list[str]:
    """Lines that put into `rows` what `split` looks at: groups, times, or which rows are held back."""
    types = {name: entry["type"] for name, entry in _columns(dataset).items()}
    roles = {name: entry["role"] for name, entry in _columns(dataset).items()}
    by = dataset.description.summary["split"]
    target = f"rows[{SPLIT_BY!r}]"
    if by == "group":
        name = next(name for name, role in roles.items() if role == "group")
        words = f"table[{name!r}].astype(float).astype(str).to_numpy()" if types[name] == "number" else _words(name)
        return [f"{target} = {words}"]
    if by == "time":
        name = next((name for name, role in roles.items() if role == "time"), None)
        if name is None:
            return []
        if types[name] == "number":
            return [f"{target} = table[{name!r}].to_numpy()"]
        return [f"{target} = {_moments(dataset, name)}.to_numpy()"]
    if by == "column":
        words = sorted({word.strip().lower() for word in cell.split.held_out} or HELD_OUT_WORDS)
        return [
            f"{target} = table[{cell.split.column!r}].astype(str).str.strip().str.lower().isin({words!r}).to_numpy()"
        ]
    return []
