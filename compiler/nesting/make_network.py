"""Nodes that are chosen in a network as a network of their own, with a node in their place. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..cell_graph import fresh_name
from ..changes import AddCell, AddNode, Change, ChangeError, Connect, RemoveNode
from ..document import NetworkCell, Node, Notebook, Position, Source, Target, Wire, new_id
from ..labels import layer_names
from ..specs import NodeShapes
from ..wire_points import led_through, point_marks
from .expressions import expression, names_in
from .network_kinds import boundary
from .references import network_kind

_BOUNDARY = ("Input", "Output")
_BESIDE = 300  # pixels between the drawing and the Inputs and Outputs beside it


def make_network(
    notebook: Notebook,
    cell: NetworkCell,
    chosen: Iterable[str],
    *,
    name: str = "Block",
    shapes: Mapping[str, NodeShapes] | None = None,
) -> list[Change]:
    """The changes that put the chosen nodes into a new network cell and one node in their place. Every wire is kept.

    Inputs and Outputs among the chosen stay where they are. `shapes` are those of the cell's nodes, as far as they are
    known: the new Inputs get them. Raises ChangeError, saying why these nodes cannot be one network."""
    inner = [id_ for id_ in cell.nodes if id_ in set(chosen) and cell.nodes[id_].kind not in _BOUNDARY]
    _refuse(cell, inner)
    made = _Made(notebook, cell, inner, fresh_name(notebook, name), shapes or {})
    index = next(place for place, other in enumerate(notebook.cells) if other.id == cell.id)
    # Below: a cell that came above would push the canvas away under the hand that draws on it.
    return [AddCell(cell=made.definition, index=index + 1), *made.changes()]


def _refuse(cell: NetworkCell, inner: list[str]) -> None:
    if not inner:
        raise ChangeError("choose the nodes that the new network is to hold; Inputs and Outputs stay outside")
    inside, names = set(inner), layer_names(cell)
    for id_, node in cell.nodes.items():
        if node.shares is not None and node.shares in cell.nodes and (id_ in inside) != (node.shares in inside):
            raise ChangeError(f"{names[id_]} uses the weights of {names[node.shares]}: choose both or neither")
    between = _reached(cell, inside, forwards=True) & _reached(cell, inside, forwards=False)
    if between:
        listed = ", ".join(sorted(names[id_] for id_ in between))
        raise ChangeError(f"data flow out of these nodes and back into them through {listed}: choose that too")


def _reached(cell: NetworkCell, start: set[str], *, forwards: bool) -> set[str]:
    """The nodes outside that data reach from `start`, or that reach it."""
    following: dict[str, list[str]] = {}
    for wire in cell.wires.values():
        ends = (wire.source.node, wire.target.node)
        one, other = ends if forwards else ends[::-1]
        following.setdefault(one, []).append(other)
    found, waiting = set[str](), list(start)
    while waiting:
        for other in following.get(waiting.pop(), ()):
            if other not in found and other not in start:
                found.add(other)
                waiting.append(other)
    return found


class _Made:
    """The new network, and what takes its place."""

    def __init__(
        self, notebook: Notebook, cell: NetworkCell, inner: list[str], name: str, shapes: Mapping[str, NodeShapes]
    ) -> None:
        self.cell, self.inner, self.name, self.shapes = cell, inner, name, shapes
        self.names = layer_names(cell)
        self.nodes: dict[str, Node] = {id_: cell.nodes[id_] for id_ in inner}
        self.wires: dict[str, Wire] = {}
        # Where data come in and go out: the source, and the id of the Input or Output that is made for it.
        self.incoming: dict[Source, str] = {}
        self.outgoing: dict[Source, str] = {}
        self._sort_wires()
        self.definition = self._definition()

    def _sort_wires(self) -> None:
        inside = set(self.inner)
        arriving = [wire for wire in self.cell.wires.values() if wire.target.node in inside]
        sources = dict.fromkeys(wire.source for wire in arriving if wire.source.node not in inside)
        for source in sources:
            self.incoming[source] = self._add("Input", self._input_params(source), self._label(source, sources))
        leaving = {
            wire.source: None
            for wire in self.cell.wires.values()
            if wire.source.node in inside and wire.target.node not in inside
        }
        for source in leaving or self._ends(inside):
            self.outgoing[source] = self._add("Output", {}, self._label(source, leaving))
        for id_, wire in self.cell.wires.items():
            if wire.target.node in inside and wire.source.node in inside:
                self.wires[id_] = wire
            elif wire.target.node in inside:
                self.wires[id_] = wire.model_copy(update={"source": Source(self.incoming[wire.source])})
        for source, output in self.outgoing.items():
            self.wires[self._free("wire", self.wires)] = Wire(source=source, target=Target(output))

    def _ends(self, inside: set[str]) -> dict[Source, None]:
        """Where nothing leaves: the nodes from which nothing goes on."""
        going_on = {wire.source.node for wire in self.cell.wires.values()}
        return {Source(id_): None for id_ in self.inner if id_ not in going_on} or {Source(self.inner[-1]): None}

    def _label(self, source: Source, others: Mapping[Source, None]) -> str:
        """A single port needs no name of its own; several are called after what they bring."""
        if len(others) < 2:
            return ""
        name = self.names.get(source.node, source.node)
        return name if source.port == "output" else f"{name}_{source.port}"

    def _input_params(self, source: Source) -> dict[str, Any]:
        known = self.shapes.get(source.node)
        spec = known.outputs.get(source.port) if known else None
        if spec is None:
            return {"shape": [None]}
        shape: dict[str, Any] = {"shape": list(spec.shape[1:])}
        return shape if spec.dtype == "float32" else {**shape, "dtype": spec.dtype}

    def _add(self, kind: str, params: dict[str, Any], label: str) -> str:
        id_ = self._free(kind, self.nodes)
        self.nodes[id_] = Node(kind=kind, params=params, label=label)
        return id_

    def _free(self, kind: str, taken: Mapping[str, Any]) -> str:
        while (id_ := new_id(kind)) in taken or id_ in self.cell.nodes or id_ in self.cell.wires:
            pass
        return id_

    def _definition(self) -> NetworkCell:
        layout = {id_: self.cell.layout[id_] for id_ in self.inner if id_ in self.cell.layout}
        left = min((place.x for place in layout.values()), default=0)
        right = max((place.x for place in layout.values()), default=0)
        top = min((place.y for place in layout.values()), default=0)
        for x, ids in ((left - _BESIDE, self.incoming.values()), (right + _BESIDE, self.outgoing.values())):
            layout |= {id_: Position(x, top + 120 * row) for row, id_ in enumerate(ids)}
        used = names_in([[node.params, node.repeat] for node in self.nodes.values()])
        parameters = {name: given for name, given in self.cell.parameters.items() if name in used}
        inside = set(self.inner)
        within = {id_ for id_, wire in self.wires.items() if {wire.source.node, wire.target.node} <= inside}
        points = {id_: mark for id_, mark in self.cell.marks.items() if mark.kind == "point" and mark.wire in within}
        return NetworkCell(
            id=new_id("network"),
            marks=points,
            name=self.name,
            nodes=self.nodes,
            wires=self.wires,
            layout=layout,
            parameters=parameters,
        )

    def changes(self) -> list[Change]:
        """What happens in the network that the nodes are taken from."""
        id_, cell = self._free(self.name, self.cell.nodes), self.cell
        given = {name: expression(name) for name in self.definition.parameters}
        places = [cell.layout[one] for one in self.inner if one in cell.layout]
        place = Position(min((one.x for one in places), default=0), min((one.y for one in places), default=0))
        node = Node(kind=network_kind(self.name), params=given)
        changes: list[Change] = [RemoveNode(cell=cell.id, node=one) for one in self.inner]
        changes.append(AddNode(cell=cell.id, id=id_, node=node, position=place))
        ports = [{one: port for port, one in side.items()} for side in boundary(self.definition)]
        inside, wired = set(self.inner), set[Source]()
        points: list[Change] = []
        taken = {one for one, mark in cell.marks.items() if mark.kind != "point"}
        for wire_id, wire in cell.wires.items():
            if wire.target.node in inside and wire.source in self.incoming and wire.source not in wired:
                wired.add(wire.source)
                target = Target(id_, ports[0][self.incoming[wire.source]])
                changes.append(Connect(cell=cell.id, id=wire_id, wire=Wire(source=wire.source, target=target)))
                points += led_through(cell.id, wire_id, point_marks(cell, wire_id), taken)
        for wire_id, wire in cell.wires.items():
            if wire.source.node in inside and wire.target.node not in inside:
                source = Source(id_, ports[1][self.outgoing[wire.source]])
                changes.append(Connect(cell=cell.id, id=wire_id, wire=wire.model_copy(update={"source": source})))
                points += led_through(cell.id, wire_id, point_marks(cell, wire_id), taken)
        return [*changes, *points]
