"""The Python that reads a table with pandas: CSV, TSV, Parquet or JSON lines."""

from __future__ import annotations

from ...compiler.document import DataCell
from ..data.date_parts import STEP, is_date_part
from ..data.load import Dataset
from ..data.preparation_plan import Piece
from ..data.split import HELD_OUT_WORDS
from .loading_code import LoadingCode

# What `split` parts the rows by, where it is no field that the network takes.
SPLIT_BY = "split by"
_IN_PANDAS = {"weekday": "day_of_week"}


def table_code(cell: DataCell, dataset: Dataset, pieces: dict[str, Piece]) -> LoadingCode:
    """Code for these raw pieces, and for the column that the rows are parted by."""
    types = {entry["name"]: entry["type"] for entry in dataset.description.summary["columns"]}
    roles = {entry["name"]: entry["role"] for entry in dataset.description.summary["columns"]}
    targets = {name for name, described in dataset.description.fields.items() if described.role == "target"}
    words = [name for name, type in types.items() if type != "number" and roles[name] != "ignore"]
    rows = []
    for name, piece in pieces.items():
        if piece.content == "category" and name in targets:
            classes = list(dataset.description.fields[name].classes)
            value = f"np.array([{classes!r}.index(str(word).strip()) for word in table[{name!r}]], dtype='int32')"
        elif piece.content == "category":
            value = _words(name)
        else:
            value = f"table[{list(piece.columns)!r}].to_numpy('float32')"
        rows.append(f"{name!r}: {value}")
    lines = [f"table = {_reading(cell, words)}", *_date_parts(cell, dataset, types)]
    used = [name for name, role in roles.items() if role in ("feature", "target")]
    for step in cell.preparation:
        columns = [name for name in used if not step.columns or name in step.columns]
        if step.step == "drop_missing":
            lines.append(f"table = table.dropna(subset={columns!r})")
    for step in cell.preparation:
        columns = [name for name in used if not step.columns or name in step.columns]
        if step.step == "drop_duplicates":
            lines.append(f"table = table.drop_duplicates({columns!r})")
    lines.append(f"rows = {{{', '.join(rows)}}}")
    lines += _parting(cell, dataset, types, roles)
    return LoadingCode(lines, ["import pandas as pd"], [f"DATA = {cell.location!r}  # where the table is"])


def _reading(cell: DataCell, words: list[str]) -> str:
    if cell.source == "parquet":
        return "pd.read_parquet(DATA)"
    if cell.source == "jsonl":
        return "pd.read_json(DATA, lines=True, convert_dates=False)"
    as_words = f", dtype={dict.fromkeys(words, 'str')!r}" if words else ""
    if cell.location.lower().endswith((".tsv", ".tab")):
        return f'pd.read_csv(DATA, sep="\\t"{as_words})'
    return f'pd.read_csv(DATA, sep=None, engine="python"{as_words})'


def _moments(dataset: Dataset, name: str) -> str:
    entry = next(entry for entry in dataset.description.summary["columns"] if entry["name"] == name)
    leading = ", dayfirst=True" if entry.get("day_first") else ""
    return f"pd.to_datetime(table[{name!r}], errors='coerce', format='mixed'{leading}, utc=True)"


def _date_parts(cell: DataCell, dataset: Dataset, types: dict[str, str]) -> list[str]:
    """Lines that put the parts of dates beside them."""
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


def _parting(cell: DataCell, dataset: Dataset, types: dict[str, str], roles: dict[str, str]) -> list[str]:
    """Lines that put into `rows` what `split` looks at: groups, times, or which rows are held back."""
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
