"""The shapes, dtypes and weights of every node of a network, from Keras itself, without allocating any.

Imports Keras: child processes only; the server asks through the shape service.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from .arguments import missing_ports, packed_arguments
from .catalogue import catalogue
from .catalogue_types import Kind, Port
from .document import NetworkCell, Node, Source, Wire
from .network_order import layer_owner, node_order
from .ports import input_ports, output_ports
from .specs import NodeShapes, TensorSpec
from .symbolic_call import Answer, Arguments, Refusal, Tensor, ask_keras, nothing_allocated

# Distinct calls remembered: some 20 networks of 1,000 different layers, at about 1 KB each.
MEMORY = 20_000

# Made once: `json.dumps` makes an encoder a call. What JSON cannot hold is told apart by its look.
_canonical = json.JSONEncoder(sort_keys=True, default=repr).encode


class KerasShapes:
    """Remembers every distinct call that it has asked Keras about, so that an edit costs what it changes."""

    def __init__(self, memory: int = MEMORY) -> None:
        self._memory = memory
        self._known: OrderedDict[tuple[Any, ...], Answer | Refusal] = OrderedDict()

    def infer(self, network: NetworkCell) -> dict[str, NodeShapes]:
        """What Keras says of each node by id, as far as the network can be followed.

        A node of unknown kind, in a cycle or without a wire that it needs, and all that depends on it, have
        no entry. A refused call has an entry that says why; what depends on it has none."""
        with nothing_allocated():
            return _Walk(network, self).shapes()

    def ask(
        self, kind: Kind, params: Mapping[str, Any], first: Arguments | None, arguments: Arguments
    ) -> Answer | Refusal:
        """The answer for one call, remembered. `first` is the call that made a shared layer's weights."""
        key = (kind.name, _canonical(params) if params else "", first, arguments)
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
            return known
        answer = self._known[key] = ask_keras(kind, params, first, arguments)
        if len(self._known) > self._memory:
            self._known.popitem(last=False)
        return answer


class _Walk:
    """One pass over one network, each node after those that it takes from."""

    def __init__(self, network: NetworkCell, oracle: KerasShapes) -> None:
        self.network = network
        self.oracle = oracle
        self.kinds = catalogue().kinds
        self.tensors: dict[tuple[str, str], Tensor] = {}
        self.found: dict[str, NodeShapes] = {}
        # By owner: the node that calls a layer first, and what it gives it.
        self.first_calls: dict[str, tuple[str, Arguments]] = {}

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
        first_call = self.first_calls.get(owner)
        answer = self.oracle.ask(kind, params, first_call[1] if first_call else None, arguments)
        if not isinstance(answer, Refusal) and gives and len(gives) != len(answer.outputs):
            answer = Refusal(f"It gives {len(answer.outputs)} tensors, and the node has outputs for {len(gives)}.")
        if isinstance(answer, Refusal):
            self.found[node_id] = NodeShapes(refused=str(answer), refused_parameter=answer.parameter)
            return
        counts = first_call is None
        if owner and first_call is None:
            self.first_calls[owner] = (node_id, arguments)
        elif first_call and node_id == owner:
            # The weights count on the node that owns them, also where another calls them first.
            counts, first = True, first_call[0]
            self.found[first] = NodeShapes(self.found[first].outputs)
        self._note(node_id, answer.outputs, gives, (answer.parameters, answer.trainable) if counts else (0, 0))

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
        self, node_id: str, tensors: tuple[Tensor, ...], gives: tuple[Port, ...], counts: tuple[int, int] = (0, 0)
    ) -> None:
        # An Output has no port; what arrives is what it shows.
        names = [port.name for port in gives] or ["output"]
        specs = {}
        for port, tensor in zip(names, tensors, strict=True):
            self.tensors[node_id, port] = tensor
            specs[port] = _spec(tensor)
        self.found[node_id] = NodeShapes(specs, *counts)


@lru_cache(maxsize=MEMORY)
def _spec(tensor: Tensor) -> TensorSpec:
    return TensorSpec(tensor.shape, tensor.dtype)
