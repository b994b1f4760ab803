"""Asks Keras for the shape of every node, and explains what it refuses."""

from __future__ import annotations

from dataclasses import replace

from .draft import Draft
from .explain_refusal import explain_refusal
from .number_types import check_number_types
from .try_fixes import keep_what_works


def infer_shapes(draft: Draft) -> Draft:
    """Adds the shapes as far as they can be known, and a problem for each refused call.

    What depends on a refused node is unknown, not wrong; and where something is wrong with a node already, Keras'
    refusal is its consequence."""
    if draft.oracle is None or draft.blocked:
        return draft
    # Where no other networks are used, oracles need not know that there could be.
    used = (draft.definitions,) if draft.definitions else ()
    draft = replace(draft, shapes=draft.oracle.infer(draft.network, *used))
    faulty = draft.faulty()
    refused = [node for node, shapes in draft.shapes.items() if shapes.refused and node not in faulty]
    explained = keep_what_works(draft, [explain_refusal(draft, node) for node in refused])
    return draft.report([*explained, *check_number_types(draft)])
