"""What `show` tells of the nodes inside of networks that are used as nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..compiler.nesting.paths import outermost
from ..compiler.program import Program
from ..compiler.specs import NodeShapes


def inner_nodes(program: Program | None, shapes: Mapping[str, NodeShapes]) -> dict[str, list[dict[str, Any]]]:
    """For each node that stands for a network the calls inside it, by path. `inside` names that node; its own count of
    parameters is the sum of theirs."""
    found: dict[str, list[dict[str, Any]]] = {}
    for call in program.calls if program is not None else ():
        around = outermost(call.node)
        if around == call.node or around not in shapes or program is None:
            continue
        known = program.shapes.get(call.node)
        found.setdefault(around, []).append(
            {
                "id": call.node,
                "inside": around,
                "kind": call.kind,
                "label": call.name,
                "shapes": [list(spec.shape) for spec in known.outputs.values()] if known else [],
                "parameters": known.parameters if known else None,
            }
        )
    return found
