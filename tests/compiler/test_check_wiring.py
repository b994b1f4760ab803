"""Wiring: every mistake is one problem, at its place, with a fix that mends it."""

from __future__ import annotations

import pytest
from network_text import accepted, broken_fixes, network, place, said

from weftwork.compiler.catalogue import catalogue
from weftwork.compiler.document import NetworkCell, Notebook, Source, Target, Wire
from weftwork.compiler.passes.check_wiring import check_wiring
from weftwork.compiler.passes.draft import begin
from weftwork.compiler.problems import Problem


def problems_of(notebook: Notebook) -> tuple[Problem, ...]:
    return check_wiring(begin(notebook.networks()[0], catalogue())).problems


def wired(text: str, **wires: tuple[Source, Target]) -> NetworkCell:
    """The network with extra wires that no text could say."""
    cell = network(text)
    extra = {name: Wire(source=source, target=target) for name, (source, target) in wires.items()}
    return cell.model_copy(update={"wires": {**cell.wires, **extra}})


CHAIN = """
    x: Input(shape=[4])
    dense: Dense(units=3) <- x
    out: Output <- dense
"""
TWO = """
    a: Input(shape=[4])
    b: Input(shape=[4])
    sum: Add <- a, b
    out: Output <- sum
"""

CASES = {
    "a sound chain": (network(CHAIN), []),
    "two inputs into a list": (network(TWO), []),
    "an operation with a constant": (
        network("x: Input(shape=[4])\ndouble: ops.multiply(x2=2.0) <- x1=x\nout: Output <- double"),
        [],
    ),
    "nothing at all": (NetworkCell(id="net_1", name="net"), [("W108", "")]),
    "a required port without a wire": (
        network("x: Input(shape=[4])\nsum: ops.add <- x1=x\nout: Output <- sum"),
        [("W101", "sum.x2")],
    ),
    "only the optional ports wired": (
        network("x: Input(shape=[4, 2])\nseen: LSTM(units=3) <- mask=x\nout: Output <- seen"),
        [("W101", "seen.sequences")],
    ),
    "a wire to a missing node": (
        wired(CHAIN, loose=(Source("dense"), Target("gone"))),
        [("W102", "dense")],
    ),
    "a wire from a missing node": (
        wired(
            "dense: Dense(units=3)\nx: Input(shape=[4])\nout: Output <- dense", loose=(Source("gone"), Target("dense"))
        ),
        [("W102", "dense"), ("W109", "x")],
    ),
    "a wire between missing nodes": (wired(CHAIN, loose=(Source("gone"), Target("lost"))), [("W102", "")]),
    "a wire to a port that is not there": (
        network("x: Input(shape=[4])\ndense: Dense(units=3) <- input=x\nout: Output <- dense"),
        [("W103", "dense.input")],
    ),
    "a wire from a port that is not there": (
        network("x: Input(shape=[4])\ndense: Dense(units=3) <- x.y\nout: Output <- dense"),
        [("W103", "x.y")],
    ),
    "a state that is not returned": (
        network("x: Input(shape=[4, 2])\nseen: LSTM(units=3) <- x\nout: Output <- seen.state_h"),
        [("W103", "seen.state_h")],
    ),
    "two wires in a port for one": (
        wired(CHAIN, second=(Source("x"), Target("out"))),
        [("W104", "out.inputs")],
    ),
    "a cycle of two": (
        wired(
            "x: Input(shape=[4])\none: Add <- x\ntwo: Dense(units=4) <- one\nout: Output <- two",
            back=(Source("two"), Target("one", "inputs", 1)),
        ),
        [("W105", "one")],
    ),
    "a node wired to itself": (
        wired(
            "x: Input(shape=[4])\none: Add <- x\nout: Output <- one", back=(Source("one"), Target("one", "inputs", 1))
        ),
        [("W105", "one")],
    ),
    "no Input": (network("dense: Dense(units=3)\nout: Output <- dense"), [("W106", ""), ("W101", "dense.inputs")]),
    "no Output": (network("x: Input(shape=[4])\ndense: Dense(units=3) <- x"), [("W107", "")]),
    "an Output without a wire": (
        network("x: Input(shape=[4])\ndense: Dense(units=3) <- x\nout: Output"),
        [("W112", "out.inputs")],
    ),
    "a node apart": (network(CHAIN + "lost: Dense(units=2)"), [("W109", "lost")]),
    "a branch that ends nowhere": (
        network(CHAIN + "side: Dense(units=2) <- x\nend: Dense(units=2) <- side"),
        [("W109", "side")],
    ),
    "two branches that end nowhere": (
        network(CHAIN + "left: Dense(units=2) <- x\nright: Dense(units=2) <- x"),
        [("W109", "left"), ("W109", "right")],
    ),
    "a muted node in a chain": (network(CHAIN.replace("units=3)", "units=3) [muted]")), []),
    "a muted node with two inputs": (network(TWO.replace("Add", "Add [muted]")), [("W110", "sum")]),
    "a muted Input": (network(CHAIN.replace("[4])", "[4]) [muted]")), [("W110", "x")]),
    "a state of a muted node": (
        network(
            "x: Input(shape=[4, 2])\nseen: LSTM(units=3, return_state=True) [muted] <- x\nout: Output <- seen.state_h"
        ),
        [("W110", "seen")],
    ),
    "two wires with one position": (
        wired(TWO, third=(Source("a"), Target("sum", "inputs", 1))),
        [("W111", "sum.inputs")],
    ),
    "wires of an unknown kind": (
        network("x: Input(shape=[4])\nodd: Frobnicate <- x\ndense: Dense(units=2) <- odd\nout: Output <- dense"),
        [],
    ),
}


@pytest.mark.parametrize(("cell", "expected"), CASES.values(), ids=CASES)
def test_wiring_is_reported_at_its_place(cell, expected):
    assert said(problems_of(Notebook(cells=(cell,)))) == expected


@pytest.mark.parametrize("cell", [cell for cell, _ in CASES.values()], ids=CASES)
def test_fixes_mend_the_wiring(cell):
    assert broken_fixes(Notebook(cells=(cell,)), problems_of) == []


def test_cycle_relates_all_its_nodes_and_its_fix_leaves_a_sound_network():
    cell, _ = CASES["a cycle of two"]
    (problem,) = problems_of(Notebook(cells=(cell,)))
    assert [at.node for at, _ in problem.related] == ["one", "two"]
    assert problem.message == "add → dense → add is a cycle."
    assert problems_of(accepted(Notebook(cells=(cell,)), problem.fixes[0])) == ()


def test_missing_output_is_added_behind_the_last_node():
    cell, _ = CASES["no Output"]
    (problem,) = problems_of(Notebook(cells=(cell,)))
    assert problem.fixes[0].title == "Add an Output after dense"
    mended = accepted(Notebook(cells=(cell,)), problem.fixes[0]).networks()[0]
    assert problems_of(Notebook(cells=(mended,))) == ()
    assert [wire.source.node for wire in mended.wires.values()] == ["x", "dense"]


def test_checking_twice_offers_the_same_fixes():
    cell, _ = CASES["no Output"]
    assert problems_of(Notebook(cells=(cell,))) == problems_of(Notebook(cells=(cell,)))


def test_open_port_offers_the_one_loose_end():
    cell = network("""
        x: Input(shape=[4])
        a: Dense(units=3) <- x
        b: Dense(units=2)
        out: Output <- b
    """)
    (problem,) = problems_of(Notebook(cells=(cell,)))
    assert [fix.title for fix in problem.fixes] == ["Wire dense to it"]
    assert problems_of(accepted(Notebook(cells=(cell,)), problem.fixes[0])) == ()


def test_crowded_port_offers_to_keep_each_wire():
    cell, _ = CASES["two wires in a port for one"]
    (problem,) = problems_of(Notebook(cells=(cell,)))
    assert [fix.title for fix in problem.fixes] == ["Keep the wire from dense", "Keep the wire from input"]
    kept = accepted(Notebook(cells=(cell,)), problem.fixes[1]).networks()[0]
    assert [wire.source.node for wire in kept.wires.values() if wire.target.node == "out"] == ["x"]


def test_what_is_not_built_is_a_warning():
    (problem,) = problems_of(Notebook(cells=(CASES["a branch that ends nowhere"][0],)))
    assert problem.severity == "warning"
    assert problem.message == "dense_1 and dense_2 reach no Output and are not built."


def test_messages_name_labels_and_not_ids():
    text = CHAIN.replace("units=3)", "units=3) [label=hidden]").replace("<- x", "")
    (problem, *_) = problems_of(Notebook(cells=(network(text),)))
    assert (problem.message, place(problem)) == ("hidden has no wire at its input.", "dense.inputs")
