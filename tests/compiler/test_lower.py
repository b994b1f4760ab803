"""From a network to the Program: order, arguments, shared layers, muted nodes, names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from network_text import network

from weftwork.compiler.document import NetworkCell, Position
from weftwork.compiler.pipeline import check_network
from weftwork.compiler.program import Call, Layer, Program, ProgramInput, ProgramOutput, Value


def lowered(cell: NetworkCell) -> Program:
    draft = check_network(cell)
    assert draft.program is not None, [problem.message for problem in draft.problems]
    return draft.program


def call(program: Program, node: str) -> Call:
    return next(call for call in program.calls if call.node == node)


def test_chain_becomes_inputs_layers_calls_and_outputs():
    cell = network("""
        x: Input(shape=[4, 2], dtype='int32') [label=rows]
        dense: Dense(units=3, activation='relu') <- x
        out: Output [label=digit] <- dense
    """)
    assert lowered(cell) == Program(
        name="net",
        inputs=(ProgramInput("x", "rows", (4, 2), "int32", {"shape": [4, 2], "dtype": "int32"}),),
        layers={"dense": Layer("dense", "dense", "Dense", {"units": 3, "activation": "relu"})},
        calls=(Call("dense", "dense", "Dense", "dense", {"inputs": Value("x")}),),
        outputs=(ProgramOutput("out", "digit", Value("dense")),),
    )


def test_shared_layer_is_made_once_and_called_twice():
    cell = network("""
        a: Input(shape=[4])
        b: Input(shape=[4])
        first: Dense(units=3) <- a
        again: Dense [shares=first] <- b
        sum: Add <- first, again
        out: Output <- sum
    """)
    program = lowered(cell)
    assert list(program.layers) == ["first", "sum"]
    assert [(call.name, call.layer) for call in program.calls[:2]] == [("dense", "first"), ("dense_1", "first")]


def test_shared_layer_whose_owner_is_not_built_is_made_all_the_same():
    cell = network("""
        x: Input(shape=[4])
        first: Dense(units=3) <- x
        again: Dense [shares=first] <- x
        out: Output <- again
    """)
    program = lowered(cell)
    assert [call.node for call in program.calls] == ["again"]
    assert program.layers["first"].params == {"units": 3}


def test_list_keeps_the_order_of_positions():
    cell = network("a: Input(shape=[4])\nb: Input(shape=[4])\njoin: Concatenate <- b, a\nout: Output <- join")
    assert call(lowered(cell), "join").arguments == {"inputs": (Value("b"), Value("a"))}


def test_list_of_one_wire_stays_a_list():
    cell = network("a: Input(shape=[4])\njoin: Concatenate <- a\nout: Output <- join")
    assert call(lowered(cell), "join").arguments == {"inputs": (Value("a"),)}


def test_named_ports_become_named_arguments():
    cell = network("""
        words: Input(shape=[5, 4])
        seen: LSTM(units=3, return_state=True) <- words
        next: LSTM(units=3) <- sequences=words, initial_state=seen.state_h, initial_state=seen.state_c
        out: Output <- next
    """)
    program = lowered(cell)
    assert call(program, "seen").outputs == ("output", "state_h", "state_c")
    assert call(program, "next").arguments == {
        "sequences": Value("words"),
        "initial_state": (Value("seen", "state_h"), Value("seen", "state_c")),
    }


def test_ports_that_share_an_argument_are_packed():
    cell = network("""
        q: Input(shape=[5, 4])
        v: Input(shape=[6, 4])
        look: Attention <- value=v, query=q
        out: Output <- look
    """)
    assert call(lowered(cell), "look").arguments["inputs"] == (Value("q"), Value("v"))


def test_operation_has_its_constants_in_the_call():
    cell = network("x: Input(shape=[4])\nsum: ops.sum(axis=-1, keepdims=True) <- x\nout: Output <- sum")
    program = lowered(cell)
    assert program.layers == {}
    assert (call(program, "sum").layer, call(program, "sum").params) == ("", {"axis": -1, "keepdims": True})


def test_wire_wins_over_the_constant_of_the_same_argument():
    cell = network("a: Input(shape=[4])\nsum: ops.add(x2=1.0) <- x1=a, x2=a\nout: Output <- sum")
    step = call(lowered(cell), "sum")
    assert (step.arguments, step.params) == ({"x1": Value("a"), "x2": Value("a")}, {})


def test_muted_nodes_are_passed_through():
    cell = network("""
        x: Input(shape=[4])
        one: Dense(units=3) [muted] <- x
        two: Dropout(rate=0.5) [muted] <- one
        three: Dense(units=2) <- two
        out: Output <- three
    """)
    program = lowered(cell)
    assert [call.node for call in program.calls] == ["three"]
    assert call(program, "three").arguments == {"inputs": Value("x")}
    assert list(program.layers) == ["three"]


def test_muted_node_before_an_output_leads_to_what_it_gets():
    cell = network("x: Input(shape=[4])\none: Dense(units=3) [muted] <- x\nout: Output <- one")
    assert lowered(cell).outputs == (ProgramOutput("out", "output", Value("x")),)


def test_what_reaches_no_output_is_left_out():
    cell = network("""
        x: Input(shape=[4])
        spare: Input(shape=[4])
        dense: Dense(units=3) <- x
        side: Dense(units=0) <- spare
        out: Output <- dense
    """)
    program = lowered(cell)
    assert [given.node for given in program.inputs] == ["x"]
    assert [call.node for call in program.calls] == ["dense"]


def test_network_with_errors_has_no_program():
    assert check_network(network("x: Input(shape=[4])\ndense: Dense <- x\nout: Output <- dense")).program is None


BRANCHES = """
    x: Input(shape=[4])
    a: Dense(units=3) <- x
    b: Dense(units=3) <- x
    c: Dense(units=3) <- a
    sum: Add <- c, b
    y: Dense(units=1) <- sum
    one: Output <- y
    two: Output <- b
"""


def test_order_does_not_depend_on_the_layout():
    cell = network(BRANCHES)
    moved = cell.model_copy(update={"layout": {node: Position(-i, i % 3) for i, node in enumerate(cell.nodes)}})
    assert lowered(moved) == lowered(cell)


@given(st.permutations(list(network(BRANCHES).wires)), st.permutations(list(network(BRANCHES).nodes)))
@settings(max_examples=40, deadline=None)
def test_every_call_stands_after_its_arguments(wires, nodes):
    cell = network(BRANCHES)
    shuffled = cell.model_copy(
        update={
            "wires": {wire: cell.wires[wire] for wire in wires},
            "nodes": {node: cell.nodes[node] for node in nodes},
        }
    )
    program = lowered(shuffled)
    known = {given.node for given in program.inputs}
    for step in program.calls:
        for argument in step.arguments.values():
            values = (argument,) if isinstance(argument, Value) else argument
            assert {value.node for value in values} <= known
        known.add(step.node)
    assert {output.value.node for output in program.outputs} == {"y", "b"}


@pytest.mark.keras
def test_program_builds_the_network_that_was_drawn():
    from weftwork.compiler.shapes import KerasShapes
    from weftwork.compiler.to_keras import build_model

    cell = network("""
        x: Input(shape=[6, 4])
        seen: LSTM(units=3, return_sequences=True) <- x
        look: MultiHeadAttention(num_heads=2, key_dim=3) <- query=seen, value=x
        off: Dropout(rate=0.5) [muted] <- look
        twin: LSTM [shares=seen] <- x
        join: Concatenate <- off, twin
        add: Add <- join, join
        plus: ops.add(x2=1.0) <- x1=add
        out: Output <- plus
    """)
    draft = check_network(cell, KerasShapes())
    assert [problem.message for problem in draft.problems] == []
    assert draft.program is not None
    model = build_model(draft.program)
    assert model.output_shape == draft.program.shapes["plus"].outputs["output"].shape
    assert model.count_params() == sum(shapes.parameters for shapes in draft.shapes.values())
    assert len([layer for layer in model.layers if layer.weights]) == 2
