"""What the canvas must know of the catalogue: every kind, and what the parameters of kinds may choose from."""

from __future__ import annotations

from functools import cache
from typing import Any

from ..compiler.catalogue import catalogue
from ..compiler.catalogue_json import to_json

# Losses, metrics, optimizers and callbacks belong to the training cell, which Python draws.
_SECTIONS = ("keras_version", "kinds", "activations", "initializers", "regularizers", "constraints", "schedules")


@cache
def browser_kinds() -> dict[str, Any]:
    """The catalogue as the canvas gets it, once for each tab. What has its default value is left out."""
    content = to_json(catalogue())
    return {section: content[section] for section in _SECTIONS}
