"""Which network a canvas shows: its cell's own, or one inside, entered through the nodes that stand for networks."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..compiler.document import NetworkCell, Notebook
from ..compiler.labels import layer_names
from ..compiler.nesting.paths import read_step
from ..compiler.nesting.references import network_name, networks_by_name
from ..compiler.nesting.uses import repetition_name, repetitions, values_of
from ..compiler.nesting.values import with_values
from ..compiler.problems import Location, Problem
from ..compiler.specs import NodeShapes


@dataclass(frozen=True)
class Place:
    """`cell` is the network that is shown; `steps` lead there from the cell that the canvas belongs to. `trail` names
    each network on the way, and `parent` is the drawing of the last but one."""

    cell: NetworkCell
    root: NetworkCell
    steps: tuple[str, ...] = ()
    trail: tuple[dict[str, Any], ...] = ()
    parent: dict[str, Any] | None = None

    @property
    def prefix(self) -> str:
        return "".join(f"{step}/" for step in self.steps)

    def message(self) -> dict[str, Any]:
        """What the browser needs to show the way back."""
        return {"steps": list(self.steps), "trail": list(self.trail), "parent": self.parent}

    def shapes(self, shapes: dict[str, NodeShapes]) -> dict[str, NodeShapes]:
        """The shapes inside, given those of the canvas' own cell."""
        for step in self.steps:
            node, repetition = read_step(step)
            inside = shapes[node].inside if node in shapes else ()
            shapes = inside[repetition] if repetition < len(inside) else {}
        return shapes

    def problems(self, problems: Iterable[tuple[str, Problem]]) -> dict[str, Problem]:
        """The problems that are to be seen here, their nodes as they are called here."""
        found: dict[str, Problem] = {}
        for id_, problem in problems:
            at = problem.at
            if at.cell == self.cell.name:
                found[id_] = problem
            elif self.steps and at.cell == self.root.name and at.node.startswith(self.prefix):
                here = Location(self.cell.name, at.node[len(self.prefix) :], at.port, at.parameter, at.wire)
                found[id_] = replace(problem, at=here)
        return found


def place_of(notebook: Notebook, root: NetworkCell, steps: Iterable[str]) -> Place:
    """The place that the steps lead to, as far as they still lead anywhere."""
    networks = networks_by_name(notebook)
    cell, taken = root, list[str]()
    trail: list[dict[str, Any]] = [{"name": root.name, "step": "", "repetition": 0, "count": 1}]
    parent: dict[str, Any] | None = None
    values: dict[str, Any] = {}
    for step in steps:
        node_id, repetition = read_step(step)
        valued = with_values(cell, values).network
        node = valued.nodes.get(node_id)
        inner = networks.get(network_name(node.kind) or "") if node is not None else None
        if node is None or inner is None or repetition >= repetitions(node) or len(taken) > len(networks):
            break
        name = repetition_name(node, layer_names(cell)[node_id], repetition)
        trail.append(
            {"name": name, "network": inner.name, "step": step, "repetition": repetition, "count": repetitions(node)}
        )
        parent = {"here": node_id, **small_drawing(cell)}
        values = values_of(node, repetition)
        taken.append(step)
        cell = inner
    return Place(cell, root, tuple(taken), tuple(trail), parent)


def way_into(networks: Mapping[str, NetworkCell], root: str, wanted: str) -> tuple[str, ...]:
    """Steps from a network to the first place, by the shortest way, where `wanted` is used; none where it is not."""
    ways: deque[tuple[str, tuple[str, ...]]] = deque([(root, ())])
    seen = {root}
    while ways:
        name, steps = ways.popleft()
        for id_, node in networks[name].nodes.items() if name in networks else ():
            inner = network_name(node.kind)
            if inner == wanted:
                return (*steps, id_)
            if inner is not None and inner not in seen:
                seen.add(inner)
                ways.append((inner, (*steps, id_)))
    return ()


def small_drawing(cell: NetworkCell) -> dict[str, Any]:
    """Where the nodes of a network are and which are wired: enough for a picture of it."""
    places = {id_: [*cell.layout[id_]] if id_ in cell.layout else [0.0, 0.0] for id_ in cell.nodes}
    wires = {(wire.source.node, wire.target.node): None for wire in cell.wires.values()}
    return {"places": places, "wires": [list(ends) for ends in wires if set(ends) <= set(places)]}
