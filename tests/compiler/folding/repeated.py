"""Random networks in which blocks repeat, and what they are to be compared by."""

from __future__ import annotations

import networkx as nx
from hypothesis import strategies as st

from weftwork.compiler.catalogue import catalogue
from weftwork.compiler.document import NetworkCell, Node, Source, Target, Wire
from weftwork.compiler.passes.flatten import definition_program
from weftwork.compiler.program import Program, Value

# Layers that may stand in any order behind each other on (8, 8, 4), with arguments to choose from.
_LAYERS = {
    "Conv2D": {"filters": (4,), "kernel_size": (1, 3), "padding": ("same",)},
    "BatchNormalization": {"momentum": (0.9, 0.99)},
    "Activation": {"activation": ("relu", "silu", "tanh")},
    "Dropout": {"rate": (0.1, 0.2, 0.5)},
    "ops.abs": {},
}


@st.composite
def blocks(draw: st.DrawFn) -> list[tuple[str, bool, bool]]:
    """A template: for each node its kind, and whether it also adds what came into the block, or the block before."""
    kinds = draw(st.lists(st.sampled_from(sorted(_LAYERS)), min_size=2, max_size=6))
    return [(kind, draw(st.booleans()), draw(st.booleans())) for kind in kinds]


@st.composite
def networks(draw: st.DrawFn) -> NetworkCell:
    """A chain of blocks: each template several times in a row and perhaps again later, with sums over the block's input
    and, now and then, over that of the block before it."""
    templates = draw(st.lists(blocks(), min_size=1, max_size=3))
    nodes: dict[str, Node] = {"input_0000": Node(kind="Input", params={"shape": [8, 8, 4]}, label="image")}
    wires: dict[str, Wire] = {}
    named = draw(st.booleans())

    def add(kind: str, params: dict, label: str, *sources: str) -> str:
        id_ = f"node_{len(nodes):04d}"
        nodes[id_] = Node(kind=kind, params=params, label="" if kind.startswith("ops.") else label)
        for position, source in enumerate(sources):
            port = "x" if kind == "ops.abs" else "inputs"
            wires[f"wire_{len(wires):04d}"] = Wire(source=Source(source), target=Target(id_, port, position))
        return id_

    last = earlier = "input_0000"
    for number, template in enumerate(draw(st.lists(st.sampled_from(templates), min_size=1, max_size=6))):
        for repetition in range(draw(st.integers(1, 4))):
            begin = last
            for place, (kind, short, long) in enumerate(template):
                params = {name: draw(st.sampled_from(choices)) for name, choices in _LAYERS[kind].items()}
                label = f"stage{number}_block{repetition}_{place}" if named else f"layer_{len(nodes)}"
                last = add(kind, params, label, last)
                for wanted, other in ((short, begin), (long, earlier)):
                    if wanted and other != last:
                        last = add("Add", {}, f"{label}_add_{len(nodes)}", last, other)
            earlier = begin
    id_ = "output_0000"
    nodes[id_] = Node(kind="Output", label="end")
    wires[f"wire_{len(wires):04d}"] = Wire(source=Source(last), target=Target(id_))
    return NetworkCell(id="network_0000", name="random", nodes=nodes, wires=wires)


def as_graph(cell: NetworkCell, networks: dict[str, NetworkCell]) -> nx.MultiDiGraph:
    """The network laid out flat, as networkx compares it: calls with their layers, arguments and ports."""
    program: Program = definition_program(cell, {}, networks)
    graph = nx.MultiDiGraph()
    for given in program.inputs:
        graph.add_node(given.node, what=("Input", given.name, repr(given.params)))
    for call in program.calls:
        layer = program.layers.get(call.layer)
        what = (layer.kind, layer.name, _told(layer.kind, layer.params)) if layer else (call.kind, "", "")
        graph.add_node(call.node, what=what)
        for name, one in call.arguments.items():
            for position, value in enumerate((one,) if isinstance(one, Value) else one):
                graph.add_edge(value.node, call.node, port=(name, position, value.port))
    for end in program.outputs:
        graph.add_node(end.node, what=("Output", end.name))
        graph.add_edge(end.value.node, end.node, port=end.value.port)
    return graph


def _told(kind: str, params: dict) -> str:
    """The arguments that differ from their defaults: a block may write down a default that one of its uses left out."""
    known = catalogue().kinds[kind].parameters
    kept = {name: value for name, value in params.items() if name not in known or value != known[name].default}
    return repr(sorted(kept.items()))


def isomorphic(one: nx.MultiDiGraph, other: nx.MultiDiGraph) -> bool:
    """By networkx, which knows nothing of networks."""
    ports = nx.algorithms.isomorphism.categorical_multiedge_match("port", None)
    return nx.is_isomorphic(one, other, node_match=lambda a, b: a["what"] == b["what"], edge_match=ports)
