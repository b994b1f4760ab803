"""Random networks that Keras can build: branches, joins, shared layers, states, several inputs and outputs."""

from __future__ import annotations

import random
from typing import Any

from weftwork.compiler.document import NetworkCell, Node, Source, Target, Wire

Shape = tuple[int, ...]

WORDS = ("dense", "Dense 1", "x", "input", "class", "left", "größe", "conv2d_1", "keras", "model", "Add", "dropout_1")


class Grower:
    """Grows a network call by call, keeping the shape of every value to choose what fits it."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.words = set(WORDS)
        self.nodes: dict[str, Node] = {}
        self.wires: dict[str, Wire] = {}
        self.values: list[tuple[Source, Shape]] = []
        # The shape that each layer which may be shared was built for, and what it gives.
        self.owners: dict[str, tuple[Shape, Shape]] = {}

    def grow(self, calls: int) -> NetworkCell:
        for number in range(self.random.randint(1, 3)):
            shape = self.random.choice([(8, 8, 2), (6, 4), (5,)])
            self.nodes[f"in_{number}"] = Node(kind="Input", params={"shape": list(shape)}, label=self.word())
            self.values.append((Source(f"in_{number}"), shape))
        for number in range(calls):
            self.call(f"n_{number}")
        used = {wire.source for wire in self.wires.values()}
        ends = [source for source, _ in self.values if source not in used]
        for number, source in enumerate([*ends, self.random.choice(self.values)[0]]):
            self.nodes[f"out_{number}"] = Node(kind="Output", label=self.word())
            self.connect(source, f"out_{number}", "inputs")
        return NetworkCell(id="network", name="A random network", nodes=self.nodes, wires=self.wires)

    def word(self) -> str:
        """A label that is not in use yet, or none; some look like automatic names or words of Python."""
        word = self.random.choice((*WORDS, *[""] * len(WORDS)))
        if word not in self.words:
            return ""
        self.words.remove(word)
        return word

    def call(self, node: str) -> None:
        # Late values more often than early ones, so that chains grow as well as branches.
        place = max(self.random.randrange(len(self.values)) for _ in range(3))
        source, shape = self.values[place]
        fitting = [owner for owner, (taken, _) in self.owners.items() if taken == shape]
        if fitting and self.random.random() < 0.4:
            owner = self.random.choice(fitting)
            self.nodes[node] = self.nodes[owner].model_copy(update={"shares": owner, "label": self.word()})
            self.connect(source, node, "inputs")
            self.values.append((Source(node), self.owners[owner][1]))
            return
        twins = [other for other, same in self.values if same == shape and other != source]
        if twins and self.random.random() < 0.35:
            self.join(node, [source, self.random.choice(twins)], shape)
            return
        {1: self.vector, 2: self.sequence, 3: self.image}[len(shape)](node, source, shape)

    def join(self, node: str, sources: list[Source], shape: Shape) -> None:
        kind = self.random.choice(["Add", "Concatenate", "ops.maximum", "ops.concatenate"])
        params: dict[str, Any] = {"axis": -1} if kind == "ops.concatenate" else {}
        self.nodes[node] = Node(kind=kind, params=params, label=self.word())
        ports = {"ops.maximum": ["x1", "x2"], "ops.concatenate": ["xs", "xs"]}.get(kind, ["inputs", "inputs"])
        for source, port in zip(sources, ports, strict=True):
            self.connect(source, node, port)
        joined = (*shape[:-1], 2 * shape[-1]) if "oncat" in kind else shape
        self.values.append((Source(node), joined))

    def vector(self, node: str, source: Source, shape: Shape) -> None:
        units = self.random.randint(1, 6)
        match self.random.randrange(4):
            case 0 | 1:
                self.layer(node, "Dense", {"units": units, "activation": "tanh"}, source, shape, (units,), True)
            case 2:
                self.layer(node, "RepeatVector", {"n": 3}, source, shape, (3, *shape))
            case _:
                self.layer(node, "ops.multiply", {"x2": 0.5}, source, shape, shape, port="x1")

    def sequence(self, node: str, source: Source, shape: Shape) -> None:
        units = self.random.randint(1, 5)
        match self.random.randrange(5):
            case 0:
                params = {"units": units, "return_state": True}
                self.layer(node, "LSTM", params, source, shape, (units,), port="sequences")
                self.values.append((Source(node, "state_c"), (units,)))
            case 1:
                attention = {"num_heads": 2, "key_dim": 3, "dropout": 0.1}
                self.layer(node, "MultiHeadAttention", attention, source, shape, shape, port="query")
                self.connect(source, node, "value")
            case 2:
                self.layer(node, "Dropout", {"rate": 0.25}, source, shape, shape)
            case 3:
                self.layer(node, "Dense", {"units": units}, source, shape, (shape[0], units), True)
            case _:
                self.layer(node, "GlobalMaxPooling1D", {}, source, shape, shape[-1:])

    def image(self, node: str, source: Source, shape: Shape) -> None:
        filters = self.random.randint(1, 4)
        match self.random.randrange(4):
            case 0 | 1:
                params = {"filters": filters, "kernel_size": [3, 3], "padding": "same"}
                self.layer(node, "Conv2D", params, source, shape, (*shape[:2], filters), True)
            case 2:
                self.layer(node, "BatchNormalization", {"momentum": 0.9}, source, shape, shape)
            case _:
                self.layer(node, "GlobalAveragePooling2D", {}, source, shape, shape[-1:])

    def layer(
        self,
        node: str,
        kind: str,
        params: dict[str, Any],
        source: Source,
        takes: Shape,
        gives: Shape,
        shared: bool = False,
        port: str = "inputs",
    ) -> None:
        self.nodes[node] = Node(kind=kind, params=params, label=self.word())
        self.connect(source, node, port)
        self.values.append((Source(node), gives))
        if shared:
            self.owners[node] = (takes, gives)

    def connect(self, source: Source, node: str, port: str) -> None:
        position = sum(wire.target[:2] == (node, port) for wire in self.wires.values())
        self.wires[f"w_{len(self.wires)}"] = Wire(source=source, target=Target(node, port, position))


def random_network(seed: int) -> NetworkCell:
    return Grower(seed).grow(calls=4 + seed % 20)
