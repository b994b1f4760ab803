"""Lays a Program with networks inside out flat: nodes by paths, layers by prefixed names.

What is laid out once is kept: an edit outside an instance leaves its calls as they are (`placing.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..catalogue import catalogue
from ..document import NetworkCell
from ..identity import Same
from ..nesting.network_kinds import boundary, kinds_with
from ..nesting.paths import step
from ..nesting.values import with_values
from ..program import Call, Layer, Program, Value
from ..specs import NodeShapes
from .graph import read_graph
from .placing import Placed, Where, placed_at


def flat_program(
    nested: Program, definitions: Mapping[str, NetworkCell], keep: Callable[[Call], bool] | None = None
) -> Program:
    """The Program with every call of a network replaced by what is in it, but for those that `keep` wants."""
    if not any(call.use for call in nested.calls):
        return nested
    layers, calls, outputs, several = dict[str, Layer](), list[Call](), dict[Value, Value](), False
    for call in nested.calls:
        if call.use is None or (keep is not None and keep(call)):
            layer = nested.layers.get(call.layer)
            if layer is not None and call.layer not in layers:
                layers[call.layer] = layer
            calls.append(_redirected(call, outputs))
            continue
        placed, one_output = _repetitions(call, outputs, definitions, layers)
        several = several or not one_output
        calls += [inner for one in placed for inner in one.calls]
        if placed:
            outputs |= {Value(call.node, port): value for port, value in placed[-1].outputs.items()}
    ends = tuple(replace(given, value=outputs.get(given.value, given.value)) for given in nested.outputs)
    flat = Program(nested.name, nested.inputs, layers, tuple(calls), ends, nested.shapes, nested, definitions)
    return _with_own_names(_built(flat) if several else flat)


def with_shapes(program: Program, nested: Program, shapes: Mapping[str, NodeShapes]) -> Program:
    """The flat Program with what is known of each of its nodes, by path."""
    known: dict[str, NodeShapes] = {}
    built = {call.node for call in nested.calls} | {given.node for given in nested.inputs}
    for node in built | {given.node for given in nested.outputs}:
        if node in shapes:
            _note(known, "", node, shapes[node])
    return replace(program, shapes=known)


def _note(known: dict[str, NodeShapes], prefix: str, node: str, shapes: NodeShapes) -> None:
    if not shapes.inside:
        known[prefix + node] = shapes
    for index, inside in enumerate(shapes.inside):
        within = f"{prefix}{step(node, index)}/"
        for inner, found in inside.items():
            if found.inside:
                _note(known, within, inner, found)
            else:
                known[within + inner] = found


def definition_program(cell: NetworkCell, values: Mapping[str, Any], definitions: Mapping[str, NetworkCell]) -> Program:
    """The flat Program of a network with these values, its ids and names as they are within it."""
    network = with_values(cell, values).network
    used = tuple(Same(one) for one in definitions.values())
    return _definition_program(Same(network.nodes), Same(network.wires), Same(cell.parameters), Same(network), used)


_programs: dict[tuple[Any, ...], Program] = {}
_REMEMBERED = 2000


def _definition_program(
    nodes: Same[Any], wires: Same[Any], parameters: Same[Any], network: Same[NetworkCell], used: tuple[Same[Any], ...]
) -> Program:
    key = nodes, wires, parameters, used
    known = _programs.get(key)
    if known is None:
        from .lower import nested_program

        while len(_programs) >= _REMEMBERED:
            _programs.pop(next(iter(_programs)), None)
        definitions = {one.value.name: one.value for one in used}
        kinds = kinds_with(catalogue().kinds, definitions)
        graph = read_graph(network.value, replace(catalogue(), kinds=kinds))
        known = _programs[key] = flat_program(nested_program(graph, definitions), definitions)
    return known


def _redirected(call: Call, outputs: Mapping[Value, Value]) -> Call:
    """The call with the values that networks give taken from inside them."""
    given = call.arguments
    if not outputs or not any(value in outputs for one in given.values() for value in _several(one)):
        return call
    return replace(
        call,
        arguments={
            name: outputs.get(one, one) if isinstance(one, Value) else tuple(outputs.get(value, value) for value in one)
            for name, one in given.items()
        },
    )


def _several(given: Value | tuple[Value, ...]) -> tuple[Value, ...]:
    return (given,) if isinstance(given, Value) else given


def _repetitions(
    call: Call, outputs: Mapping[Value, Value], definitions: Mapping[str, NetworkCell], layers: dict[str, Layer]
) -> tuple[list[Placed], bool]:
    """Each repetition in its place, and whether the network has a single output. Layers that are not there yet are
    added to `layers`; with shared weights they are."""
    use = call.use
    assert use is not None
    cell = definitions[use.network]
    # Within a network it is not known itself: nothing contains itself.
    inner = {name: other for name, other in definitions.items() if name != use.network}
    given = {port: _alone(outputs, value) for port, value in call.arguments.items()}
    placed: list[Placed] = []
    ports = boundary(cell)[0]
    for index, repetition in enumerate(use.repetitions):
        program = definition_program(cell, repetition.values, inner)
        owner = f"{step(call.layer, 0 if use.shared else index)}/"
        arriving = tuple((ports[port], value) for port, value in given.items() if port in ports)
        renamed = tuple((path, names[index]) for path, names in use.node.renamed.items() if len(names) > index)
        where = Where(f"{step(call.node, index)}/", owner, repetition.name, arriving, repetition.trainable, renamed)
        one = placed_at(program, where)
        placed.append(one)
        if one.layers and next(iter(one.layers)) not in layers:
            layers |= one.layers
        given |= {port: one.outputs[output] for port, output in use.chain.items()}
    return placed, len(boundary(cell)[1]) == 1


def _alone(outputs: Mapping[Value, Value], value: Value | tuple[Value, ...]) -> Value:
    one = value if isinstance(value, Value) else value[0]
    return outputs.get(one, one)


def _built(program: Program) -> Program:
    """Without the calls that no Output of the whole needs: of a network's outputs some may not be used."""
    needed = {given.value.node for given in program.outputs}
    calls: list[Call] = []
    for call in reversed(program.calls):
        if call.node in needed:
            calls.append(call)
            needed.update(value.node for one in call.arguments.values() for value in _several(one))
    owners = {call.layer for call in calls}
    layers = {id_: layer for id_, layer in program.layers.items() if id_ in owners}
    return replace(program, calls=tuple(reversed(calls)), layers=layers)


def _with_own_names(program: Program) -> Program:
    """No two layers of one name: `block_conv` may also be what somebody called a node outside."""
    names = [given.name for given in program.inputs] + [layer.name for layer in program.layers.values()]
    if len(set(names)) == len(names):
        return program
    taken = {given.name for given in program.inputs} | {n for id_, n in _names(program).items() if "/" not in id_}
    layers = {}
    for id_, layer in program.layers.items():
        name, number = layer.name, 1
        while "/" in id_ and name in taken:
            name, number = f"{layer.name}_{number}", number + 1
        taken.add(name)
        layers[id_] = layer if name == layer.name else replace(layer, name=name)
    return replace(program, layers=layers)


def _names(program: Program) -> dict[str, str]:
    return {id_: layer.name for id_, layer in program.layers.items()}
