"""What things are called in a Jupyter notebook: as they are where there is one of each, else by their cells. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from ...compiler.document import Notebook, TrainingCell
from ...compiler.model_name import model_name
from ...compiler.nesting.references import used_networks
from .named_rate import LEARNING_RATE
from .renamed import renamed

# Names that each data cell, or each training, needs for itself where there are several of them.
OF_DATA = ("rows", "training", "validation", "preparation", "load_rows", "split", "build_preparation")
OF_DATA_CONSTANTS = ("VALIDATION", "SPLIT_SEED", "DATA")
OF_TRAINING = (
    *("model", "history", "inputs", "targets", "x_train", "y_train", "x_validation", "y_validation"),
    *("weights_train", "weights_validation", "answers", "augmentation", "batches", "build_augmentation"),
)
OF_TRAINING_CONSTANTS = ("SEED", "BATCH_SIZE", "EPOCHS", LEARNING_RATE)


def built_networks(notebook: Notebook, programs: Collection[str]) -> list[str]:
    """The networks that are built by themselves: those that are trained, and those that stand in no other."""
    trained = {cell.network for cell in notebook.cells if isinstance(cell, TrainingCell)}
    parts = {used for network in notebook.networks() for used in used_networks(network)}
    return [name for name in programs if name in trained or name not in parts]


def builder_names(networks: list[str]) -> dict[str, str]:
    """What the function is called that builds each network."""
    if len(networks) <= 1:
        return dict.fromkeys(networks, "build_model")
    return {name: f"build_{suffix}" for name, suffix in _suffixes(networks).items()}


def renamed_apart(functions: dict[str, str], taken: Mapping[str, str], names: dict[str, str]) -> dict[str, str]:
    """The functions by other names where another of the same name is there that does something else."""
    names = dict(names)
    for name, text in functions.items():
        number, new = 2, names.get(name, name)
        while new in taken and taken[new] != renamed(text, names):
            new = f"{names.get(name, name)}_{number}"
            number += 1
        names[name] = new
    return {names[name]: renamed(text, names) for name, text in functions.items()}


def own_names(
    cells: list[str], names: tuple[str, ...], constants: tuple[str, ...], taken: Collection[str]
) -> dict[str, dict[str, str]]:
    """By cell, what its variables are called: as they are where it is the only one and code takes none of them."""
    if len(cells) <= 1 and not {*names, *constants}.intersection(taken):
        return {cell: {name: name for name in (*names, *constants)} for cell in cells}
    suffixes = _suffixes(cells)
    return {
        cell: {
            **{name: f"{name}_{suffixes[cell]}" for name in names},
            **{name: f"{name}_{suffixes[cell].upper()}" for name in constants},
        }
        for cell in cells
    }


def _suffixes(cells: list[str]) -> dict[str, str]:
    """An identifier for each cell, made from its name."""
    found: dict[str, str] = {}
    for cell in cells:
        stem = re.sub(r"_+", "_", model_name(cell))
        name, number = stem, 2
        while name in found.values():
            name, number = f"{stem}_{number}", number + 1
        found[cell] = name
    return found
