"""The kinds that the notebook's own networks are: ports from their Inputs and Outputs, parameters as promoted. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from ..catalogue import catalogue
from ..catalogue_types import Kind, Parameter, Port
from ..document import NetworkCell, Node
from ..identity import Same
from ..labels import layer_names
from .references import network_kind, network_name

GROUP = "network"
FAMILY = "Networks"
TRAINABLE = "trainable"

_TRAINABLE = Parameter(TRAINABLE, "bool", default=True, help="Whether its weights are trained; off: they are frozen.")


class KindTable(Mapping[str, Kind]):
    """Every kind of the catalogue, and the networks that may be used as nodes."""

    def __init__(self, networks: Mapping[str, NetworkCell]) -> None:
        self._networks = networks
        self._known = catalogue().kinds

    def __getitem__(self, kind: str) -> Kind:
        known = self._known.get(kind)
        if known is not None:
            return known
        name = network_name(kind)
        if name is None or name not in self._networks:
            raise KeyError(kind)
        return kind_of_network(self._networks[name])

    def __iter__(self) -> Iterator[str]:
        yield from self._known
        yield from map(network_kind, self._networks)

    def __len__(self) -> int:
        return len(self._known) + len(self._networks)


def kinds_with(kinds: Mapping[str, Kind], networks: Mapping[str, NetworkCell]) -> dict[str, Kind]:
    """The kinds, and those of the networks."""
    return {**kinds, **{network_kind(name): kind_of_network(cell) for name, cell in networks.items()}}


def kind_of_network(cell: NetworkCell) -> Kind:
    """The kind of the nodes that stand for a network."""
    return _kind(cell.name, Same(cell.nodes), Same(cell.parameters))


@lru_cache(maxsize=256)
def _kind(name: str, nodes: Same[dict[str, Node]], parameters: Same[dict[str, Any]]) -> Kind:
    inputs, outputs = _boundary(nodes)
    declared = {
        name: Parameter(
            name,
            given.type,
            default=given.default,
            nullable=given.default is None,
            minimum=given.minimum,
            maximum=given.maximum,
            choices=given.choices,
            help=given.help,
        )
        for name, given in parameters.value.items()
    }
    return Kind(
        name=network_kind(name),
        group=GROUP,
        family=FAMILY,
        keras="",
        help="A network of this notebook, used as a node.",
        inputs=tuple(Port(port) for port in inputs),
        outputs=tuple(Port(port) for port in outputs),
        parameters={**declared, TRAINABLE: _TRAINABLE},
    )


def boundary(cell: NetworkCell) -> tuple[dict[str, str], dict[str, str]]:
    """The ports of a network by name, and the ids of the Inputs and of the Outputs behind them."""
    return _boundary(Same(cell.nodes))


@lru_cache(maxsize=256)
def _boundary(nodes: Same[dict[str, Node]]) -> tuple[dict[str, str], dict[str, str]]:
    # By id and by name: a file lists nodes in another order than the one in which they were drawn.
    in_order = dict(sorted(nodes.value.items()))
    names = layer_names(NetworkCell(id="", name="").model_copy(update={"nodes": in_order}))
    inputs = {names[id_]: id_ for id_, node in in_order.items() if node.kind == "Input"}
    outputs = {names[id_]: id_ for id_, node in in_order.items() if node.kind == "Output"}
    return dict(sorted(inputs.items())), dict(sorted(outputs.items()))
