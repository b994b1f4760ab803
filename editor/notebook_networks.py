"""What a canvas must know of the notebook's networks: kinds for the palette, content for pictures and copies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..compiler.catalogue_json import kind_to_json
from ..compiler.catalogue_types import Kind
from ..compiler.code.at_hand import with_kinds_of
from ..compiler.code.kinds import FAMILY, code_kinds
from ..compiler.document import Notebook
from ..compiler.nesting.network_kinds import kind_of_network
from ..compiler.nesting.references import cannot_stand_in, network_kind, networks_by_name, used_networks
from ..runtime.code_cells.consent import allowed_in
from .backbones import backbone_kinds
from .canvas_place import small_drawing


@contextmanager
def own_kinds(notebook: Notebook) -> Iterator[None]:
    """Within it the catalogue has the layers of the notebook's own code, as far as they may run."""
    with with_kinds_of(notebook, allowed_in(notebook)):
        yield


def networks_message(notebook: Notebook, told: set[str] | None = None, shown: str = "") -> dict[str, Any]:
    """Every network as a kind, and what those that are used as nodes look like and hold; beside them the layers of the
    notebook's own code. `told` are the names of such layers that the browser knows; it is kept up to date. `barred`
    says of each kind that cannot stand in the network `shown` why."""
    told = set() if told is None else told
    networks = networks_by_name(notebook)
    used = {name for cell in networks.values() for name in used_networks(cell)}
    kinds = {network_kind(name): kind_to_json(kind_of_network(cell)) for name, cell in networks.items()}
    kinds |= {name: kind_to_json(kind) for name, kind in backbone_kinds(cell.name for cell in notebook.cells).items()}
    own = {one.name: one.kind for one in code_kinds(notebook, allowed_in(notebook)) if not one.clash}
    kinds |= {name: kind_to_json(kind) for name, kind in own.items()}
    # The browser forgets networks by itself, and other kinds never: those that are gone can no longer be chosen.
    gone = {name: Kind(name, "layer", FAMILY, "", unbuildable="it is no longer defined") for name in told - own.keys()}
    kinds |= {name: kind_to_json(kind) for name, kind in gone.items()}
    told.update(own)
    drawings = {name: small_drawing(cell) for name, cell in networks.items() if name in used}
    definitions = {name: cell.model_dump(mode="json") for name, cell in networks.items() if name in used}
    barred = {network_kind(name): reason for name, reason in cannot_stand_in(shown, networks).items()}
    return {"type": "networks", "kinds": kinds, "drawings": drawings, "definitions": definitions, "barred": barred}


def networks_mark(notebook: Notebook) -> tuple[Any, ...]:
    """The records that the message is made from: while they are the very same, so is the message."""
    drawn = tuple(
        part
        for cell in notebook.networks()
        for part in (cell.name, cell.nodes, cell.wires, cell.layout, cell.parameters)
    )
    return *drawn, code_kinds(notebook, allowed_in(notebook))


def same_mark(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return len(one) == len(other) and all(
        a is b or (isinstance(a, str) and a == b) for a, b in zip(one, other, strict=True)
    )
