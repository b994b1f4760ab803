"""HTML as Python calls, escaped unless it says otherwise. Pure; knows neither Panel nor notebooks."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

_VOID = frozenset({"br", "hr", "img", "input", "meta", "link"})


class Html(str):
    """Text that is already HTML and is not escaped again."""

    __slots__ = ()


def h(tag: str, *children: Any, **attributes: Any) -> Html:
    """An element. `class_` and the like lose their underscore, other underscores become hyphens; an attribute
    that is True stands bare, one that is None or False is left out. Children may be nested lists."""
    parts = [tag]
    for name, value in attributes.items():
        if value is None or value is False:
            continue
        name = name.rstrip("_").replace("_", "-")
        parts.append(name if value is True else f'{name}="{escape(str(value))}"')
    opening = f"<{' '.join(parts)}>"
    if tag in _VOID:
        return Html(opening)
    return Html(f"{opening}{join(*children)}</{tag}>")


def join(*children: Any) -> Html:
    """The children one after another; None and False are nothing."""
    return Html("".join(_render(child) for child in children))


def classes(*names: str | bool | None) -> str:
    """Class names joined; what is empty is left out: `classes("chip", running and "running")`."""
    return " ".join(name for name in names if isinstance(name, str) and name)


def _render(child: Any) -> str:
    if child is None or child is False:
        return ""
    if isinstance(child, Html):
        return str(child)
    if isinstance(child, str):
        return escape(child, quote=False)
    if isinstance(child, Iterable):
        return "".join(_render(item) for item in child)
    return escape(str(child), quote=False)
