"""Edit → shapes and problems where 100 nodes stand for one network of 50 nodes, with a training that holds them all."""

from __future__ import annotations

import time
from itertools import pairwise

from weftwork.compiler.apply_change import apply
from weftwork.compiler.changes import SetParameter
from weftwork.compiler.document import DataCell, NetworkCell, Node, Notebook, Source, Target, TrainingCell, Wire
from weftwork.compiler.nesting.references import network_kind
from weftwork.compiler.pipeline import check
from weftwork.compiler.specs import DataDescription, DataField

from .figures import Figure, percentile
from .report import report

INSTANCES, NODES, EDITS = 100, 50, 40
WIDTH = 16
DATA = {
    "numbers": DataDescription(
        {"features": DataField("features", (WIDTH,)), "value": DataField("value", (), "float32", "target", "number")},
        rows=1000,
        validation_rows=100,
    )
}


def block(count: int = NODES) -> NetworkCell:
    """A residual block of Dense layers and a sum: `count` nodes, its Input and Output among them."""
    chain = ["x", *(f"dense_{i:02}" for i in range(count - 3)), "sum", "out"]
    nodes = {id_: Node(kind="Dense", params={"units": WIDTH, "activation": "relu"}) for id_ in chain}
    nodes |= {"x": Node(kind="Input", params={"shape": [WIDTH]}, label="x"), "sum": Node(kind="Add")}
    nodes["out"] = Node(kind="Output", label="x")
    wires = {f"to_{end}": _wire(start, end) for start, end in pairwise(chain)}
    wires["skip"] = _wire("x", "sum", position=1)
    return NetworkCell(id="block", name="Block", nodes=nodes, wires=wires)


def network(instances: int = INSTANCES) -> NetworkCell:
    """As many nodes for the block, one after the other, between an Input and a Dense layer."""
    uses = [f"block_{i:03}" for i in range(instances)]
    nodes = {id_: Node(kind=network_kind("Block")) for id_ in uses}
    nodes["in"] = Node(kind="Input", params={"shape": [WIDTH]})
    nodes["head"] = Node(kind="Dense", params={"units": 1})
    nodes["answer"] = Node(kind="Output")
    wires = {f"to_{uses[0]}": _wire("in", uses[0], "x")}
    for before, after in pairwise(uses):
        wires[f"to_{after}"] = _wire(before, after, "x", port="x")
    wires["to_head"] = _wire(uses[-1], "head", port="x")
    wires["to_answer"] = _wire("head", "answer")
    return NetworkCell(id="net", name="net", nodes=nodes, wires=wires)


def notebook() -> Notebook:
    """The two networks, and a training of the outer one."""
    training = TrainingCell(id="train", name="train", network="net", data="numbers")
    return Notebook(cells=(DataCell(id="numbers", name="numbers"), block(), network(), training))


def main(rounds: int = EDITS) -> None:
    from weftwork.compiler.shapes import KerasShapes

    drawn, oracle = notebook(), KerasShapes()
    start = time.perf_counter()
    checked = check(drawn, oracle=oracle, data=DATA)
    cold = time.perf_counter() - start
    assert not checked.problems, checked.problems[:3]
    assert len(checked.programs["net"].layers) == INSTANCES * (NODES - 2) + 1
    structural, inside, outside = [], [], []
    for i in range(rounds):
        edited = apply(drawn, SetParameter(cell="block", node="dense_20", parameter="units", value=20 + i))
        structural.append(_seconds(lambda edited=edited: check(edited, data=DATA)))
        inside.append(_seconds(lambda edited=edited: check(edited, oracle=oracle, data=DATA)))
        edited = apply(drawn, SetParameter(cell="net", node="head", parameter="activation", value=_ACTIVATIONS[i % 4]))
        outside.append(_seconds(lambda edited=edited: check(edited, oracle=oracle, data=DATA)))
    said = f"{INSTANCES} instances of a network of {NODES} nodes"
    budget = "≤ 50 ms for what is on screen, all ≤ 1 s"
    report(
        Figure(f"edit inside → structural problems, {said} (p95)", _ms(structural), _first(cold), "≤ 50 ms"),
        Figure(f"edit inside → shapes and problems, {said} (p95)", _ms(inside), _first(cold), budget),
        Figure(f"edit beside them → shapes and problems, {said} (p95)", _ms(outside), _first(cold), budget),
    )


_ACTIVATIONS = ("relu", "tanh", "sigmoid", "linear")


def _wire(source: str, target: str, into: str = "inputs", *, port: str = "output", position: int = 0) -> Wire:
    return Wire(source=Source(source, port), target=Target(target, into, position))


def _ms(seconds: list[float]) -> str:
    return f"{1000 * percentile(seconds, 0.95):.0f} ms (median {1000 * percentile(seconds, 0.5):.0f} ms)"


def _first(seconds: float) -> str:
    return f"the first check, every shape asked anew: {1000 * seconds:.0f} ms"


def _seconds(run) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
