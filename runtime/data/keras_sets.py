"""The sets of `keras.datasets`: downloaded once, checked against their checksums, kept in the user's cache.

Read without Keras, which the server must not import, and without pickle, which could run any program: sets that exist
only as pickles are not offered, and CIFAR-10 is taken in its authors' binary form.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from platformdirs import user_cache_path

from ...compiler.document import DataCell
from .columns import Column
from .source import Raw, UnusableData, closest, problem, set_field

_BASE = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_WAIT_S = 30
_PART = 2**20

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Download:
    """`checksum` is `sha256:…` or `md5:…`, as the set's authors publish it."""

    address: str
    checksum: str

    @property
    def name(self) -> str:
        return self.address.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class KerasSet:
    """`read` makes x_train, y_train, x_test and y_test of the files' contents. Without `classes` the target is a
    number, and `columns` name the features."""

    title: str
    files: tuple[Download, ...]
    read: Callable[[list[bytes]], Arrays]
    classes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    target: str = "label"


def read_keras_set(cell: DataCell) -> Raw:
    """The set, parted as it comes: its test rows are for validation. Raises UnusableData: unknown, offline, damaged."""
    chosen = KERAS_SETS.get(cell.location)
    if chosen is None:
        meant = closest(cell.location, KERAS_SETS)
        message = f"keras.datasets has no set ‘{cell.location}’ here" if cell.location else "No set is chosen"
        fixes = (set_field(cell, f"Use ‘{meant}’", "location", meant),) if meant else ()
        help = f"There are {', '.join(KERAS_SETS)}."
        raise UnusableData([problem(cell, "D501", message, help=help, fixes=fixes)])
    try:
        return _raw(cell.location)
    except _NotDownloaded as error:
        help = "It is downloaded once and kept; try again with a connection."
        raise UnusableData([problem(cell, "D539", str(error), help=help)]) from error
    except (ValueError, OSError, EOFError, BadZipFile, KeyError, tarfile.TarError) as error:
        raise UnusableData([problem(cell, "D504", f"The set ‘{cell.location}’ cannot be read: {error}")]) from error


class _NotDownloaded(Exception):
    pass


@lru_cache(maxsize=4)
def _raw(name: str) -> Raw:
    chosen = KERAS_SETS[name]
    contents = [_downloaded(each, name).read_bytes() for each in chosen.files]
    arrays = chosen.read(contents)
    x = np.concatenate([arrays["x_train"], arrays["x_test"]])
    y = np.concatenate([arrays["y_train"], arrays["y_test"]]).reshape(-1)
    columns: dict[str, Column] = {}
    if chosen.columns:
        for index, column in enumerate(chosen.columns):
            columns[column] = Column(column, x[:, index].astype(np.float64), "number")
    else:
        columns["image"] = Column("image", x if x.ndim == 4 else x[..., np.newaxis], "image")
    if chosen.classes:
        columns[chosen.target] = Column(chosen.target, y.astype(np.int32), "category", chosen.classes)
    else:
        columns[chosen.target] = Column(chosen.target, y.astype(np.float64), "number")
    fingerprint = hashlib.sha256(" ".join(each.checksum for each in chosen.files).encode()).hexdigest()
    rows = np.arange(len(arrays["x_train"]), len(x))
    summary = {"title": chosen.title, "from": "keras.datasets"}
    return Raw(columns, fingerprint, {chosen.target: "target"}, rows, summary=summary)


def _downloaded(each: Download, name: str) -> Path:
    """The file in the user's cache, downloaded where it is not there or not what it should be."""
    place = user_cache_path("weftwork", appauthor=False) / "keras-datasets" / name / each.name
    if place.is_file() and _matches(each, place):
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    descriptor, part = tempfile.mkstemp(dir=place.parent, prefix=".part-")
    try:
        with os.fdopen(descriptor, "wb") as file, urllib.request.urlopen(each.address, timeout=_WAIT_S) as answer:
            while content := answer.read(_PART):
                file.write(content)
        if not _matches(each, Path(part)):
            raise _NotDownloaded(f"What came for the set ‘{name}’ is another file than it should be")
        os.replace(part, place)
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", error)
        raise _NotDownloaded(f"The set ‘{name}’ cannot be downloaded: {reason}") from error
    finally:
        Path(part).unlink(missing_ok=True)
    return place


def _matches(each: Download, place: Path) -> bool:
    kind, _, expected = each.checksum.partition(":")
    with place.open("rb") as file:
        return hashlib.file_digest(file, kind).hexdigest() == expected


def _npz(contents: list[bytes]) -> Arrays:
    with np.load(io.BytesIO(contents[0]), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _npz_whole(contents: list[bytes]) -> Arrays:
    """As `keras.datasets` parts it: shuffled with seed 113, a fifth for test."""
    arrays = _npz(contents)
    x, y = arrays["x"], arrays["y"]
    order = np.arange(len(x))
    np.random.RandomState(113).shuffle(order)
    x, y = x[order], y[order]
    count = int(len(x) * 0.8)
    return {"x_train": x[:count], "y_train": y[:count], "x_test": x[count:], "y_test": y[count:]}


def _idx(contents: list[bytes]) -> Arrays:
    """Labels and pictures of the training part, then of the test part, each with its header before the bytes."""
    plain = [gzip.decompress(content) for content in contents]
    labels = [np.frombuffer(plain[index], np.uint8, offset=8) for index in (0, 2)]
    pictures = [np.frombuffer(plain[index], np.uint8, offset=16).reshape(-1, 28, 28) for index in (1, 3)]
    return {"y_train": labels[0], "x_train": pictures[0], "y_test": labels[1], "x_test": pictures[1]}


def _cifar(contents: list[bytes]) -> Arrays:
    parts: dict[str, np.ndarray] = {}
    with tarfile.open(fileobj=io.BytesIO(contents[0])) as archive:
        for member in archive:
            if member.isfile() and member.name.endswith(".bin"):
                file = archive.extractfile(member)
                assert file is not None
                parts[member.name.rsplit("/", 1)[-1]] = np.frombuffer(file.read(), np.uint8).reshape(-1, 3073)
    training = np.concatenate([parts[f"data_batch_{number}.bin"] for number in range(1, 6)])
    arrays = {}
    for part, rows in (("train", training), ("test", parts["test_batch.bin"])):
        arrays[f"y_{part}"] = rows[:, 0]
        arrays[f"x_{part}"] = rows[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return arrays


KERAS_SETS = {
    "mnist": KerasSet(
        "MNIST handwritten digits",
        (Download(_BASE + "mnist.npz", "sha256:731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"),),
        _npz,
        tuple("0123456789"),
    ),
    "fashion_mnist": KerasSet(
        "Fashion-MNIST articles",
        (
            Download(_BASE + "train-labels-idx1-ubyte.gz", "md5:25c81989df183df01b3e8a0aad5dffbe"),
            Download(_BASE + "train-images-idx3-ubyte.gz", "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
            Download(_BASE + "t10k-labels-idx1-ubyte.gz", "md5:bb300cfdad3c16e7a12a480ee83cd310"),
            Download(_BASE + "t10k-images-idx3-ubyte.gz", "md5:bef4ecab320f06d8554ea6380940ec79"),
        ),
        _idx,
        (
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ),
    ),
    "cifar10": KerasSet(
        "CIFAR-10 small colour pictures",
        (
            Download(
                "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
                "sha256:c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
            ),
        ),
        _cifar,
        ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
    ),
    "boston_housing": KerasSet(
        "House prices in Boston",
        (
            Download(
                _BASE + "boston_housing.npz",
                "sha256:f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5",
            ),
        ),
        _npz_whole,
        columns=(
            "CRIM",
            "ZN",
            "INDUS",
            "CHAS",
            "NOX",
            "RM",
            "AGE",
            "DIS",
            "RAD",
            "TAX",
            "PTRATIO",
            "B",
            "LSTAT",
        ),
        target="MEDV",
    ),
    "california_housing": KerasSet(
        "House prices in California",
        (
            Download(
                _BASE + "california_housing.npz",
                "sha256:1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f",
            ),
        ),
        _npz_whole,
        columns=(
            "MedInc",
            "HouseAge",
            "AveRooms",
            "AveBedrms",
            "Population",
            "AveOccup",
            "Latitude",
            "Longitude",
        ),
        target="MedHouseVal",
    ),
}
