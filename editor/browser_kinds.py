"""What the canvas must know of the catalogue: every kind, and what the parameters of kinds may choose from."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from ..compiler.catalogue import catalogue
from ..compiler.catalogue_json import to_json
from .palette_search import standing

_CURVES = Path(__file__).resolve().parents[1] / "assets" / "activation_curves.json"

# Losses, metrics, optimizers and callbacks belong to the training cell, which Python draws.
_SECTIONS = ("keras_version", "kinds", "activations", "initializers", "regularizers", "constraints", "schedules")


@cache
def browser_kinds() -> dict[str, Any]:
    """The catalogue as the canvas gets it, once for each tab. What has its default value is left out."""
    known = catalogue()
    content = to_json(known)
    sections = {section: content[section] for section in _SECTIONS}
    # While the server is away the browser ranks what is searched for in the same order.
    ranked = {
        name: {**kind, "standing": round(standing(known.kinds[name]), 2)} for name, kind in sections["kinds"].items()
    }
    curves = json.loads(_CURVES.read_text(encoding="utf-8"))
    activations = {name: {**entry, "curve": curves.get(name, [])} for name, entry in sections["activations"].items()}
    return {**sections, "kinds": ranked, "activations": activations}
