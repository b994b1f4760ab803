"""Older file formats, brought up to the present one step at a time.

A migration is a pure function from the plain data of one format to that of the next.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .document import FORMAT

# From format n to n + 1. Format 1 is the first.
MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}


def migrate(data: dict[str, Any]) -> dict[str, Any]:
    """The data in the present format; data of a newer format pass through."""
    number = data.get("format", FORMAT)
    while isinstance(number, int) and number in MIGRATIONS:
        data = {**MIGRATIONS[number](data), "format": number + 1}
        number += 1
    return data
