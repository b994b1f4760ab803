"""What assets/theme.css says, for the few places that cannot use a custom property: plots and the favicon."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

ASSETS = Path(__file__).resolve().parents[1] / "assets"

Mode = Literal["light", "dark"]

_PROPERTY = re.compile(r"(--wf-[a-z0-9-]+):\s*([^;]+);")
_PAIR = re.compile(r"light-dark\((#[0-9a-f]+),\s*(#[0-9a-f]+)\)")


@cache
def properties(mode: Mode) -> dict[str, str]:
    """Every custom property of the theme with its value in light or in dark."""
    text = (ASSETS / "theme.css").read_text(encoding="utf-8")
    side = 1 if mode == "light" else 2
    return {name: _PAIR.sub(lambda pair: pair[side], value).strip() for name, value in _PROPERTY.findall(text)}


def colour(name: str, mode: Mode) -> str:
    """The colour `--wf-<name>`. Raises KeyError."""
    return properties(mode)[f"--wf-{name}"]


def icon_text(name: str) -> str:
    """The SVG of assets/icons/<name>.svg."""
    return (ASSETS / "icons" / f"{name}.svg").read_text(encoding="utf-8").strip()


def logo_text(mode: Mode | None = None) -> str:
    """The logo; with a mode its colours stand in it, for use where no style sheet reaches."""
    text = (ASSETS / "logo.svg").read_text(encoding="utf-8")
    if mode is None:
        return text
    return re.sub(r"var\(--wf-([a-z0-9-]+)\)", lambda name: colour(name[1], mode), text)
