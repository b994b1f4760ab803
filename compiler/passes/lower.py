"""From a network without errors to the Program that both back ends walk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..arguments import packed_arguments
from ..code.at_hand import kinds_at_hand
from ..document import NetworkCell, Node, Source
from ..nesting.network_kinds import GROUP
from ..nesting.references import PREFIX
from ..nesting.uses import use_of
from ..program import Call, Layer, Program, ProgramInput, ProgramOutput, Value
from .draft import Draft
from .flatten import flat_program, with_shapes
from .graph import Graph


def lower(draft: Draft) -> Draft:
    """Adds the Program where nothing stands against it."""
    if draft.has_errors:
        return draft
    nested = nested_program(draft.graph, draft.definitions)
    program = with_shapes(flat_program(nested, draft.definitions), nested, draft.shapes)
    used = {call.kind for call in program.calls}
    own = tuple(one for one in kinds_at_hand() if one.name in used)
    return replace(draft, program=replace(program, code=own) if own else program)


def nested_program(
    graph: Graph, definitions: Mapping[str, NetworkCell], drawn: Mapping[str, Node] | None = None
) -> Program:
    """Only what reaches an Output; each call after those whose values it takes. A node for a network is one call.

    The arguments are those of `drawn`, expressions and all, where it is given."""
    network = graph.network
    drawn = network.nodes if drawn is None else drawn
    inputs: list[ProgramInput] = []
    layers: dict[str, Layer] = {}
    calls: list[Call] = []
    built = [node for node in graph.order if node in graph.reached]
    for node_id in built:
        kind, node = graph.kinds[node_id], network.nodes[node_id]
        if kind.name == "Input":
            inputs.append(_input(graph, node_id))
        elif kind.group == GROUP and not node.muted:
            owner = graph.owner(node_id)
            use = use_of(drawn[owner], graph.names[node_id], definitions[kind.name.removeprefix(PREFIX)])
            calls.append(replace(_call(graph, node_id, owner), use=use))
        elif kind.name != "Output" and not node.muted:
            owner = graph.owner(node_id) if kind.group == "layer" else ""
            if owner and owner not in layers:
                params = drawn[owner].params
                layers[owner] = Layer(owner, graph.names[owner], network.nodes[owner].kind, dict(params))
            calls.append(_call(graph, node_id, owner, drawn))
    outputs = tuple(
        ProgramOutput(node, graph.names[node], _value(graph, graph.wire(graph.into[node]["inputs"][0]).source))
        for node in graph.of_kind("Output")
    )
    # Inputs and outputs stand as in the network, so that wiring does not change the order of a model's arguments.
    place = {node: index for index, node in enumerate(network.nodes)}
    inputs.sort(key=lambda given: place[given.node])
    return Program(network.name, tuple(inputs), layers, tuple(calls), outputs)


def _input(graph: Graph, node_id: str) -> ProgramInput:
    params = graph.network.nodes[node_id].params
    declared = graph.kinds[node_id].parameters
    dtype = params.get("dtype") or declared["dtype"].default or "float32"
    return ProgramInput(node_id, graph.names[node_id], tuple(params["shape"]), dtype, dict(params))


def _call(graph: Graph, node_id: str, owner: str, drawn: Mapping[str, Node] | None = None) -> Call:
    node = (drawn or graph.network.nodes)[node_id]
    wires = [graph.wire(wire_id) for wires in graph.into[node_id].values() for wire_id in wires]
    arguments = {
        name: _value(graph, packed) if isinstance(packed, Source) else tuple(_value(graph, one) for one in packed)
        for name, packed in packed_arguments(graph.inputs[node_id], wires).items()
    }
    constants: dict[str, Any] = {}
    if not owner:
        # A wire into an argument wins over the constant that it had before.
        wired = set(arguments) | set(graph.into[node_id])
        constants = {name: value for name, value in node.params.items() if name not in wired}
    return Call(
        node_id,
        graph.names[node_id],
        node.kind,
        owner,
        arguments,
        constants,
        tuple(port.name for port in graph.outputs[node_id]),
    )


def _value(graph: Graph, source: Source) -> Value:
    """What a wire from `source` brings; muted nodes pass on what they get."""
    while graph.network.nodes[source.node].muted:
        wire = graph.passed_on(source.node)
        assert wire is not None, "check_wiring reports muted nodes without a wire"
        source = graph.wire(wire).source
    return Value(source.node, source.port)
