"""A node that stands for a network replaced by the nodes of that network, wired as they were. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from ..changes import AddNode, Change, ChangeError, Connect, RemoveNode
from ..document import NetworkCell, Node, Notebook, Position, Source, Target, Wire, new_id
from ..labels import layer_names
from ..wire_points import Points, led_through, moved_marks, point_marks
from .expressions import ExpressionFault, substituted
from .network_kinds import TRAINABLE, KindTable, boundary
from .paths import read_step
from .references import network_name, networks_by_name
from .uses import repetition_name, repetitions, use_of
from .values import defaults, with_values

_BOUNDARY = ("Input", "Output")
_NEXT = 280  # pixels from one repetition to the next


def unpack(notebook: Notebook, cell: NetworkCell, node_id: str) -> list[Change]:
    """The changes that put the nodes of the network in the place of the node that stands for it: each repetition with
    its own values, and wires and ids kept where they are free. The network's own cell stays.

    Raises ChangeError, saying why it cannot be unpacked."""
    networks = networks_by_name(notebook)
    node = cell.nodes.get(node_id)
    definition = networks.get(network_name(node.kind) or "") if node else None
    if node is None or definition is None:
        raise ChangeError("this node stands for no network of the notebook")
    names = layer_names(cell)
    if node.muted:
        raise ChangeError(f"{names[node_id]} is muted: unmute it first")
    sharing = [other for other, one in cell.nodes.items() if node_id in (one.shares, other) and one.shares]
    if sharing:
        raise ChangeError(f"{names[sharing[0]]} shares weights as a whole: give it weights of its own first")
    return _Unpacked(networks, cell, node_id, definition, names[node_id]).changes()


class _Brought(NamedTuple):
    """Where data come from, and the points that lead them so far."""

    source: Source
    points: Points


class _Unpacked:
    def __init__(
        self, networks: Mapping[str, NetworkCell], cell: NetworkCell, node_id: str, definition: NetworkCell, name: str
    ) -> None:
        self.cell, self.node_id, self.definition = cell, node_id, definition
        self.node = cell.nodes[node_id]
        repeat = with_values(cell).network.nodes[node_id].repeat
        self.use = use_of(self.node.model_copy(update={"repeat": repeat}), name, definition)
        self.kinds = KindTable(networks)
        self.taken = {id_ for id_ in (*cell.nodes, *cell.wires) if id_ != node_id}
        self.taken -= {id_ for id_, wire in cell.wires.items() if wire.target.node == node_id}
        self.labels = {one.label for id_, one in cell.nodes.items() if id_ != node_id}
        # Names that layers of the model have, here or in what is still packed: nothing else may take them.
        self.kept = {name for one in cell.nodes.values() for names in one.renamed.values() for name in names}
        self.inner_names = layer_names(definition)
        self.added: list[Change] = []
        self.wired: list[Change] = []
        # Points go with the node's own wires; what was put for those that stay is free.
        gone = {id_ for id_, wire in cell.wires.items() if node_id in (wire.source.node, wire.target.node)}
        self.marks = {id_ for id_, mark in cell.marks.items() if mark.kind != "point" or mark.wire not in gone}
        self.points: list[Change] = []

    def changes(self) -> list[Change]:
        given = {
            wire.target.port: _Brought(wire.source, point_marks(self.cell, id_))
            for id_, wire in self.cell.wires.items()
            if wire.target.node == self.node_id
        }
        first: dict[str, str] = {}
        outputs: dict[str, _Brought] = {}
        for index in range(len(self.use.repetitions)):
            ids = self._nodes(index, first)
            first = first or ids
            outputs = self._wires(index, ids, given)
            given = {**given, **{port: outputs[end] for port, end in self.use.chain.items() if end in outputs}}
        for wire_id, wire in self.cell.wires.items():
            if wire.source.node == self.node_id and wire.source.port in outputs:
                brought = outputs[wire.source.port]
                moved = wire.model_copy(update={"source": brought.source})
                self.wired.append(Connect(cell=self.cell.id, id=wire_id, wire=moved))
                self._lead(wire_id, [*brought.points, *point_marks(self.cell, wire_id)])
        return [RemoveNode(cell=self.cell.id, node=self.node_id), *self.added, *self.wired, *self.points]

    def _lead(self, wire: str, points: Points) -> None:
        self.points += led_through(self.cell.id, wire, points, self.marks)

    def _moved(self, index: int, wire: str) -> Points:
        """The points of a wire of the network, as far from its nodes as they are there."""
        return moved_marks(point_marks(self.definition, wire), self._offset(index))

    def _offset(self, index: int) -> Position:
        """From where the network's nodes are to where those of one repetition come."""
        corner = self._corner([id_ for id_, node in self.definition.nodes.items() if node.kind not in _BOUNDARY])
        here = self.cell.layout.get(self.node_id, Position(0, 0))
        return Position(here.x - corner.x, here.y - corner.y + _NEXT * index)

    def _nodes(self, index: int, first: Mapping[str, str]) -> dict[str, str]:
        """Adds the nodes of one repetition; gives their ids here by those that they have in the network."""
        repetition = self.use.repetitions[index]
        values = {**defaults(self.definition), **repetition.values}
        inner = {id_: node for id_, node in self.definition.nodes.items() if node.kind not in _BOUNDARY}
        ids = {id_: self._id(id_, node.kind, keep=index == 0) for id_, node in inner.items()}
        corner, by = self._corner(inner), self._offset(index)
        for id_, node in inner.items():
            shares = ids.get(node.shares) if node.shares else None
            if self.use.shared and index and self._has_weights(node):
                shares = first[node.shares if node.shares is not None and node.shares in first else id_]
            update: dict[str, Any] = {"shares": shares, **self._called(id_, node, index)}
            try:
                update["params"] = substituted(node.params, values)
                update["repeat"] = substituted(node.repeat, values)
            except ExpressionFault as fault:
                raise ChangeError(f"an argument of {self.inner_names[id_]} cannot be calculated: {fault}") from fault
            if not repetition.trainable and self._has_weights(node):
                update["params"] = {**update["params"], TRAINABLE: False}
            place = self.definition.layout.get(id_, corner)
            position = Position(place.x + by.x, place.y + by.y)
            added = node.model_copy(update=update)
            self.added.append(AddNode(cell=self.cell.id, id=ids[id_], node=added, position=position))
        return ids

    def _called(self, id_: str, node: Node, index: int) -> dict[str, Any]:
        """How a node is called here. Where the repetitions have names of their own, layers keep the names that they
        have in the model; else nodes keep their labels."""
        name = self.use.repetitions[index].name
        if node.kind.startswith("ops.") or not (self.node.names or self.node.renamed):
            return {"label": self._label(node.label, name, self.kept)}
        own = "".join(self.node.renamed.get(id_, ())[index : index + 1])
        wanted = own or f"{name}_{self.inner_names[id_]}"
        if network_name(node.kind) is None:
            return {"label": self._label(wanted, name)}
        called: dict[str, Any] = {"label": self._label(wanted, name, self.kept)}
        inner: dict[str, list[str]] = {}
        for path, names in self.node.renamed.items():
            first, _, rest = path.partition("/")
            within, repetition = read_step(first)
            if within == id_ and rest and index < len(names):
                inner.setdefault(rest, [""] * repetitions(node))[repetition] = names[index]
        each = [repetition_name(node, self.inner_names[id_], number) for number in range(repetitions(node))]
        renamed = {path: tuple(names) for path, names in inner.items()}
        return {**called, "names": tuple(f"{name}_{one}" for one in each), "renamed": renamed}

    def _corner(self, inner: Iterable[str]) -> Position:
        places = [self.definition.layout[id_] for id_ in inner if id_ in self.definition.layout]
        return Position(min((one.x for one in places), default=0), min((one.y for one in places), default=0))

    def _has_weights(self, node: Node) -> bool:
        kind = self.kinds.get(node.kind)
        return kind is not None and TRAINABLE in kind.parameters

    def _label(self, wanted: str, prefix: str, kept: Collection[str] = ()) -> str:
        label = wanted
        if label and (label in self.labels or label in kept):
            label, number = f"{prefix}_{wanted}", 1
            while label in self.labels or label in kept:
                label, number = f"{prefix}_{wanted}_{number}", number + 1
        self.labels.add(label)
        return label

    def _id(self, id_: str, kind: str, *, keep: bool) -> str:
        while not keep or id_ in self.taken:
            id_, keep = new_id(kind), True
        self.taken.add(id_)
        return id_

    def _wires(self, index: int, ids: Mapping[str, str], given: Mapping[str, _Brought]) -> dict[str, _Brought]:
        """Adds the wires of one repetition; gives what its outputs bring, by port."""
        inputs, outputs = boundary(self.definition)
        ports = {id_: port for port, id_ in inputs.items()}
        ends = {id_: port for port, id_ in outputs.items()}
        brought: dict[str, _Brought] = {}
        for wire_id, wire in sorted(self.definition.wires.items(), key=lambda item: item[1].target.position):
            came = given.get(ports.get(wire.source.node, ""))
            if wire.source.node in ids:
                came = _Brought(Source(ids[wire.source.node], wire.source.port), [])
            if came is None:
                continue
            points = [*came.points, *self._moved(index, wire_id)]
            if wire.target.node in ends:
                brought[ends[wire.target.node]] = _Brought(came.source, points)
            elif wire.target.node in ids:
                target = Target(ids[wire.target.node], wire.target.port, wire.target.position)
                id_ = self._id(wire_id, "wire", keep=True)
                self.wired.append(Connect(cell=self.cell.id, id=id_, wire=Wire(source=came.source, target=target)))
                self._lead(id_, points)
        return brought
