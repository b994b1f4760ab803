"""Ways to give a layer one row of features where pictures or sequences still arrive."""

from __future__ import annotations

from collections.abc import Mapping

from ..changes import SetParameter
from ..document import NetworkCell
from ..problems import Fix
from ..specs import NodeShapes
from .chains import NORMALIZING, PASSING, Steps
from .repairs import insert_node

_LAST_LAYERS = PASSING | NORMALIZING | {"Dense", "Activation", "Softmax"}


def fewer_axes(
    network: NetworkCell, names: Mapping[str, str], node: str, steps: Steps, shapes: Mapping[str, NodeShapes]
) -> list[Fix]:
    """Fixes that put a Flatten or a pooling layer before the last layers that lead to `node`, or let the recurrent
    layer there give its last step alone."""
    first, step = "", steps(node)
    while step is not None and step.kind in _LAST_LAYERS and _axes(step.source, shapes) > 1:
        first, node = node, step.source
        step = steps(node)
    wires = [wire_id for wire_id, wire in network.wires.items() if wire.target.node == first]
    if len(wires) != 1:
        return []
    fixes = []
    if step is not None and step.params.get("return_sequences") is True:
        last_step = SetParameter(cell=network.id, node=step.owner, parameter="return_sequences", value=False)
        fixes.append(Fix(f"Let {names[step.owner]} give its last step only", (last_step,)))
    pooling = f"GlobalAveragePooling{_axes(node, shapes) - 1}D"
    for kind in ("Flatten", pooling):
        fixes.append(Fix(f"Insert {kind} before {names[first]}", insert_node(network, wires[0], kind, {})))
    return fixes


def _axes(node: str, shapes: Mapping[str, NodeShapes]) -> int:
    """The axes of a node's only output, without the batch axis; 0 while unknown."""
    known = shapes.get(node)
    return len(next(iter(known.outputs.values())).shape) - 1 if known and len(known.outputs) == 1 else 0
