"""Says for each kind that the palette found what it would make of the tensor that it would take."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..compiler.catalogue import catalogue
from ..compiler.document import NetworkCell, Node, Source, Target, Wire
from ..compiler.ports import input_ports
from ..compiler.specs import TensorSpec
from .palette_search import Row

if TYPE_CHECKING:
    from ..compiler.pipeline import ShapeOracle


def preview_shapes(rows: list[Row], spec: TensorSpec, oracle: ShapeOracle) -> list[Row]:
    """The rows with the shape of their first output; those that cannot be built here come last, with Keras' reason.

    Asks once for all: one network in which every kind hangs on the same tensor.
    """
    start: dict[str, Any] = {"shape": list(spec.shape[1:]), "dtype": spec.dtype}
    nodes = {"tensor": Node(kind="Input", params=start)}
    wires: dict[str, Wire] = {}
    for index, row in enumerate(rows):
        kind = catalogue().kinds.get(row.kind)
        if kind is None or row.reason or not kind.inputs:
            continue
        id_ = f"row_{index}"
        nodes[id_] = Node(kind=row.kind, params=row.params)
        ports = input_ports(kind, row.params)
        for port in [port for port in ports if port.required] or list(ports[:1]):
            wires[f"{id_}_{port.name}"] = Wire(source=Source("tensor"), target=Target(id_, port.name))
    shapes = oracle.infer(NetworkCell(id="preview", name="preview", nodes=nodes, wires=wires))
    seen = [_seen(row, shapes.get(f"row_{index}")) for index, row in enumerate(rows)]
    return sorted(seen, key=lambda row: bool(row.reason))


def _seen(row: Row, shapes: Any) -> Row:
    if shapes is None:
        return row
    if shapes.refused:
        return replace(row, reason=shapes.refused)
    first = next(iter(shapes.outputs.values()), None)
    return replace(row, shape=first.shape) if first else row
