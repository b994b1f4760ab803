"""Networks broken at random: checking never fails, and every fix that is offered can be carried out."""

from __future__ import annotations

import random

import pytest
from network_text import accepted

from weftwork.compiler.document import NetworkCell, Node, Notebook, Source, Target, Wire
from weftwork.compiler.pipeline import check
from weftwork.compiler.problems import has_errors, render

KINDS = (
    *("Input", "Input", "Output", "Output", "Dense", "Conv2D", "LSTM", "Add", "Concatenate", "Flatten", "Dropout"),
    *("Bidirectional", "ops.add", "ops.where", "ops.concatenate", "MultiHeadAttention", "Frobnicate", "Lambda"),
)
VALUES = (
    *(None, 0, 1, 3, -2, 2.0, 0.5, "3", "relu", "sme", True, [3, 3], [], [None, 4], {}, {"kind": "HeNormal"}),
    *({"kind": "LSTM", "params": {"units": "4"}}, {"kind": 3}, {"class_name": "Dense"}, [[1, 2], [3]], "(2, 2)"),
)
NAMES = (
    "units",
    "filters",
    "kernel_size",
    "shape",
    "rate",
    "activation",
    "layer",
    "x2",
    "num_heads",
    "key_dim",
    "axis",
    "no",
)
PORTS = ("inputs", "inputs", "inputs", "sequences", "initial_state", "x1", "x2", "query", "value", "nowhere")


def broken_network(seed: int) -> NetworkCell:
    """A dozen nodes with arguments and wires that fit by chance at most."""
    pick = random.Random(seed)
    ids = [f"n{index}" for index in range(pick.randrange(1, 12))]
    anyone = [*ids, "gone"]
    nodes = {
        node_id: Node(
            kind=pick.choice(KINDS),
            params={pick.choice(NAMES): pick.choice(VALUES) for _ in range(pick.randrange(3))},
            label=pick.choice(("", "", "", "twin", "a/b", "  ", "層")),
            muted=pick.random() < 0.15,
            shares=pick.choice(anyone) if pick.random() < 0.15 else None,
        )
        for node_id in ids
    }
    wires = {
        f"w{index}": Wire(
            source=Source(pick.choice(anyone), pick.choice(("output", "output", "output", "state_h"))),
            target=Target(pick.choice(anyone), pick.choice(PORTS), pick.randrange(3)),
        )
        for index in range(pick.randrange(16))
    }
    return NetworkCell(id="net_1", name="net", nodes=nodes, wires=wires)


@pytest.mark.parametrize("first", range(0, 400, 50))
def test_broken_network_is_checked_and_each_fix_can_be_made(first):
    for seed in range(first, first + 50):
        notebook = Notebook(cells=(broken_network(seed),))
        checked = check(notebook)
        assert ("net" in checked.programs) == (not has_errors(checked.problems)), seed
        for problem in checked.problems:
            assert render(problem)
            for fix in problem.fixes:
                assert accepted(notebook, fix) is not notebook, (seed, problem.message, fix.title)


@pytest.mark.parametrize("seed", range(0, 60))
def test_taking_fixes_one_after_the_other_comes_to_an_end(seed):
    notebook = Notebook(cells=(broken_network(seed),))
    for _ in range(60):
        fixes = [problem.fixes[0] for problem in check(notebook).problems if problem.fixes]
        if not fixes:
            return
        notebook = accepted(notebook, fixes[0])
    pytest.fail("fixes go round in circles")


@pytest.mark.keras
def test_keras_says_something_of_every_broken_network():
    from weftwork.compiler.shapes import KerasShapes

    oracle = KerasShapes()
    for seed in range(60):
        notebook = Notebook(cells=(broken_network(seed),))
        checked = check(notebook, oracle=oracle)
        for problem in checked.problems:
            for fix in problem.fixes:
                assert accepted(notebook, fix) is not notebook, (seed, problem.message, fix.title)
