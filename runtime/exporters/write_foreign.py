"""Exports a network with layers whose code is not here: what the file said of them comes back as it came in.

Nothing of them is run, so that nothing can be compared; the .keras file is read again as an import reads it.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import h5py
import keras
from keras.src.utils.naming import to_snake_case

from ...compiler.document import NetworkCell
from ...compiler.importing.foreign_layers import Foreign
from ...compiler.importing.print_foreign import printable
from ...compiler.program import Program
from ...compiler.to_keras import build_model
from ...compiler.to_python import model_source
from ..importers.keras_file import model_config
from ..safe_hdf5 import UnreadableWeights, at, entries
from ..start_weights import WeightsMissing, start_with, weights_path
from .carried import put_into_archive
from .export import put_in_place
from .python_trailer import with_trailer
from .refused import ExportRefused

FORMATS = ("keras", "python")


def export_foreign(
    program: Program,
    foreign: Mapping[str, Foreign],
    cell: NetworkCell,
    folder: Path,
    *,
    to: str,
    output: Path,
    carried: str | None,
) -> dict[str, Any]:
    """Gives what `export_network` gives; `difference` is None. Raises ExportRefused, OSError."""
    output = output.absolute()
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".weftwork-export-") as place:
        part = Path(place, output.name)
        if to == "python":
            source = model_source(printable(program, foreign))
            part.write_text(source if carried is None else with_trailer(source, carried), encoding="utf-8")
        else:
            _write_keras(program, foreign, cell, folder, part)
            if carried is not None:
                put_into_archive(part, carried)
        size = part.stat().st_size
        put_in_place(part, output)
    names = ", ".join(sorted({f"{one.node.label or one.class_name} ({one.class_name})" for one in foreign.values()}))
    how = "as the file described it" if len(foreign) == 1 else "as the file described them"
    note = f"{names} came back {how}. Code of others is not run here, so that nothing could be compared."
    return {"path": str(output), "format": to, "difference": None, "run": "", "bytes": size, "note": note}


def _write_keras(
    program: Program, foreign: Mapping[str, Foreign], cell: NetworkCell, folder: Path, target: Path
) -> None:
    model = build_model(program)
    try:
        start_with(model, program, cell, folder)
        brought = None if cell.weights is None else weights_path(cell.weights, cell.name, folder)
    except WeightsMissing as error:
        raise ExportRefused(str(error)) from error
    plain, weights = target.with_name("plain.keras"), target.with_name("weights.h5")
    model.save(plain)
    owners = {layer.name: foreign[layer.kind] for layer in program.layers.values() if layer.kind in foreign}
    calls = _calls(program, foreign)
    with zipfile.ZipFile(plain) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        config = json.loads(archive.read("config.json"))
        config["config"]["layers"] = [
            _as_it_came(entry, owners[entry["name"]], calls[entry["name"]]) if entry.get("name") in owners else entry
            for entry in config["config"]["layers"]
        ]
        for name in archive.namelist():
            if name == "config.json":
                written.writestr(name, json.dumps(config))
            elif name == "model.weights.h5" and brought is not None:
                weights.write_bytes(archive.read(name))
                _bring(weights, brought, model, set(owners))
                written.write(weights, name)
            else:
                written.writestr(name, archive.read(name))
    model_config(target)
    plain.unlink()
    weights.unlink(missing_ok=True)


def _calls(program: Program, foreign: Mapping[str, Foreign]) -> dict[str, list[Mapping[str, Any]]]:
    """For each layer whose code is not here, how the file calls it, call by call."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for call in program.calls:
        if call.kind in foreign:
            written = foreign[call.kind].calls.get(call.node.rpartition("/")[2]) or {}
            found.setdefault(program.layers[call.layer].name, []).append(written)
    return found


def _as_it_came(entry: dict[str, Any], foreign: Foreign, calls: list[Mapping[str, Any]]) -> dict[str, Any]:
    """The entry of a layer in a config: of the layer that stands in for it only the name and the tensors stay."""
    name = entry["name"]
    inbound = [
        _called(node, written) if written else node
        for node, written in zip(entry.get("inbound_nodes") or (), calls, strict=False)
    ]
    kept = {"module": None, "registered_name": None, **foreign.entry, "class_name": foreign.class_name}
    return {**kept, "config": {**foreign.node.params, "name": name}, "name": name, "inbound_nodes": inbound}


def _called(node: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, Any]:
    tensors = list(_tensors(node.get("args")))

    def put(value: Any) -> Any:
        match value:
            case {"tensor": int() as place} if place < len(tensors):
                return tensors[place]
            case dict():
                return {key: put(item) for key, item in value.items()}
            case list():
                return [put(item) for item in value]
        return value

    return {"args": put(written.get("args") or []), "kwargs": put(written.get("kwargs") or {})}


def _tensors(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        if value.get("class_name") == "__keras_tensor__":
            yield value
        else:
            for item in value.values():
                yield from _tensors(item)
    elif isinstance(value, list):
        for item in value:
            yield from _tensors(item)


def _bring(weights: Path, brought: Path, model: keras.Model, names: set[str]) -> None:
    """Copies the arrays of these layers as they came, to where Keras looks for them: under the layer's class,
    numbered in the order of the layers."""
    counted: dict[str, int] = {}
    with h5py.File(brought, "r") as source, h5py.File(weights, "r+") as target:
        lists = at(source, "lists")
        alone = {}
        for group in entries(lists).values() if isinstance(lists, h5py.Group) else ():
            for_layers = json.loads(str(group.attrs["layers"]))
            if len(for_layers) == 1:
                alone[for_layers[0]] = group
        for layer in model.layers:
            stem = to_snake_case(type(layer).__name__)
            number = counted.get(stem, 0)
            counted[stem] = number + 1
            if layer.name not in names:
                continue
            place = f"layers/{stem}_{number}" if number else f"layers/{stem}"
            found = at(source, f"layers/{layer.name}")
            if isinstance(found, h5py.Group):
                target.pop(place, None)
                _copy(found, target.create_group(place))
            elif layer.name in alone:
                target.pop(place, None)
                _copy(alone[layer.name], target.create_group(f"{place}/vars"))


def _copy(source: h5py.Group, target: h5py.Group) -> None:
    for name, entry in entries(source).items():
        if isinstance(entry, h5py.Group):
            _copy(entry, target.create_group(name))
        elif entry.dtype.kind not in "fiubV":
            raise UnreadableWeights("they are no numbers")
        else:
            target.create_dataset(name, data=entry[()])
