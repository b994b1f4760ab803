"""The shapes, dtypes and weights of every node of a network, from Keras itself, without allocating any.

Imports Keras: child processes only; the server asks through the shape service.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from .arguments import missing_ports, packed_arguments
from .catalogue_types import Kind, Port
from .code.at_hand import kinds_at_hand
from .document import NetworkCell, Node, Source, Wire
from .nesting.network_kinds import GROUP, KindTable, boundary
from .nesting.references import definitions_of
from .nesting.uses import Use, use_of
from .nesting.values import with_values
from .network_order import layer_owner, node_order
from .ports import input_ports, output_ports
from .specs import NodeShapes, TensorSpec
from .symbolic_call import Answer, Arguments, Refusal, Tensor, ask_keras, nothing_allocated

# Distinct calls remembered: some 20 networks of 1,000 different layers, at about 1 KB each.
MEMORY = 20_000

# Distinct uses of networks remembered, each with the shapes of all nodes inside.
_INSIDES = 2_000

_NO_MEANING = {"id", "layout", "marks", "name"}

# Made once: `json.dumps` makes an encoder a call. What JSON cannot hold is told apart by its look.
_canonical = json.JSONEncoder(sort_keys=True, default=repr).encode


class KerasShapes:
    """Remembers every distinct call that it has asked Keras about, so that an edit costs what it changes."""

    def __init__(self, memory: int = MEMORY) -> None:
        self._memory = memory
        self._known: OrderedDict[tuple[Any, ...], Answer | Refusal] = OrderedDict()
        self._insides: OrderedDict[tuple[Any, ...], Inside] = OrderedDict()

    def infer(
        self, network: NetworkCell, definitions: Mapping[str, NetworkCell] | None = None
    ) -> dict[str, NodeShapes]:
        """What Keras says of each node by id, as far as the network can be followed. `definitions` are the networks
        that its nodes stand for, by name.

        A node of unknown kind, in a cycle or without a wire that it needs, and all that depends on it, have
        no entry. A refused call has an entry that says why; what depends on it has none."""
        known = _Definitions(definitions or {})
        with nothing_allocated():
            return _Walk(with_values(network).network, self, known).shapes()

    def ask(
        self, kind: Kind, params: Mapping[str, Any], first: Arguments | None, arguments: Arguments
    ) -> Answer | Refusal:
        """The answer for one call, remembered. `first` is the call that made a shared layer's weights."""
        key = (kind.keras or kind.name, _canonical(params) if params else "", first, arguments)
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
            return known
        answer = self._known[key] = ask_keras(kind, params, first, arguments)
        if len(self._known) > self._memory:
            self._known.popitem(last=False)
        return answer

    def ask_network(
        self,
        name: str,
        values: Mapping[str, Any],
        given: Mapping[str, Tensor],
        first: Inside | None,
        known: _Definitions,
    ) -> Inside:
        """What is inside one repetition of a network whose Inputs get these tensors, remembered: a hundred equal blocks
        are walked once. `first` is the use whose weights this one shares."""
        # A layer of the notebook's own may be another one by the same name.
        own = tuple(one.digest for one in kinds_at_hand())
        key = (known.content(name), own, _canonical(values), tuple(sorted(given.items())), first and first.key)
        remembered = self._insides.get(key)
        if remembered is not None:
            self._insides.move_to_end(key)
            return remembered
        walk = _Walk(with_values(known.cells[name], values).network, self, known.within(name), given, first)
        inside = self._insides[key] = walk.inside(key)
        if len(self._insides) > _INSIDES:
            self._insides.popitem(last=False)
        return inside


class Inside(NamedTuple):
    """One repetition of a network: its nodes, what its outputs give, by port, and how its layers were called first."""

    shapes: dict[str, NodeShapes]
    outputs: dict[str, Tensor]
    first_calls: dict[str, tuple[str, Arguments]]
    nested: dict[str, tuple[Inside, ...]]
    key: tuple[Any, ...]


class _Definitions:
    """The networks that nodes may stand for. Within one of them that one is unknown: nothing contains itself."""

    def __init__(self, cells: Mapping[str, NetworkCell], contents: dict[str, str] | None = None) -> None:
        self.cells = cells
        self.kinds = KindTable(cells)
        self._contents: dict[str, str] = {} if contents is None else contents
        self._within: dict[str, _Definitions] = {}

    def within(self, name: str) -> _Definitions:
        if name not in self._within:
            others = {other: cell for other, cell in self.cells.items() if other != name}
            self._within[name] = _Definitions(others, self._contents)
        return self._within[name]

    def content(self, name: str) -> str:
        """What a network is, with all that it uses: equal contents have equal shapes."""
        if name not in self._contents:
            needed = definitions_of(self.cells[name], self.cells)
            texts = [self.cells[name].model_dump_json(exclude=_NO_MEANING), *needed]
            texts += [cell.model_dump_json(exclude=_NO_MEANING) for cell in needed.values()]
            self._contents[name] = sha256("\n".join(texts).encode()).hexdigest()
        return self._contents[name]


class _Walk:
    """One pass over one network, each node after those that it takes from. `given` are the tensors at its Inputs, by
    port, where it stands inside another one."""

    def __init__(
        self,
        network: NetworkCell,
        oracle: KerasShapes,
        known: _Definitions,
        given: Mapping[str, Tensor] | None = None,
        shared: Inside | None = None,
    ) -> None:
        self.network = network
        self.oracle = oracle
        self.known = known
        self.kinds = known.kinds
        self.shared = shared
        self.given: dict[str, Tensor] = {}
        if given is not None:
            self.given = {id_: given[port] for port, id_ in boundary(network)[0].items() if port in given}
        self.inside_another = given is not None
        self.tensors: dict[tuple[str, str], Tensor] = {}
        self.found: dict[str, NodeShapes] = {}
        # By owner: the node that calls a layer first, and what it gives it.
        self.first_calls: dict[str, tuple[str, Arguments]] = {}
        self.nested: dict[str, tuple[Inside, ...]] = {}

    def inside(self, key: tuple[Any, ...]) -> Inside:
        shapes = self.shapes()
        ends = boundary(self.network)[1].items()
        outputs = {port: self.tensors[id_, "output"] for port, id_ in ends if (id_, "output") in self.tensors}
        return Inside(shapes, outputs, self.first_calls, self.nested, key)

    def shapes(self) -> dict[str, NodeShapes]:
        arriving: dict[str, list[Wire]] = {}
        for wire in self.network.wires.values():
            arriving.setdefault(wire.target.node, []).append(wire)
        for node_id in node_order(self.network):
            self._visit(node_id, self.network.nodes[node_id], arriving.get(node_id, []))
        return self.found

    def _visit(self, node_id: str, node: Node, wires: list[Wire]) -> None:
        owner = layer_owner(self.network, node_id)
        definition = self.network.nodes[owner]
        kind = self.kinds.get(definition.kind)
        if kind is None:
            return
        if kind.group == GROUP:
            self._visit_network(node_id, owner, kind, wires)
            return
        if kind.name == "Input" and self.inside_another:
            if node_id in self.given:
                self._note(node_id, (self.given[node_id],), kind.outputs)
            return
        if kind.group != "layer":
            owner, definition = "", node
        takes, gives = input_ports(kind, definition.params), output_ports(kind, definition.params)
        if node.muted:
            self._pass_on(node_id, takes, wires, gives)
            return
        if missing_ports(takes, wires, definition.params):
            return
        arguments = self._arriving_tensors(packed_arguments(takes, wires))
        if arguments is None:
            return
        params = definition.params
        if kind.group == "op" and params:
            # A wire into an argument wins over the constant that it had before.
            wired = {wire.target.port for wire in wires}
            params = {name: value for name, value in params.items() if name not in wired}
        elsewhere = self.shared.first_calls.get(owner) if self.shared is not None else None
        first_call = elsewhere or self.first_calls.get(owner)
        answer = self.oracle.ask(kind, params, first_call[1] if first_call else None, arguments)
        if not isinstance(answer, Refusal) and gives and len(gives) != len(answer.outputs):
            answer = Refusal(f"It gives {len(answer.outputs)} tensors, and the node has outputs for {len(gives)}.")
        if isinstance(answer, Refusal):
            self.found[node_id] = NodeShapes(refused=str(answer), refused_parameter=answer.parameter)
            return
        counts = first_call is None
        if owner and first_call is None:
            self.first_calls[owner] = (node_id, arguments)
        elif elsewhere is not None:
            self.first_calls[owner] = elsewhere
        elif first_call and node_id == owner:
            # The weights count on the node that owns them, also where another calls them first.
            counts, first = True, first_call[0]
            self.found[first] = NodeShapes(self.found[first].outputs, kept=self.found[first].kept)
        weights = (answer.parameters, answer.trainable) if counts else (0, 0)
        self._note(node_id, answer.outputs, gives, weights, answer.kept)

    def _visit_network(self, node_id: str, owner: str, kind: Kind, wires: list[Wire]) -> None:
        """A node that stands for a network: each repetition gets what the one before it gives."""
        node = self.network.nodes[node_id]
        if node.muted:
            self._pass_on(node_id, kind.inputs, wires, kind.outputs)
            return
        if missing_ports(kind.inputs, wires, {}):
            return
        arriving = {wire.target.port: self.tensors[wire.source] for wire in wires if wire.source in self.tensors}
        if any(port.name not in arriving for port in kind.inputs):
            return
        name = kind.name.partition(":")[2]
        definition = self.network.nodes[owner].model_copy(update={"shares": None})
        use = use_of(definition, "", self.known.cells[name])
        shared = self.nested.get(owner, ()) if owner != node_id else ()
        if self.shared is not None:
            shared = self.shared.nested.get(node_id, ())
        insides = self._repeat(name, use, arriving, shared)
        self.nested[node_id] = insides
        last = insides[-1].outputs if insides and len(insides) == len(use.repetitions) else {}
        for port, tensor in last.items():
            self.tensors[node_id, port] = tensor
        self.found[node_id] = NodeShapes(
            {port: _spec(tensor) for port, tensor in last.items()},
            sum(one.parameters for inside in insides for one in inside.shapes.values()),
            0
            if use.repetitions[0].trainable is False
            else sum(one.trainable for inside in insides for one in inside.shapes.values()),
            inside=tuple(inside.shapes for inside in insides),
        )

    def _repeat(
        self, name: str, use: Use, arriving: dict[str, Tensor], shared: tuple[Inside, ...]
    ) -> tuple[Inside, ...]:
        """The repetitions, up to one whose outputs are not known."""
        insides: list[Inside] = []
        given = arriving
        for index, repetition in enumerate(use.repetitions):
            first = shared[index] if index < len(shared) else insides[0] if use.shared and insides else None
            inside = self.oracle.ask_network(name, repetition.values, given, first, self.known)
            insides.append(inside)
            if any(output not in inside.outputs for output in use.chain.values()):
                break
            given = {**given, **{port: inside.outputs[output] for port, output in use.chain.items()}}
        return tuple(insides)

    def _pass_on(self, node_id: str, takes: tuple[Port, ...], wires: list[Wire], gives: tuple[Port, ...]) -> None:
        """A muted node gives what its first wired port gets."""
        in_order = sorted(wires, key=lambda wire: wire.target.position)
        first = next((wire for port in takes for wire in in_order if wire.target.port == port.name), None)
        if first is not None and first.source in self.tensors:
            self._note(node_id, (self.tensors[first.source],) * len(gives), gives)

    def _arriving_tensors(self, packed: Mapping[str, Source | tuple[Source, ...]]) -> Arguments | None:
        arguments = []
        for name, value in packed.items():
            sources = (value,) if isinstance(value, Source) else value
            if any(source not in self.tensors for source in sources):
                return None
            tensors = tuple(self.tensors[source] for source in sources)
            arguments.append((name, tensors[0] if isinstance(value, Source) else tensors))
        return tuple(arguments)

    def _note(
        self,
        node_id: str,
        tensors: tuple[Tensor, ...],
        gives: tuple[Port, ...],
        counts: tuple[int, int] = (0, 0),
        kept: int = 0,
    ) -> None:
        # An Output has no port; what arrives is what it shows.
        names = [port.name for port in gives] or ["output"]
        specs = {}
        for port, tensor in zip(names, tensors, strict=True):
            self.tensors[node_id, port] = tensor
            specs[port] = _spec(tensor)
        self.found[node_id] = NodeShapes(specs, *counts, kept=kept)


@lru_cache(maxsize=MEMORY)
def _spec(tensor: Tensor) -> TensorSpec:
    return TensorSpec(tensor.shape, tensor.dtype)
