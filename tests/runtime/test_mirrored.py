"""Several devices train what one device would: the table of strategies on two logical devices of the CPU."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from .strategy_models import MODELS

pytestmark = [pytest.mark.keras, pytest.mark.long]
ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 500


def trained(folder: Path, replicas: int, *names: str) -> list[dict]:
    """What train_by_strategy tells of each model, with its arrays."""
    folder.mkdir()
    command = [sys.executable, "-m", "tests.runtime.train_by_strategy", str(folder), str(replicas), *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr[-3000:]
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return [{**each, "arrays": dict(np.load(each["arrays"]))} for each in found]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, dict], dict[str, dict], list[dict]]:
    """One device and two, by model; and three runs with dropout, the last one stopped at step 7 and resumed."""
    folder = tmp_path_factory.mktemp("strategies")
    dropout = ["dropout", "dropout", "dropout@7"]
    with ThreadPoolExecutor(2) as both:
        one = both.submit(trained, folder / "one", 1, *MODELS)
        two = both.submit(trained, folder / "two", 2, *MODELS, *dropout)
        first, second = one.result(), two.result()
    return dict(zip(MODELS, first, strict=True)), dict(zip(MODELS, second[:-3], strict=True)), second[-3:]


@pytest.mark.parametrize("name", MODELS)
def test_two_devices_train_what_one_does(both, name: str):
    one, two = both[0][name], both[1][name]
    assert one["state"] == two["state"] == "finished"
    weights = [key for key in one["arrays"] if key.startswith("weight")]
    assert weights
    for key in weights:
        np.testing.assert_allclose(two["arrays"][key], one["arrays"][key], atol=1e-5)
    # Each step's loss, metrics, gradient norm and learning rate are those of the whole batch.
    rows = [each["arrays"]["rows"] for each in (one, two)]
    np.testing.assert_allclose(np.delete(rows[1], 2, axis=1), np.delete(rows[0], 2, axis=1), atol=1e-5)
    for epoch_of_one, epoch_of_two in zip(one["logs"], two["logs"], strict=True):
        assert epoch_of_two == pytest.approx(epoch_of_one, abs=1e-5)
    assert len(one["logs"]) == 3
    assert "val_loss" in one["logs"][0]
    assert two["evaluate"] == pytest.approx(one["evaluate"], abs=1e-5)
    np.testing.assert_allclose(two["arrays"]["predicted"], one["arrays"]["predicted"], atol=1e-5)


def test_batch_normalization_is_synchronized_while_training_and_saved_as_drawn(both):
    # Statistics of each replica's half alone would be off by 3e-3; see the table above.
    assert both[1]["CNN with batch normalization"]["synchronized"] == [False]


def test_run_with_dropout_on_two_devices_repeats_and_resumes_bit_for_bit(both):
    first, again, resumed = (each["arrays"] for each in both[2])
    for other in (again, resumed):
        for key in first:
            if key == "rows":
                np.testing.assert_array_equal(np.delete(other[key], 2, axis=1), np.delete(first[key], 2, axis=1))
            else:
                np.testing.assert_array_equal(other[key], first[key])
