"""What a canvas must know of the notebook's networks: kinds for the palette, content for pictures and copies."""

from __future__ import annotations

from typing import Any

from ..compiler.catalogue_json import kind_to_json
from ..compiler.document import Notebook
from ..compiler.nesting.network_kinds import kind_of_network
from ..compiler.nesting.references import network_kind, networks_by_name, used_networks
from .canvas_place import small_drawing


def networks_message(notebook: Notebook) -> dict[str, Any]:
    """Every network as a kind, and what those that are used as nodes look like and hold."""
    networks = networks_by_name(notebook)
    used = {name for cell in networks.values() for name in used_networks(cell)}
    kinds = {network_kind(name): kind_to_json(kind_of_network(cell)) for name, cell in networks.items()}
    drawings = {name: small_drawing(cell) for name, cell in networks.items() if name in used}
    definitions = {name: cell.model_dump(mode="json") for name, cell in networks.items() if name in used}
    return {"type": "networks", "kinds": kinds, "drawings": drawings, "definitions": definitions}


def networks_mark(notebook: Notebook) -> tuple[Any, ...]:
    """The records that the message is made from: while they are the very same, so is the message."""
    return tuple(
        part
        for cell in notebook.networks()
        for part in (cell.name, cell.nodes, cell.wires, cell.layout, cell.parameters)
    )


def same_mark(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return len(one) == len(other) and all(
        a is b or (isinstance(a, str) and a == b) for a, b in zip(one, other, strict=True)
    )
