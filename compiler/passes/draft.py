"""What the passes hand on to each other: the network as read, and what is known and said of it so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from ..catalogue_types import Catalogue
from ..document import NetworkCell, Source
from ..nesting.network_kinds import kinds_with
from ..nesting.paths import outermost
from ..nesting.values import ValueFault, with_values
from ..problems import Location, Problem, has_errors
from ..program import Program
from ..specs import NodeShapes, TensorSpec
from .graph import Graph, read_graph


class ShapeOracle(Protocol):
    """Who knows shapes: Keras, in this process or in another one."""

    def infer(
        self, network: NetworkCell, definitions: Mapping[str, NetworkCell] | None = None
    ) -> dict[str, NodeShapes]:
        """Shapes by node id, as far as they can be known; never raises for what a user drew. `definitions` are the
        networks that its nodes stand for, by name."""
        ...


@dataclass(frozen=True)
class Draft:
    graph: Graph
    oracle: ShapeOracle | None = None
    problems: tuple[Problem, ...] = ()
    shapes: dict[str, NodeShapes] = field(default_factory=dict)
    program: Program | None = None
    # What the nodes' calculated arguments come to is in the graph's network; what cannot be calculated is told here.
    drawn: NetworkCell | None = None
    faults: tuple[ValueFault, ...] = ()
    definitions: Mapping[str, NetworkCell] = field(default_factory=dict)
    # Something is wrong in a network that is used here, and told there; or there is too much inside to be looked at.
    blocked: bool = False
    # By path and code of what is wrong inside: the network, node and code that it comes from.
    inside_causes: Mapping[tuple[str, str], tuple[str, str, str]] = field(default_factory=dict)

    @property
    def network(self) -> NetworkCell:
        return self.graph.network

    @property
    def has_errors(self) -> bool:
        return self.blocked or has_errors(self.problems)

    def faulty(self) -> set[str]:
        """The nodes at which something is wrong already."""
        return {problem.at.node for problem in self.problems if problem.severity == "error"}

    def name(self, node: str) -> str:
        """What people call the node."""
        return self.graph.names.get(node, node)

    def spec(self, source: Source) -> TensorSpec | None:
        """What a wire from `source` brings, where that is known."""
        shapes = self.shapes.get(source.node)
        return shapes.outputs.get(source.port) if shapes else None

    def at(self, node: str = "", *, port: str = "", parameter: str = "", wire: str = "") -> Location:
        return Location(self.network.name, node, port, parameter, wire)

    def report(self, problems: Iterable[Problem]) -> Draft:
        """The draft with these problems too. What is not built cannot stand in the way of building: there,
        errors are warnings."""
        reached = self.graph.reached
        softened = tuple(
            replace(problem, severity="warning")
            if problem.severity == "error" and problem.at.node and outermost(problem.at.node) not in reached
            else problem
            for problem in problems
        )
        return replace(self, problems=self.problems + softened)


def begin(
    network: NetworkCell,
    catalogue: Catalogue,
    oracle: ShapeOracle | None = None,
    definitions: Mapping[str, NetworkCell] | None = None,
) -> Draft:
    """The draft before the first pass. `definitions` are the networks that the nodes stand for, by name."""
    networks = definitions or {}
    if networks:
        catalogue = replace(catalogue, kinds=kinds_with(catalogue.kinds, networks))
    valued = with_values(network)
    graph = read_graph(valued.network, catalogue)
    return Draft(graph, oracle, drawn=network, faults=valued.faults, definitions=networks)
