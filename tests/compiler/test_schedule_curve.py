"""The curve of a schedule against the schedule itself, as Keras computes it."""

from __future__ import annotations

import numpy as np
import pytest

from weftwork.compiler.catalogue import catalogue
from weftwork.compiler.schedule_curve import rates

FIRST = {"initial_learning_rate": 0.1}
SCHEDULES = [
    ("CosineDecay", {**FIRST, "decay_steps": 50}),
    ("CosineDecay", {**FIRST, "decay_steps": 40, "alpha": 0.1, "warmup_target": 0.3, "warmup_steps": 20}),
    ("CosineDecay", {**FIRST, "decay_steps": 40, "warmup_target": 0.3}),
    ("CosineDecayRestarts", {**FIRST, "first_decay_steps": 10, "alpha": 0.05, "m_mul": 0.7}),
    ("CosineDecayRestarts", {**FIRST, "first_decay_steps": 15, "t_mul": 1.0}),
    ("ExponentialDecay", {**FIRST, "decay_steps": 20, "decay_rate": 0.5}),
    ("ExponentialDecay", {**FIRST, "decay_steps": 20, "decay_rate": 0.5, "staircase": True}),
    ("InverseTimeDecay", {**FIRST, "decay_steps": 10, "decay_rate": 0.5}),
    ("InverseTimeDecay", {**FIRST, "decay_steps": 10, "decay_rate": 0.5, "staircase": True}),
    ("PiecewiseConstantDecay", {"boundaries": [10, 30], "values": [0.1, 0.01, 0.001]}),
    ("PolynomialDecay", {**FIRST, "decay_steps": 40, "power": 2.0}),
    ("PolynomialDecay", {**FIRST, "decay_steps": 30, "end_learning_rate": 0.01, "cycle": True}),
]


@pytest.mark.keras
@pytest.mark.parametrize(("kind", "params"), SCHEDULES, ids=lambda part: part if isinstance(part, str) else "")
def test_curve_is_that_of_keras(kind, params):
    import keras

    schedule = getattr(keras.optimizers.schedules, kind)(**params)
    steps = np.arange(120)
    expected = [float(schedule(np.int64(step))) for step in steps]
    found = rates({"kind": kind, "params": params}, steps)
    assert found is not None
    np.testing.assert_allclose(found, expected, rtol=2e-4, atol=1e-8)


def test_every_schedule_of_the_catalogue_has_a_curve():
    known = {name for name, entry in catalogue().schedules.items() if not entry.unbuildable}
    assert known == {kind for kind, _ in SCHEDULES}


@pytest.mark.parametrize(
    "schedule",
    [
        {"kind": "Mystery", "params": {}},
        {"kind": "CosineDecay", "params": {"initial_learning_rate": 0.1}},
        {"kind": "CosineDecay", "params": {**FIRST, "decay_steps": "ten"}},
        {"kind": "PiecewiseConstantDecay", "params": {"boundaries": [1, 2], "values": [0.1]}},
        {"kind": "CosineDecay", "params": [1]},
    ],
)
def test_schedule_with_a_fault_has_no_curve(schedule):
    assert rates(schedule, np.arange(5)) is None
