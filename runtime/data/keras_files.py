"""The files of `keras.datasets` as arrays, parted and put in the order that `load_data` gives them."""

from __future__ import annotations

import gzip
import io
import tarfile

import numpy as np

from .plain_pickle import read_archive, read_pickle

Arrays = dict[str, np.ndarray]

# As `load_data` has it: 0 fills up, 1 begins a text, 2 stands for a rare word; the words come after these.
_BEGIN, _RARE, _FIRST_WORD = 1, 2, 3
_SEED = 113


def npz_in_parts(contents: list[bytes]) -> Arrays:
    return read_archive(contents[0])


def npz_whole(contents: list[bytes]) -> Arrays:
    """Shuffled, a fifth for test."""
    arrays = read_archive(contents[0])
    order = _shuffled(len(arrays["x"]))
    x, y = arrays["x"][order], arrays["y"][order]
    count = int(len(x) * (1 - 0.2))
    return {"x_train": x[:count], "y_train": y[:count], "x_test": x[count:], "y_test": y[count:]}


def texts_in_parts(contents: list[bytes]) -> Arrays:
    """Texts as lists of word numbers, each part shuffled by one generator after the other."""
    arrays = read_archive(contents[0])
    random = np.random.RandomState(_SEED)
    for part in ("train", "test"):
        order = np.arange(len(arrays[f"x_{part}"]))
        random.shuffle(order)
        arrays |= {f"{name}_{part}": arrays[f"{name}_{part}"][order] for name in "xy"}
    return arrays


def idx_files(contents: list[bytes]) -> Arrays:
    """Labels and pictures of the training part, then of the test part, each with its header before the bytes."""
    plain = [gzip.decompress(content) for content in contents]
    labels = [np.frombuffer(plain[index], np.uint8, offset=8) for index in (0, 2)]
    pictures = [np.frombuffer(plain[index], np.uint8, offset=16).reshape(-1, 28, 28) for index in (1, 3)]
    return {"y_train": labels[0], "x_train": pictures[0], "y_test": labels[1], "x_test": pictures[1]}


def cifar_10(contents: list[bytes]) -> Arrays:
    members = _members(contents[0])
    parts = {"train": [f"data_batch_{number}" for number in range(1, 6)], "test": ["test_batch"]}
    return _cifar({part: [members[name] for name in names] for part, names in parts.items()}, b"labels")


def cifar_100(contents: list[bytes]) -> Arrays:
    members = _members(contents[0])
    return _cifar({part: [members[part]] for part in ("train", "test")}, b"fine_labels")


def words_in_rows(texts: np.ndarray, words: int, length: int) -> np.ndarray:
    """(n, length) int32: the last `length` numbers of each text, zeros before shorter ones, and words from `words` on
    as rare. What `load_data(num_words=…)` and `pad_sequences(maxlen=…)` give together."""
    rows = np.zeros((len(texts), length), dtype=np.int32)
    for row, text in zip(rows, texts, strict=True):
        numbers = np.array([_BEGIN, *(number + _FIRST_WORD for number in text)])[-length:]
        row[length - len(numbers) :] = np.where(numbers < words, numbers, _RARE)
    return rows


def _shuffled(rows: int) -> np.ndarray:
    order = np.arange(rows)
    np.random.RandomState(_SEED).shuffle(order)
    return order


def _members(content: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None:
                found[member.name.rsplit("/", 1)[-1]] = file.read()
    return found


def _cifar(parts: dict[str, list[bytes]], labels: bytes) -> Arrays:
    arrays = {}
    for part, contents in parts.items():
        batches = [read_pickle(content) for content in contents]
        pictures = np.concatenate([batch[b"data"] for batch in batches])
        arrays[f"x_{part}"] = pictures.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        arrays[f"y_{part}"] = np.concatenate([np.asarray(batch[labels]) for batch in batches])
    return arrays
