"""The config of a model in a file that Keras of any age wrote. Only reads; unpacks nothing, runs nothing."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from .refused import ImportRefused
from .saved_model_metadata import model_config_of

KERAS_ENDINGS = (".keras", ".h5", ".hdf5", ".json")

# NASNetLarge has 1 MB; constants that a model holds may be larger than it.
LARGEST_CONFIG = 64 * 2**20

_LARGEST_FILE = 8 * 2**30


def model_config(path: Path) -> dict[str, Any]:
    """What the file says of its model, as JSON. Raises ImportRefused, OSError."""
    if path.is_dir():
        return _parsed(model_config_of(path), path)
    if path.stat().st_size > _LARGEST_FILE:
        raise ImportRefused(f"{path.name} is larger than {_LARGEST_FILE // 2**30} GB.")
    with path.open("rb") as file:
        begin = file.read(8)
    if begin[:4] == b"PK\x03\x04":
        return _parsed(_of_archive(path), path)
    if begin == b"\x89HDF\r\n\x1a\n":
        return _parsed(_of_hdf5(path), path)
    if path.suffix == ".json":
        return _parsed(_of_text(path), path)
    if begin[:1] == b"\x80":
        raise ImportRefused(f"{path.name} is a pickle, which is code: it is not opened.")
    raise ImportRefused(f"{path.name} is neither a .keras archive nor HDF5 nor JSON of a model.")


def _of_archive(path: Path) -> str | bytes:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            for name in names:
                if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name:
                    raise ImportRefused(f"{path.name} holds a path that leads out of it: {name[:60]!r}.")
            if "config.json" not in names:
                raise ImportRefused(f"{path.name} is an archive without a config.json.")
            # By what comes out, not by what the archive says of itself.
            with archive.open("config.json") as file:
                text = file.read(LARGEST_CONFIG + 1)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, OSError, ValueError, KeyError) as error:
        raise ImportRefused(f"{path.name} is a damaged archive: {_line(error)}.") from error
    except Exception as error:  # zlib.error is no subclass of any of these.
        raise ImportRefused(f"{path.name} is a damaged archive: {_line(error)}.") from error
    return _small(text, path)


def _of_hdf5(path: Path) -> str | bytes:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            found = file.attrs.get("model_config")
    except ImportRefused:
        raise
    except Exception as error:
        raise ImportRefused(f"{path.name} is a damaged HDF5 file: {_line(error)}.") from error
    if found is None:
        raise ImportRefused(f"{path.name} holds weights but no model: its config is not in it.")
    if not isinstance(found, str | bytes):
        raise ImportRefused(f"{path.name} has a model_config that is no text.")
    return _small(found, path)


def _of_text(path: Path) -> bytes:
    with path.open("rb") as file:
        return bytes(_small(file.read(LARGEST_CONFIG + 1), path))


def _small(text: Any, path: Path) -> Any:
    if len(text) > LARGEST_CONFIG:
        raise ImportRefused(f"The config in {path.name} is larger than {LARGEST_CONFIG // 2**20} MB.")
    return text


def _parsed(text: str | bytes, path: Path) -> dict[str, Any]:
    try:
        data = json.loads(text)
        if isinstance(data, str):  # `json.dump(model.to_json())` packs it twice.
            data = json.loads(data)
    except RecursionError as error:
        raise ImportRefused(f"The config in {path.name} is nested too deeply.") from error
    except ValueError as error:
        raise ImportRefused(f"The config in {path.name} is no JSON: {_line(error)}.") from error
    if not isinstance(data, dict):
        raise ImportRefused(f"The config in {path.name} is no object.")
    return data


def _line(error: BaseException) -> str:
    text = " ".join(str(error).split())[:160].rstrip(".")
    return text or type(error).__name__
