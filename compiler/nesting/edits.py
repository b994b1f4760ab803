"""Smaller edits of networks inside networks: a copy of one's own, and a parameter from a node's argument. Pure."""

from __future__ import annotations

from ..cell_graph import fresh_name
from ..changes import AddCell, Change, ChangeError, SetField, SetKind, SetParameter
from ..document import NetworkCell, NetworkParameter, Notebook, new_id
from .expressions import expression, has_expression
from .network_kinds import KindTable
from .references import network_kind, network_name, networks_by_name


def make_unique(notebook: Notebook, cell: NetworkCell, node_id: str) -> list[Change]:
    """Gives a node a copy of the network that it stands for: what is changed there is changed for this node alone.

    Raises ChangeError where the node stands for none."""
    node = cell.nodes.get(node_id)
    definition = networks_by_name(notebook).get(network_name(node.kind) or "") if node else None
    if definition is None:
        raise ChangeError("this node stands for no network of the notebook")
    name = fresh_name(notebook, definition.name)
    index = next(place for place, other in enumerate(notebook.cells) if other.id == definition.id)
    copy = definition.model_copy(update={"id": new_id("network"), "name": name})
    return [AddCell(cell=copy, index=index + 1), SetKind(cell=cell.id, node=node_id, kind=network_kind(name))]


def promote(notebook: Notebook, cell: NetworkCell, node_id: str, parameter: str, name: str = "") -> list[Change]:
    """Makes a node's argument a parameter of the network, its default what the argument is now. Every node that
    stands for the network may then set it.

    Raises ChangeError where the argument is calculated already or the name is taken."""
    node = cell.nodes.get(node_id)
    kind = KindTable(networks_by_name(notebook)).get(node.kind) if node else None
    known = kind.parameters.get(parameter) if kind else None
    if node is None or known is None:
        raise ChangeError("this node has no such argument")
    value = node.params.get(parameter, known.default)
    if has_expression(value):
        raise ChangeError(f"{parameter} is calculated already")
    name = name.strip() or parameter
    if not name.isidentifier():
        raise ChangeError("a parameter's name has letters, digits and _ only")
    if name in cell.parameters:
        raise ChangeError(f"{cell.name} has a parameter {name} already")
    promoted = NetworkParameter(
        default=value,
        type=known.type,
        minimum=known.minimum,
        maximum=known.maximum,
        choices=known.choices,
        help=known.help,
    )
    return [
        SetField(cell=cell.id, field="parameters", key=name, value=promoted.model_dump(mode="json")),
        SetParameter(cell=cell.id, node=node_id, parameter=parameter, value=expression(name)),
    ]
