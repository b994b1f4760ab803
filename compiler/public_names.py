"""Where a name of the catalogue lives in public Python. Pure: Keras is not imported."""

from __future__ import annotations

from .catalogue import catalogue
from .catalogue_types import Entry, Kind

# Which registries an argument of this type chooses from; a name may stand in several ("MeanSquaredError").
REGISTRIES = {
    "initializer": ("initializers",),
    "regularizer": ("regularizers",),
    "constraint": ("constraints",),
    "schedule": ("schedules",),
    "loss": ("losses",),
    "metric": ("metrics",),
    "callback": ("callbacks",),
    "optimizer": ("optimizers",),
    "activation": ("activations", "kinds"),
    "layer": ("kinds",),
    "layers": ("kinds",),
}
_ALL = (
    *("kinds", "initializers", "regularizers", "constraints", "schedules", "losses", "metrics"),
    *("optimizers", "callbacks", "activations", "applications"),
)


def entry_of(name: str, type: str = "") -> Kind | Entry:
    """The catalogue's entry of that name, looked for first where an argument of that type chooses.

    Raises KeyError."""
    known = catalogue()
    for registry in (*REGISTRIES.get(type, ()), *_ALL):
        entry = getattr(known, registry).get(name)
        if entry is not None:
            return entry
    raise KeyError(name)
