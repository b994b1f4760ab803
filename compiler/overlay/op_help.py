"""One plain sentence for operations whose docstring begins with none that fits."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    "meshgrid": "Coordinates of a grid, from the places along its two axes.",
}
