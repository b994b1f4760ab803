"""What arguments and training cells may choose: losses, metrics, optimizers and the other registries."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import Any

import keras

from .catalogue_types import Entry
from .introspect_docstring import first_sentence
from .introspect_layers import public_classes
from .introspect_parameters import signature_parameters
from .overlay import addresses, entry_help, entry_synonyms, unbuildable

_MODULES: dict[str, Any] = {
    "losses": keras.losses,
    "metrics": keras.metrics,
    "optimizers": keras.optimizers,
    "schedules": keras.optimizers.schedules,
    "initializers": keras.initializers,
    "regularizers": keras.regularizers,
    "constraints": keras.constraints,
    "callbacks": keras.callbacks,
}
_PATHS = {"schedules": "keras.optimizers.schedules"}
_FUNCTIONS: dict[str, Any] = {"activations": keras.activations, "applications": keras.applications}
_HOUSEKEEPING = ("get", "serialize", "deserialize")
_IS_FUNCTION = "It is a function; the loss class with its name takes its place."


def registries() -> dict[str, dict[str, Entry]]:
    """Every registry by its name in the Catalogue."""
    found = {registry: _of_classes(registry, module) for registry, module in _MODULES.items()}
    for registry, module in _FUNCTIONS.items():
        found[registry] = {names[0]: _entry(registry, value, names) for value, names in _functions(module)}
    return found


def _of_classes(registry: str, module: Any) -> dict[str, Entry]:
    functions = {names[0]: (function, names) for function, names in _functions(module)}
    entries = {}
    for cls, names in public_classes(module):
        same = entry_synonyms.snake_case(names[0])
        also = functions.pop(same, (None, []))[1]
        entries[names[0]] = _entry(registry, cls, [*names, *also])
    taken = {synonym for entry in entries.values() for synonym in entry.synonyms}
    for name, (function, names) in functions.items():
        # A few functions have no class; they can be named, but take no arguments.
        if name not in taken:
            entries[name] = replace(_entry(registry, function, names), parameters={}, unbuildable=_IS_FUNCTION)
    return entries


def _functions(module: Any) -> list[tuple[Any, list[str]]]:
    names: dict[Any, list[str]] = {}
    for name, value in sorted(vars(module).items()):
        if inspect.isfunction(value) and not name.startswith("_") and name not in _HOUSEKEEPING:
            names.setdefault(value, []).append(name)
    return [(value, sorted(found, key=lambda name: (name != value.__name__, name))) for value, found in names.items()]


def _entry(registry: str, value: Any, names: list[str]) -> Entry:
    name = names[0]
    owner = f"{registry}.{name}"
    leave_out = ("x",) if registry == "activations" else ()
    return Entry(
        name=name,
        keras=f"{_PATHS.get(registry, 'keras.' + registry)}.{name}",
        help=entry_help.SENTENCES.get(owner) or first_sentence(value.__doc__),
        url=addresses.of_entry(registry, name),
        parameters=signature_parameters(
            value.__init__ if inspect.isclass(value) else value, value.__doc__, owner, leave_out=leave_out
        ),
        unbuildable=unbuildable.ENTRIES.get(owner, ""),
        synonyms=tuple(dict.fromkeys((*names[1:], *entry_synonyms.of_entry(owner)))),
    )
