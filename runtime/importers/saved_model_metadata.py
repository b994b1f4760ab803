"""The config that tf.keras 2 put beside a SavedModel, read without TensorFlow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .refused import ImportRefused

_FILE = "keras_metadata.pb"
_LARGEST = 256 * 2**20

# Fields of tf.keras' messages SavedMetadata and SavedObject.
_NODES, _PATH, _METADATA = 1, 3, 5


def model_config_of(folder: Path) -> str:
    """The model's config as JSON text. Raises ImportRefused where the SavedModel has none."""
    path = folder / _FILE
    if not path.is_file():
        known = (folder / "saved_model.pb").is_file()
        raise ImportRefused(
            f"{folder.name} is a SavedModel without a Keras config: only its graph is in it."
            if known
            else f"{folder.name} is a folder, and no SavedModel."
        )
    if path.stat().st_size > _LARGEST:
        raise ImportRefused(f"{_FILE} in {folder.name} is larger than {_LARGEST // 2**20} MB.")
    try:
        for number, node in fields(path.read_bytes()):
            if number != _NODES:
                continue
            inside = dict(fields(node))
            if inside.get(_PATH) == b"root":
                metadata = json.loads(inside[_METADATA], object_hook=_plain)
                if "class_name" in metadata and isinstance(metadata.get("config"), dict):
                    return json.dumps({"class_name": metadata["class_name"], "config": metadata["config"]})
    except (ValueError, IndexError, KeyError, TypeError) as error:
        raise ImportRefused(f"{_FILE} in {folder.name} is damaged.") from error
    raise ImportRefused(f"The model in {folder.name} has no config of layers.")


def _plain(value: dict[str, Any]) -> Any:
    """Tuples as lists: a shape is `{"class_name": "__tuple__", "items": […]}` there, or a TensorShape."""
    if value.get("class_name") in ("__tuple__", "TensorShape") and isinstance(value.get("items"), list):
        return value["items"]
    return value


def metadata_by_path(folder: Path) -> dict[str, bytes]:
    """What tf.keras wrote of each of its objects, as JSON, by where it is in the model: `root.layer_with_weights-0`.

    Of a file that is damaged only as far as it can be read."""
    found: dict[str, bytes] = {}
    try:
        for number, node in fields((folder / _FILE).read_bytes()):
            inside = dict(fields(node)) if number == _NODES else {}
            if _PATH in inside and _METADATA in inside:
                found[inside[_PATH].decode("utf-8", "replace")] = inside[_METADATA]
    except (ValueError, IndexError, OSError):
        return found
    return found


def fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The fields of a protocol buffer message that hold bytes, by number. Raises ValueError, IndexError."""
    place = 0
    while place < len(data):
        tag, place = _varint(data, place)
        match tag & 7:
            case 0:
                _, place = _varint(data, place)
            case 1:
                place += 8
            case 2:
                length, place = _varint(data, place)
                if place + length > len(data):
                    raise ValueError("the message breaks off")
                yield tag >> 3, data[place : place + length]
                place += length
            case 5:
                place += 4
            case wire_type:
                raise ValueError(f"wire type {wire_type}")


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, place
        shift += 7
        if shift > 63:
            raise ValueError("a number is too long")
