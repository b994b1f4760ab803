"""The sets of `keras.datasets`: downloaded once, checked against their checksums, kept in the user's cache.

Read without Keras, which the server must not import. Those that come as pickles are read only where their checksum is
that which Keras states, and by a reader that takes nothing but lists and arrays.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
import tempfile
import urllib.error
import urllib.request
from functools import lru_cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from platformdirs import user_cache_path

from ...compiler.document import DataCell
from .columns import Column
from .keras_files import words_in_rows
from .keras_set_list import KERAS_SETS, Download
from .source import Raw, UnusableData, closest, option, problem, set_field

_WAIT_S = 30
_PART = 2**20
# The options of sets of texts, and what they are unless the cell says it.
_TEXTS = {"words": 10_000, "length": 200}


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
        if chosen.texts:
            words, length = (option(cell, name, number, int, minimum=4) for name, number in _TEXTS.items())
            return _raw(cell.location, words, length)
        return _raw(cell.location)
    except _NotDownloaded as error:
        help = "It is downloaded once and kept; try again with a connection."
        raise UnusableData([problem(cell, "D539", str(error), help=help)]) from error
    except (ValueError, OSError, EOFError, BadZipFile, KeyError, tarfile.TarError) as error:
        raise UnusableData([problem(cell, "D504", f"The set ‘{cell.location}’ cannot be read: {error}")]) from error


class _NotDownloaded(Exception):
    pass


@lru_cache(maxsize=4)
def _raw(name: str, words: int = 0, length: int = 0) -> Raw:
    chosen = KERAS_SETS[name]
    contents = [_downloaded(each, name).read_bytes() for each in chosen.files]
    arrays = chosen.read(contents)
    x = np.concatenate([arrays["x_train"], arrays["x_test"]])
    y = np.concatenate([arrays["y_train"], arrays["y_test"]]).reshape(-1)
    columns: dict[str, Column] = {}
    if chosen.columns:
        for index, column in enumerate(chosen.columns):
            columns[column] = Column(column, x[:, index].astype(np.float64), "number")
    elif chosen.texts:
        columns["words"] = Column("words", words_in_rows(x, words, length), "array")
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
