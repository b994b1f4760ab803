"""What the canvas shows of a network beyond its records: shapes, counts, problems; and what of it has changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..compiler.catalogue import catalogue
from ..compiler.document import NetworkCell, Node
from ..compiler.nesting.paths import outermost
from ..compiler.ports import input_ports, output_ports
from ..compiler.problems import Problem
from ..compiler.program import Program
from ..compiler.specs import NodeShapes
from .canvas_place import Place
from .findings import Findings, with_ids


@dataclass(frozen=True, slots=True)
class NetworkStatus:
    """The status of one network as plain JSON. `nodes` goes by node id."""

    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)
    totals: dict[str, Any] = field(default_factory=dict)

    def message(self) -> dict[str, Any]:
        """All of it, in the place of what the browser knew."""
        return {
            "type": "status",
            "full": True,
            "nodes": self.nodes,
            "problems": self.problems,
            "totals": self.totals,
        }

    def message_since(self, before: NetworkStatus) -> dict[str, Any] | None:
        """What differs from `before`, a node that is gone as None; None for nothing."""
        nodes: dict[str, Any] = {id_: status for id_, status in self.nodes.items() if before.nodes.get(id_) != status}
        nodes.update({id_: None for id_ in before.nodes if id_ not in self.nodes})
        message: dict[str, Any] = {"type": "status"}
        if nodes:
            message["nodes"] = nodes
        if self.problems != before.problems:
            message["problems"] = self.problems
        if self.totals != before.totals:
            message["totals"] = self.totals
        return message if len(message) > 1 else None


def network_status(
    network: NetworkCell, findings: Findings, problems: tuple[Problem, ...], place: Place | None = None
) -> NetworkStatus:
    """The status of a network, at a place inside a canvas' own network where it was entered. `problems` are those of
    the whole notebook."""
    place = place or Place(network, network)
    network = place.cell
    shapes = place.shapes(findings.shapes.get(place.root.name, {}))
    own = place.problems(with_ids(problems).items())
    listed = [problem_json(id_, problem) for id_, problem in own.items()]
    by_node: dict[str, list[dict[str, Any]]] = {}
    for problem in listed:
        # What is wrong inside shows on the node that leads there.
        by_node.setdefault(outermost(problem["at"]["node"]), []).append(problem)
    nodes = {id_: _node_status(node, shapes.get(id_), by_node.get(id_, [])) for id_, node in network.nodes.items()}
    program = None if place.steps else findings.programs.get(network.name)
    return NetworkStatus(nodes, listed, _totals(shapes, program))


def problem_json(id_: str, problem: Problem) -> dict[str, Any]:
    """A problem for the browser: as on the command line, with its id, its wire and what else has to do with it."""
    content = problem.to_json()
    content["id"] = id_
    content["at"] = {**content["at"], "wire": problem.at.wire}
    content["related"] = [
        {"at": {**at.to_json(), "wire": at.wire}, "message": message} for at, message in problem.related
    ]
    return content


def _node_status(node: Node, shapes: NodeShapes | None, problems: list[dict[str, Any]]) -> dict[str, Any]:
    status: dict[str, Any] = {"shapes": {}, "problems": problems}
    if shapes is not None and not shapes.refused:
        status["shapes"] = {port: list(spec.shape) for port, spec in shapes.outputs.items()}
        status["dtype"] = {port: spec.dtype for port, spec in shapes.outputs.items()}
        status["parameters"] = shapes.parameters
    kind = catalogue().kinds.get(node.kind)
    if kind is not None:
        # Only where the node's parameters have opened or closed a port; else the kind says it all.
        inputs, outputs = input_ports(kind, node.params), output_ports(kind, node.params)
        if inputs != kind.inputs:
            status["inputs"] = [
                {"name": port.name, "many": port.many, "required": port.required, "help": port.help} for port in inputs
            ]
        if outputs != kind.outputs:
            status["outputs"] = [{"name": port.name, "help": port.help} for port in outputs]
    return status


def _totals(shapes: dict[str, NodeShapes], program: Program | None) -> dict[str, Any]:
    """Layers as `keras.Model.layers` counts them; None while there is no model to count."""
    if program is None or not shapes:
        return {"layers": None, "parameters": sum(one.parameters for one in shapes.values()) if shapes else None}
    operations = sum(not call.layer for call in program.calls)
    return {
        "layers": len(program.inputs) + len(program.layers) + operations,
        "parameters": sum(program.shapes[node].parameters for node in program.layers if node in program.shapes)
        or sum(one.parameters for node, one in shapes.items() if node in program.layers),
    }
