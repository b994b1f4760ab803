"""Folds the networks of an import, and gives the Inputs of the blocks the shapes that arrive there first.

Asks Keras for shapes: child processes only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ..document import NetworkCell
from ..importing.report import ImportReport
from ..nesting.references import definitions_of, network_name
from ..shapes import KerasShapes
from ..specs import NodeShapes
from .fold import fold


def folded_cells(
    cells: tuple[NetworkCell, ...], report: ImportReport, names: Collection[str] = ()
) -> tuple[NetworkCell, ...]:
    """The cells with repeated blocks as cells of their own before those that use them, none called as `names`."""
    made: list[NetworkCell] = []
    taken = {cell.name for cell in cells} | set(names)
    for cell in cells:
        networks = {one.name: one for one in made}
        folded = fold(cell, networks, taken=taken)
        taken |= {block.name for block in folded.blocks}
        report.folded += folded.repetitions
        for block in folded.blocks:
            report.blocks.append((cell.name, block.name, len(block.nodes)))
        made += [*folded.blocks, folded.cell]
    if len(made) == len(cells):
        return cells
    return _with_shapes(made)


def _with_shapes(cells: list[NetworkCell]) -> tuple[NetworkCell, ...]:
    """The cells with, at the Inputs of networks that are used as nodes, what arrives there at their first use."""
    networks = {cell.name: cell for cell in cells}
    whole = cells[-1]
    shapes = KerasShapes().infer(whole, definitions_of(whole, networks))
    arriving: dict[str, Mapping[str, NodeShapes]] = {}
    _note(whole, shapes, networks, arriving)
    return tuple(_with_inputs(cell, arriving.get(cell.name, {})) for cell in cells)


def _note(
    cell: NetworkCell,
    shapes: Mapping[str, NodeShapes],
    networks: Mapping[str, NetworkCell],
    arriving: dict[str, Mapping[str, NodeShapes]],
) -> None:
    for id_, node in cell.nodes.items():
        inside = shapes[id_].inside if id_ in shapes else ()
        name = network_name(node.kind)
        if inside and name is not None and name not in arriving:
            arriving[name] = inside[0]
            _note(networks[name], inside[0], networks, arriving)


def _with_inputs(cell: NetworkCell, shapes: Mapping[str, NodeShapes]) -> NetworkCell:
    nodes = dict(cell.nodes)
    for id_, node in cell.nodes.items():
        spec = shapes[id_].outputs.get("output") if node.kind == "Input" and id_ in shapes else None
        if spec is not None:
            params = {"shape": list(spec.shape[1:])}
            nodes[id_] = node.model_copy(
                update={"params": params if spec.dtype == "float32" else {**params, "dtype": spec.dtype}}
            )
    return cell.model_copy(update={"nodes": nodes})
