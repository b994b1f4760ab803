"""One problem for one call that Keras refuses: what is wrong in the user's words, and what would mend it."""

from __future__ import annotations

from ..problems import Problem
from .draft import Draft


def explain_refusal(draft: Draft, node: str) -> Problem:
    shapes = draft.shapes[node]
    return Problem(
        "S209" if shapes.refused_parameter else "S201",
        f"{draft.name(node)}: {shapes.refused}",
        draft.at(node, parameter=shapes.refused_parameter),
    )
