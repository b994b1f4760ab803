"""Which Keras objects a parameter of some type may name, by class (`HeNormal`) or by alias (`he_normal`)."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache

from ..catalogue import catalogue
from ..catalogue_types import Entry, Kind
from ..labels import snake_case
from ..public_names import REGISTRIES

_ALL = tuple(dict.fromkeys(name for names in REGISTRIES.values() for name in names))

# Keras' short names that are no snake case of a class, and the class that each stands for.
_LOSSES = {
    "mse": "MeanSquaredError",
    "mae": "MeanAbsoluteError",
    "mape": "MeanAbsolutePercentageError",
    "msle": "MeanSquaredLogarithmicError",
    "bce": "BinaryCrossentropy",
}
_ALIASES: dict[str, dict[str, str]] = {
    "initializer": {"normal": "RandomNormal", "uniform": "RandomUniform", "one": "Ones", "zero": "Zeros"},
    "regularizer": {"l1_l2": "L1L2"},
    "loss": {**_LOSSES, "kld": "KLDivergence", "crossentropy": "CategoricalCrossentropy"},
    "metric": {**_LOSSES, "acc": "Accuracy", "rmse": "RootMeanSquaredError"},
}


def registries_of(type: str) -> tuple[str, ...]:
    """The parts of the catalogue that a parameter type chooses from; () for a type that names no object."""
    return REGISTRIES.get(type, ())


def find_entry(type: str, name: str) -> Kind | Entry | None:
    """The entry of that class name for a parameter type; for other types (json), whatever has that name."""
    for registry in registries_of(type) or _ALL:
        entries: Mapping[str, Kind | Entry] = getattr(catalogue(), registry)
        entry = entries.get(name)
        if entry is not None and not (isinstance(entry, Kind) and entry.group != "layer"):
            return entry
    return None


@cache
def known_names(type: str) -> dict[str, None]:
    """Every name by which a string may choose an object for a parameter of this type, class names first.

    Layers are never chosen by a string."""
    names: dict[str, None] = {}
    for registry in registries_of(type) or _ALL:
        entries: Mapping[str, Kind | Entry] = getattr(catalogue(), registry)
        if registry != "kinds":
            names |= dict.fromkeys(entries)
            names |= dict.fromkeys(snake_case(name) for name in entries)
            names |= dict.fromkeys(other for entry in entries.values() for other in getattr(entry, "synonyms", ()))
    return names | dict.fromkeys(_ALIASES.get(type, ()))


def closest_name(type: str, name: str) -> str:
    """The class that a mistaken name most likely means: by alias, else by spelling; "" where none is near."""
    by_plain = {_plain(known): known for known in known_names(type) if find_entry(type, known) is not None}
    by_plain |= {_plain(alias): known for alias, known in _ALIASES.get(type, {}).items()}
    close = get_close_matches(_plain(name), by_plain, n=1)
    found = by_plain[close[0]] if close else ""
    entry = find_entry(type, found) if found else None
    return found if entry is not None and not entry.unbuildable else ""


def _plain(name: str) -> str:
    return name.lower().replace("_", "")
