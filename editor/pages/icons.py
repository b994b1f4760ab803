"""The icons of assets/icons as inline SVG, so that they take the colour of the text beside them."""

from __future__ import annotations

from functools import cache

from ..theme import icon_text, logo_text
from .markup import Html, h

CELL_ICONS = {"text", "data", "network", "training", "evaluation", "export", "code"}


@cache
def icon(name: str) -> Html:
    """An icon that only decorates: a control that shows nothing else needs an aria-label."""
    return h("span", Html(icon_text(name)), class_="icon", aria_hidden="true")


@cache
def logo() -> Html:
    return h("span", Html(logo_text()), class_="logo", aria_hidden="true")


def cell_icon(kind: str) -> Html:
    return icon(kind if kind in CELL_ICONS else "unknown")
