"""Buttons that several pages and cells have in common."""

from __future__ import annotations

from typing import Any

from .icons import icon
from .markup import Html, h


def square_button(picture: str, label: str, **attributes: Any) -> Html:
    """A small button that is only a picture; `label` is its name and, without a `title`, what is shown on hover."""
    named = {"aria_label": label, "title": label, **attributes}
    return h("button", icon(picture), class_="btn ghost square compact", type="button", **named)


def copy_button(of: str) -> Html:
    """Copies the text of what the selector `of` finds beside it, and says so for a moment."""
    return h(
        "button",
        icon("copy"),
        h("span", "Copy", class_="todo"),
        h("span", "Copied", class_="done"),
        class_="btn ghost compact",
        type="button",
        data_copy=of,
    )
