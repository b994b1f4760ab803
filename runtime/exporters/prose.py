"""A text cell as the markdown of a Jupyter notebook, where nothing is live: the results stand as they were."""

from __future__ import annotations

from collections.abc import Mapping

from ...compiler.cell_graph import by_name
from ...compiler.document import Notebook, TrainingCell
from ...compiler.live_values import mentions


def prose(text: str, notebook: Notebook, metrics: Mapping[str, Mapping[str, float]]) -> str:
    """The text with the values that `metrics` has, by training; what is not known stands as code that names it."""
    cells = by_name(notebook)
    for mention in reversed(mentions(text)):
        start = text.rindex("{{", 0, mention.start)
        end = text.index("}}", mention.end) + 2
        cell = cells.get(mention.cell)
        value = metrics.get(mention.cell, {}).get(mention.value)
        if isinstance(cell, TrainingCell) and mention.value in ("epochs", "batch_size", "seed"):
            known = str(getattr(cell, mention.value))
        else:
            known = f"{value:.4g}" if value is not None else f"`{mention.cell}.{mention.value}`"
        text = text[:start] + known + text[end:]
    return text
