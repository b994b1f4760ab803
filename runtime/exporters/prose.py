"""A text cell as the markdown of a Jupyter notebook, where nothing is live: the results stand as they were."""

from __future__ import annotations

from collections.abc import Mapping

from ...compiler.live_values import mentions


def prose(text: str, values: Mapping[str, Mapping[str, str]]) -> str:
    """The text with what `values` has, by cell; what is not known stands as code that names it."""
    for mention in reversed(mentions(text)):
        start = text.rindex("{{", 0, mention.start)
        end = text.index("}}", mention.end) + 2
        known = values.get(mention.cell, {}).get(mention.value) or f"`{mention.cell}.{mention.value}`"
        text = text[:start] + known + text[end:]
    return text
