"""Checks labels, which become the names of layers in Keras."""

from __future__ import annotations

from collections.abc import Iterator

from ..changes import SetLabel
from ..problems import Fix, Problem
from .draft import Draft


def check_labels(draft: Draft) -> Iterator[Problem]:
    """Labels that Keras would refuse, and labels that two nodes have."""
    cell = draft.network
    first: dict[tuple[bool, str], str] = {}
    taken = {node.label for node in cell.nodes.values()} | set(draft.graph.names.values())
    for node_id, node in cell.nodes.items():
        if not node.label:
            continue
        if "/" in node.label:
            yield Problem(
                "P311",
                f"The label {node.label} has a slash, which Keras does not allow in a name.",
                draft.at(node_id),
                fixes=(_relabel(cell.id, node_id, node.label.replace("/", "_")),),
            )
        # Outputs are named apart from layers, so that an Output may be called like the layer before it.
        space = (node.kind == "Output", node.label)
        if space not in first:
            first[space] = node_id
            continue
        number = 2
        while f"{node.label}_{number}" in taken:
            number += 1
        yield Problem(
            "P312",
            f"Two nodes are labelled {node.label}; a label names one node.",
            draft.at(node_id),
            related=((draft.at(first[space]), "has this label too"),),
            fixes=(_relabel(cell.id, node_id, f"{node.label}_{number}"),),
        )


def _relabel(cell: str, node: str, label: str) -> Fix:
    return Fix(f"Call it {label}", (SetLabel(cell=cell, node=node, label=label),))
