"""Edit → shapes and problems of a network of 1,000 nodes, 300 of them distinct, against rebuilding the model."""

from __future__ import annotations

import time

from weftwork.compiler.apply_change import apply
from weftwork.compiler.changes import SetParameter
from weftwork.compiler.document import NetworkCell, Node, Notebook, Source, Target, Wire
from weftwork.compiler.pipeline import check

from .figures import Figure, percentile
from .report import report

NODES, DISTINCT, TOWERS, EDITS = 1000, 300, 4, 40


def large_network(count: int = NODES) -> NetworkCell:
    """Four towers of Dense layers whose widths repeat, with a skip connection every tenth layer."""
    nodes: dict[str, Node] = {"input_0": Node(kind="Input", params={"shape": [64]}), "join": Node(kind="Concatenate")}
    wires: dict[str, Wire] = {}
    for tower in range(TOWERS):
        before, skip = "input_0", ""
        for i in range((count - 3) // TOWERS):
            id_ = f"node_{tower}_{i:03}"
            if i % 10 == 9 and skip:
                nodes[id_] = Node(kind="Concatenate")
                wires[f"{id_}_skip"] = Wire(source=Source(skip), target=Target(id_, "inputs", 1))
            else:
                nodes[id_] = Node(kind="Dense", params={"units": 8 + i % (DISTINCT // 2), "activation": "relu"})
            wires[id_] = Wire(source=Source(before), target=Target(id_))
            before = id_
            if i % 10 == 4:
                skip = id_
        wires[f"join_{tower}"] = Wire(source=Source(before), target=Target("join", "inputs", tower))
    nodes["output_0"] = Node(kind="Output")
    wires["out"] = Wire(source=Source("join"), target=Target("output_0"))
    return NetworkCell(id="net", name="net", nodes=nodes, wires=wires)


def main(rounds: int = EDITS) -> None:
    from weftwork.compiler.shapes import KerasShapes
    from weftwork.compiler.to_keras import build_model

    notebook = Notebook(cells=(large_network(),))
    oracle = KerasShapes()
    start = time.perf_counter()
    checked = check(notebook, oracle=oracle)
    cold = time.perf_counter() - start
    assert not [problem for problem in checked.problems if problem.severity == "error"], checked.problems[:3]
    local, structural, everything = [], [], []
    for i in range(rounds):
        edited = apply(notebook, SetParameter(cell="net", node="node_3_240", parameter="units", value=300 + i))
        structural.append(_seconds(lambda edited=edited: check(edited)))
        local.append(_seconds(lambda edited=edited: check(edited, oracle=oracle)))
    for i in range(5):
        edited = apply(notebook, SetParameter(cell="net", node="input_0", parameter="shape", value=[65 + i]))
        everything.append(_seconds(lambda edited=edited: check(edited, oracle=oracle)))
    rebuild = min(_seconds(lambda: build_model(checked.programs["net"])) for _ in range(2))
    report(
        Figure(
            f"edit → structural problems, {NODES:,} nodes (p95)",
            f"{1000 * percentile(structural, 0.95):.0f} ms",
            f"rebuilding the Functional model: {rebuild:.1f} s",
            "≤ 50 ms for what is on screen",
        ),
        Figure(
            f"edit → shapes and problems, {NODES:,} nodes, {DISTINCT} distinct (p95)",
            f"{1000 * percentile(local, 0.95):.0f} ms",
            f"the same: {percentile(local, 0.5) / rebuild:.3f} ×",
            "≤ 50 ms for what is on screen, all ≤ 1 s",
        ),
        Figure(
            "edit of the input → shapes and problems (median)",
            f"{1000 * percentile(everything, 0.5):.0f} ms (every shape asked anew: {1000 * cold:.0f} ms)",
            f"the same: {percentile(everything, 0.5) / rebuild:.3f} ×",
            "≤ 1 s",
        ),
    )


def _seconds(run) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
