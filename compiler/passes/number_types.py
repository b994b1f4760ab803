"""Number types that Keras takes without a word and should not: words as weights' input, fractions as indices."""

from __future__ import annotations

from collections.abc import Iterator

from ..changes import SetParameter
from ..problems import Fix, Problem
from .draft import Draft
from .refusal_case import RefusalCase


def check_number_types(draft: Draft) -> Iterator[Problem]:
    """Embeddings of fractions, and layers with weights that get text."""
    for node, shapes in draft.shapes.items():
        kind = draft.graph.kinds.get(node)
        if kind is None or shapes.refused or draft.network.nodes[node].muted:
            continue
        embedding = kind.name == "Embedding"
        if not embedding and not shapes.trainable:
            continue
        for arrival in RefusalCase(draft, node).arrivals:
            if arrival.dtype == "string":
                message = f"{draft.name(node)} calculates with numbers, but gets text."
                help = "Put a TextVectorization or StringLookup layer before it."
                yield Problem("S207", message, draft.at(node, port=arrival.port), help=help)
            elif embedding and "float" in arrival.dtype:
                name, cell = draft.name(arrival.source), draft.network
                whole = SetParameter(cell=cell.id, node=arrival.source, parameter="dtype", value="int32")
                is_input = cell.nodes[arrival.source].kind == "Input"
                yield Problem(
                    "S207",
                    f"{draft.name(node)} looks up whole numbers, but {name} gives fractions, which are cut off.",
                    draft.at(node, port=arrival.port),
                    severity="warning",
                    related=((draft.at(arrival.source), f"gives {arrival.dtype}"),),
                    fixes=(Fix(f"Let {name} give int32", (whole,)),) if is_input else (),
                )
