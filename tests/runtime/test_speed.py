"""Precision and XLA: as in Keras where they are set; by a trial, kept and told, where the fastest is asked for."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest
from keras.src.trainers import trainer as keras_trainer

from weftwork.runtime import settle_speed as settling
from weftwork.runtime.run_directory import create_run
from weftwork.runtime.speed_trial import Way, choose, ways

from .test_training_settings import LOSS, METRIC, notebook, plain, same, trained

pytestmark = pytest.mark.keras
PLAIN, HALF = ("float32", False), ("mixed_bfloat16", False)


@pytest.mark.parametrize("precision", ["mixed_bfloat16", pytest.param("mixed_float16", marks=pytest.mark.long)])
def test_mixed_precision_trains_as_in_keras(precision, tmp_path):
    drawn = notebook(tmp_path, options={"precision": precision})
    ours, run = trained(tmp_path, drawn)
    keras.config.set_dtype_policy(precision)
    try:
        theirs, history, _ = plain(tmp_path, drawn, optimizer="adam", loss=LOSS(), metrics=[METRIC(name="accuracy")])
    finally:
        keras.config.set_dtype_policy("float32")
    same(run, ours, theirs, history)
    assert (run.info()["precision"], ours.get_layer("dense").compute_dtype) == (precision, precision[6:])
    assert keras.config.dtype_policy().name == "float32"
    norms = run.metrics()[:, run.columns().index("gradient_norm")]
    assert np.nanmax(norms) < 100  # Of the true gradients, not of those that are scaled against underflow.


def test_xla_trains_as_in_keras(tmp_path):
    drawn = notebook(tmp_path, options={"xla": True})
    ours, run = trained(tmp_path, drawn)
    theirs, _, _ = plain(
        tmp_path, drawn, optimizer="adam", loss=LOSS(), metrics=[METRIC(name="accuracy")], jit_compile=True
    )
    # XLA multiplies in another order where more is computed in one step: the gradient's norm, here.
    for our, their in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(our, their, atol=1e-5)
    assert run.info()["xla"] is True


def test_xla_that_a_layer_does_not_support_ends_the_run_with_the_reason(tmp_path, monkeypatch):
    monkeypatch.setattr(keras_trainer, "model_supports_jit", lambda model: False)
    from weftwork.runtime.train_here import train_here

    run = create_run(tmp_path, notebook(tmp_path, options={"xla": True}), "train", notebook_name="a.weft")
    with pytest.warns(UserWarning, match="jit_compile"):
        assert train_here(run) == "failed"
    assert run.message() == "XLA cannot compile a layer of this network. Switch XLA off."
    assert run.info()["at"]["parameter"] == "options.xla"


@pytest.mark.long
def test_trial_changes_no_bit_of_the_run_that_follows_and_is_told(tmp_path, monkeypatch):
    real = settling.measure

    def measured_for_real(task, candidates):
        return [Way(way.precision, way.xla, 1.0 if way.xla else 0.001, 0.1) for way in real(task, candidates)]

    monkeypatch.setattr(settling, "measure", measured_for_real)
    asked, run = trained(tmp_path, notebook(tmp_path, options={"xla": "fastest"}))
    silent, _ = trained(tmp_path, notebook(tmp_path))
    for one, other in zip(asked.get_weights(), silent.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    info = run.info()
    assert (info["precision"], info["xla"]) == PLAIN
    assert info["speed"]["words"] == (
        "Chosen: float32 without XLA. A short trial took, for a step: float32 without XLA 1 ms, float32 with XLA 1 s."
    )
    events = [event["event"] for event in run.events()[0]]
    assert events.index("speed") < events.index("checkpoint")


def test_outcome_is_kept_for_the_network_and_used_again(tmp_path, monkeypatch):
    asked = []

    def fake(task, candidates):
        asked.append(candidates)
        return [Way(*way, step_s=0.01 if way == PLAIN else 0.001, build_s=0.0) for way in candidates]

    monkeypatch.setattr(settling, "measure", fake)
    drawn = notebook(tmp_path, options={"precision": "fastest"})
    first, run = trained(tmp_path, drawn)
    assert (run.info()["precision"], first.get_layer("dense").compute_dtype) == ("mixed_bfloat16", "bfloat16")
    _, run = trained(tmp_path, drawn)
    assert asked == [[PLAIN, HALF]]
    assert run.info()["speed"]["words"].startswith("Chosen: mixed_bfloat16 without XLA. An earlier trial")
    (kept,) = (tmp_path / ".weftwork" / "trials").iterdir()
    assert json.loads(kept.read_text())["notebook"] == "a.weft"
    trained(tmp_path, notebook(tmp_path, options={"precision": "fastest"}, batch_size=8))
    kept.write_text("{")
    trained(tmp_path, drawn)
    assert len(asked) == 3


def test_what_was_decided_holds_when_the_run_is_taken_up(monkeypatch):
    record: Any = SimpleNamespace(info={"precision": "mixed_bfloat16", "xla": True})
    monkeypatch.setattr(settling, "measure", lambda *_: pytest.fail("measured again"))
    assert settling.settle_speed(record, record) == ("mixed_bfloat16", True)


def test_plain_way_holds_unless_it_is_clearly_beaten():
    plain_way = Way("float32", False, 0.0100, 0.5)
    assert choose([plain_way, Way("float32", True, 0.0099, 0.5)], 1000) == plain_way
    quick = Way("float32", True, 0.005, 3.0)
    assert choose([plain_way, quick], 1000) == quick
    assert choose([plain_way, quick], 100) == plain_way  # Compiling takes longer than it saves.
    assert choose([plain_way, Way("float32", True, failed="no")], 1000) == plain_way


def test_ways_are_those_that_were_left_open():
    assert ways("float32", "fastest", "CPU") == [("float32", False), ("float32", True)]
    assert ways("fastest", True, "CPU") == [("float32", True), ("mixed_bfloat16", True)]
    assert len(ways("fastest", "fastest", "GPU:0")) == 6
