"""Where a training computes: what is refused, with the reason and a way out."""

from __future__ import annotations

import pytest

from weftwork.compiler.apply_change import apply_all
from weftwork.compiler.device_options import Placement, read_placement
from weftwork.compiler.document import Choice, Notebook, TrainingCell
from weftwork.compiler.passes.check_devices import check_devices

ADAM = Choice(kind="Adam")
CASES = {
    "nothing said": ({}, ADAM, []),
    "mirrored": ({"strategy": "mirrored", "replicas": 4}, ADAM, []),
    "several machines": ({"strategy": "multi-worker"}, ADAM, []),
    "model parallel by JAX": ({"strategy": "model-parallel", "backend": "jax"}, ADAM, []),
    "bfloat16 on several devices": ({"strategy": "mirrored", "precision": "mixed_bfloat16"}, ADAM, []),
    "a parameter server": ({"strategy": "parameter-server"}, ADAM, [("T470", "takes no data from a coordinator")]),
    "central storage": ({"strategy": "central-storage"}, ADAM, [("T470", "loss and metrics")]),
    "keras.distribution": ({"strategy": "keras-distribution"}, ADAM, [("T470", "does nothing")]),
    "an unknown strategy": ({"strategy": "all"}, ADAM, [("T470", "must be one of one, mirrored")]),
    "a strategy that is no text": ({"strategy": 3}, ADAM, [("T470", "must be one of")]),
    "an unknown backend": ({"backend": "theano"}, ADAM, [("T470", "tensorflow, jax")]),
    "half a device": ({"strategy": "mirrored", "replicas": 0.5}, ADAM, [("T470", "whole number")]),
    "XLA": ({"strategy": "mirrored", "xla": True}, ADAM, [("T471", "XLA")]),
    "XLA by trial": ({"strategy": "multi-worker", "xla": "fastest"}, ADAM, [("T471", "XLA")]),
    "float16": ({"strategy": "mirrored", "precision": "mixed_float16"}, ADAM, [("T471", "float16")]),
    "gathered gradients": (
        {"strategy": "mirrored"},
        Choice(kind="Adam", params={"gradient_accumulation_steps": 4}),
        [("T471", "gather gradients")],
    ),
    "more devices than rows": ({"strategy": "mirrored", "replicas": 40}, ADAM, [("T472", "32 rows")]),
    "model parallel on TensorFlow": ({"strategy": "model-parallel"}, ADAM, [("T473", "by JAX")]),
    "mirrored by JAX": ({"strategy": "mirrored", "backend": "jax"}, ADAM, [("T473", "of TensorFlow")]),
    "JAX": ({"backend": "jax", "precision": "mixed_bfloat16", "xla": True}, ADAM, []),
    "a trial of XLA by JAX": ({"backend": "jax", "xla": "fastest"}, ADAM, [("T473", "compiled by XLA")]),
    "a trial of precision by JAX": ({"backend": "jax", "precision": "fastest"}, ADAM, [("T473", "float16")]),
    "float16 by JAX": ({"backend": "jax", "precision": "mixed_float16"}, ADAM, [("T473", "float16")]),
    "float16 over several devices by JAX": (
        {"backend": "jax", "strategy": "model-parallel", "precision": "mixed_float16"},
        ADAM,
        [("T473", "float16")],
    ),
}


@pytest.fixture(autouse=True)
def jax_there(monkeypatch):
    monkeypatch.setattr("weftwork.compiler.passes.check_devices.has_jax", lambda: True)


def cell_of(name: str) -> TrainingCell:
    options, optimizer, _ = CASES[name]
    return TrainingCell(id="training_1", name="train", options=options, optimizer=optimizer)


@pytest.mark.parametrize("strategy", ["one", "model-parallel"])
def test_missing_extra_is_one_problem_with_the_command_to_install_it(monkeypatch, strategy):
    monkeypatch.setattr("weftwork.compiler.passes.check_devices.has_jax", lambda: False)
    cell = TrainingCell(id="training_1", name="train", options={"backend": "jax", "strategy": strategy})
    (problem,) = check_devices(cell)
    assert (problem.code, problem.at.parameter) == ("T474", "options.backend")
    assert problem.help == "Install it where Weftwork is installed: pip install 'weftwork[jax]'"
    (fix,) = problem.fixes
    assert [*check_devices(apply_all(Notebook(cells=(cell,)), fix.changes).cell("train"))] == []


@pytest.mark.parametrize("name", CASES)
def test_what_cannot_train_is_refused_with_the_reason(name):
    problems = [*check_devices(cell_of(name))]
    expected = CASES[name][2]
    assert [problem.code for problem in problems] == [code for code, _ in expected]
    for problem, (_, words) in zip(problems, expected, strict=True):
        assert words in problem.message
        assert problem.severity == "error"
        assert problem.at.cell == "train"
        assert problem.at.parameter


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case[2]])
def test_each_fix_mends_the_problem(name):
    cell = cell_of(name)
    (problem,) = check_devices(cell)
    assert problem.fixes
    for fix in problem.fixes:
        notebook = apply_all(Notebook(cells=(cell,)), fix.changes)
        assert [*check_devices(notebook.cell("train"))] == [], fix.title


def test_placement_keeps_what_is_not_as_without_a_choice():
    cell = {"strategy": "mirrored", "replicas": 2, "xla": False}
    assert read_placement(cell).to_json() == {"strategy": "mirrored", "replicas": 2}
    # Said for one run, the number of devices is left from before, and means nothing.
    assert read_placement(cell, {"strategy": "one"}).to_json() == {}
    assert read_placement(read_placement(cell).to_json()) == Placement("mirrored", 2)
    assert read_placement({}).to_json() == {}
