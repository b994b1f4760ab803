"""Weights that a network brings along: found beside the notebook and put into a model that was just built.

Imports Keras: child processes only. `importers/model_weights.py` says how the file is laid out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
from keras.src.utils.naming import to_snake_case

from ..compiler.document import NetworkCell, StartWeights
from ..compiler.passes.flatten import definition_program
from ..compiler.program import Program
from .safe_hdf5 import Budget, UnreadableWeights, arrays, at, entries


class WeightsMissing(Exception):
    """Why the weights that a network begins with cannot be had: one line for the user."""


@dataclass(slots=True)
class Started:
    """`taken` are the layers that got weights from a file, `fresh` those that the file has none for, or others."""

    taken: list[str] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)


def start_with(model: keras.Model, program: Program, cell: NetworkCell, folder: Path) -> Started:
    """Puts the weights that the network and the networks inside it bring along into the model, layer by layer of the
    same name. Layers that the files do not know, or whose shapes differ, keep theirs. Raises WeightsMissing."""
    began = Started()
    found = list(_files(program, cell, program.definitions, ""))
    if not found:
        return began
    layers = {layer.name: layer for layer in model.layers}
    for prefix, weights in found:
        path = weights_path(weights, cell.name, folder)
        try:
            with h5py.File(path, "r") as file:
                began.taken += _put(file, layers, prefix)
        except (OSError, KeyError, UnreadableWeights) as error:
            why = str(error) if isinstance(error, UnreadableWeights) else "it is damaged"
            raise WeightsMissing(f"The weights in {weights.file} cannot be read: {why}.") from error
    taken = set(began.taken)
    began.fresh = [name for name, layer in layers.items() if layer.weights and name not in taken]
    return began


def weights_path(weights: StartWeights, network: str, folder: Path) -> Path:
    """The file, which is there and has not changed. Raises WeightsMissing."""
    # A notebook of somebody else's must not reach files elsewhere.
    if Path(weights.file).name != weights.file or weights.file in ("", ".", ".."):
        raise WeightsMissing(f"{network} begins with weights of a file that is not beside the notebook.")
    path = folder / weights.file
    if not path.is_file():
        raise WeightsMissing(f"{network} begins with the weights in {weights.file}, which is not beside the notebook.")
    if weights.digest and digest_of(path) != weights.digest:
        raise WeightsMissing(f"{weights.file}, with which {network} begins, has changed since it was imported.")
    return path


def digest_of(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(
    program: Program, cell: NetworkCell, definitions: Mapping[str, NetworkCell], prefix: str
) -> Iterator[tuple[str, StartWeights]]:
    """The files for a network, each with how the names of its layers begin: those of networks inside come first, so
    that what the whole brings along has the last word."""
    if any(one.weights is not None for one in definitions.values()):
        for call in (program.nested or program).calls:
            if call.use is None:
                continue
            inner = {name: one for name, one in definitions.items() if name != call.use.network}
            for repetition in call.use.repetitions:
                inside = definitions[call.use.network]
                yield from _files(
                    definition_program(inside, repetition.values, inner), inside, inner, f"{prefix}{repetition.name}_"
                )
    if cell.weights is not None:
        yield prefix, cell.weights


def _put(file: h5py.File, layers: Mapping[str, keras.Layer], prefix: str) -> list[str]:
    budget, taken = Budget(), []
    for name, group in _groups(file, "layers"):
        layer = layers.get(prefix + name)
        if layer is not None and _fits(lambda group=group, layer=layer: _put_tree(layer, group, budget)):
            taken.append(prefix + name)
    for _, group in _groups(file, "lists"):
        names, frozen = (json.loads(str(group.attrs[key])) for key in ("layers", "frozen"))
        values = dict(arrays(group, budget))
        values = [values[str(number)] for number in range(len(values))]
        if _put_list([layers.get(prefix + name) for name in names], [name in frozen for name in names], values):
            taken += [prefix + name for name in names]
    for name, group in _groups(file, "named"):
        layer = layers.get(prefix + name)
        if layer is not None and _fits(lambda group=group, layer=layer: _put_named(layer, dict(arrays(group, budget)))):
            taken.append(prefix + name)
    return taken


def _groups(file: h5py.File, name: str) -> list[tuple[str, h5py.Group]]:
    found = at(file, name)
    if not isinstance(found, h5py.Group):
        return []
    return [(key, entry) for key, entry in entries(found).items() if isinstance(entry, h5py.Group)]


def _fits(put: Any) -> bool:
    """Whether a layer took its weights; one of another shape or kind than the file's keeps its own."""
    try:
        put()
    except (ValueError, KeyError, AttributeError, TypeError):
        return False
    return True


def _put_tree(found: Any, group: h5py.Group, budget: Budget) -> None:
    """Sets a layer's variables, and those of the layers inside it by the attributes under which it has them."""
    children = entries(group)
    own = children.pop("vars", None)
    if isinstance(own, h5py.Group) and len(own):
        values = dict(arrays(own, budget))
        variables = found._trainable_variables + found._non_trainable_variables
        if len(values) == len(variables) and any(
            tuple(variable.shape) != values[str(number)].shape for number, variable in enumerate(variables)
        ):
            raise ValueError("other shapes")
        found.load_own_variables(values)
    for name, child in children.items():
        if isinstance(child, h5py.Group):
            _put_tree(_inside(found, name), child, budget)


def _inside(found: Any, name: str) -> Any:
    """What Keras saves under that name: an attribute, or a member of a list by its class, numbered."""
    if not isinstance(found, list | tuple | dict):
        return getattr(found, name)
    counted: dict[str, int] = {}
    for member in found.values() if isinstance(found, dict) else found:
        stem = to_snake_case(type(member).__name__)
        number = counted.get(stem, 0)
        counted[stem] = number + 1
        if name == (f"{stem}_{number}" if number else stem):
            return member
    raise KeyError(name)


def _put_list(layers: list[keras.Layer | None], frozen: list[bool], values: list[np.ndarray]) -> bool:
    """Sets one list of weights for some layers: what is trained of all of them first. Where a layer is gone nothing
    tells how many it had, so that then none can be set."""
    first, last = [], []
    for layer, was_frozen in zip(layers, frozen, strict=True):
        if layer is None:
            return False
        trained = [] if was_frozen else _trained_weights(layer)
        of_it = {id(one) for one in trained}
        first += trained
        last += [one for one in layer.weights if id(one) not in of_it]
    if [tuple(one.shape) for one in [*first, *last]] != [value.shape for value in values]:
        return False
    for variable, value in zip([*first, *last], values, strict=True):
        variable.assign(value)
    return True


def _trained_weights(layer: keras.Layer) -> list[Any]:
    """What would be trained if the layer were not frozen here."""
    trainable = layer.trainable
    layer.trainable = True
    trained = list(layer.trainable_weights)
    layer.trainable = trainable
    return trained


def _put_named(layer: keras.Layer, values: Mapping[str, np.ndarray]) -> None:
    variables = {}
    for path, value in values.items():
        *steps, last = path.split("/")
        owner: Any = layer
        for step in steps:
            owner = owner[int(step)] if isinstance(owner, list | tuple) else getattr(owner, step)
        # tf.keras had a name of its own for what Keras 3 calls the kernel.
        variable = getattr(owner, "kernel" if last == "depthwise_kernel" and not hasattr(owner, last) else last)
        if tuple(variable.shape) != value.shape:
            raise ValueError("other shapes")
        variables[path] = variable
    if len(variables) < len(layer.weights):
        raise ValueError("fewer arrays than weights")
    for path, variable in variables.items():
        variable.assign(values[path])
