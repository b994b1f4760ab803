"""What arguments and training cells may choose: losses, metrics, optimizers and the other registries."""

from __future__ import annotations

import inspect
from typing import Any

import keras

from .catalogue_types import Entry
from .introspect_docstring import first_sentence
from .introspect_layers import public_classes
from .introspect_parameters import signature_parameters
from .overlay import addresses

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


def registries() -> dict[str, dict[str, Entry]]:
    """Every registry by its name in the Catalogue."""
    found = {
        registry: {names[0]: _entry(registry, cls, names) for cls, names in public_classes(module)}
        for registry, module in _MODULES.items()
    }
    for registry, module in _FUNCTIONS.items():
        found[registry] = {
            name: _entry(registry, value, [name])
            for name, value in sorted(vars(module).items())
            if inspect.isfunction(value) and not name.startswith("_") and name not in _HOUSEKEEPING
        }
    return found


def _entry(registry: str, value: Any, names: list[str]) -> Entry:
    name = names[0]
    function = value.__init__ if inspect.isclass(value) else value
    leave_out = ("x",) if registry == "activations" else ()
    return Entry(
        name=name,
        keras=f"{_PATHS.get(registry, 'keras.' + registry)}.{name}",
        help=first_sentence(value.__doc__),
        url=addresses.of_entry(registry, name),
        parameters=signature_parameters(function, value.__doc__, f"{registry}.{name}", leave_out=leave_out),
        synonyms=tuple(names[1:]),
    )
