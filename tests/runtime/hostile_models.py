"""Files that somebody made to harm whoever opens them, and files that broke."""

from __future__ import annotations

import json
import pickle
import zipfile
from pathlib import Path
from typing import Any

import h5py


class Harm:
    def __init__(self, mark: str) -> None:
        self.mark = mark

    def __reduce__(self) -> Any:
        return (Path.touch, (Path(self.mark),))


def dense(units: Any, **more: Any) -> dict[str, Any]:
    config = {"name": "dense", "units": units, "dtype": "float32", **more}
    return {"module": "keras.layers", "class_name": "Dense", "config": config, "registered_name": None}


def sequential(*layers: dict[str, Any]) -> dict[str, Any]:
    given = {"batch_shape": [None, 4], "dtype": "float32", "name": "given"}
    first = {"module": "keras.layers", "class_name": "InputLayer", "config": given, "registered_name": None}
    config = {"name": "s", "trainable": True, "dtype": "float32", "layers": [first, *layers]}
    return {"module": "keras", "class_name": "Sequential", "config": config, "registered_name": None}


def archive(path: Path, config: bytes | str, **others: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("config.json", config)
        for name, content in others.items():
            file.writestr(name, content)
    return path


def deep(depth: int) -> dict[str, Any]:
    data = dense(2)
    for _ in range(depth):
        data = sequential(data)
    return data


def hostile_files(folder: Path, mark: Path) -> dict[str, tuple[Path, str]]:
    """Each file by what is wrong with it, with a word that the refusal must have."""
    folder.mkdir(exist_ok=True)
    whole = archive(folder / "whole.keras", json.dumps(sequential(dense(3)))).read_bytes()
    truncated = folder / "truncated.keras"
    truncated.write_bytes(whole[: len(whole) // 2])
    pickled = folder / "pickle.keras"
    pickled.write_bytes(pickle.dumps(Harm(str(mark))))
    renamed = folder / "pickle.h5"
    renamed.write_bytes(pickle.dumps(Harm(str(mark))))
    cut = folder / "cut.h5"
    with h5py.File(cut, "w") as file:
        file.attrs["model_config"] = json.dumps(sequential(dense(3)))
    cut.write_bytes(cut.read_bytes()[:300])
    only_weights = folder / "weights.h5"
    with h5py.File(only_weights, "w") as file:
        file["kernel"] = [1.0]
    looping = {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": {
            "name": "m",
            "layers": [
                {**sequential()["config"]["layers"][0], "name": "given", "inbound_nodes": []},
                {**dense(4), "name": "dense", "inbound_nodes": [_call("dense")]},
            ],
            "input_layers": ["given", 0, 0],
            "output_layers": ["dense", 0, 0],
        },
    }
    nested = folder / "nested.json"
    nested.write_text("[" * 200_000, encoding="utf-8")
    return {
        "a layer of 1e8 units": (archive(folder / "huge.keras", json.dumps(sequential(dense(10**8)))), "100,000,000"),
        "a zip bomb": (archive(folder / "bomb.keras", b"[" + b" " * (200 * 2**20)), "larger than"),
        "a path out of the archive": (
            archive(folder / "path.keras", json.dumps(sequential(dense(3))), **{"../../evil.txt": b"x"}),
            "leads out",
        ),
        "a config that loops": (archive(folder / "loop.keras", json.dumps(looping)), "circle"),
        "models nested too deep": (archive(folder / "deep.keras", json.dumps(deep(60))), "nested"),
        "a pickle": (pickled, "pickle"),
        "a pickle called h5": (renamed, "pickle"),
        "a truncated archive": (truncated, "damaged"),
        "a truncated HDF5 file": (cut, "damaged"),
        "weights alone": (only_weights, "no model"),
        "JSON that is nested without end": (nested, "nested"),
        "an archive without a config": (_empty(folder / "empty.keras"), "config.json"),
    }


def _call(name: str) -> dict[str, Any]:
    history = {"shape": [None, 4], "dtype": "float32", "keras_history": [name, 0, 0]}
    return {"args": [{"class_name": "__keras_tensor__", "config": history}], "kwargs": {}}


def _empty(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("other.txt", "x")
    return path
