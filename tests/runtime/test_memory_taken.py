"""The estimate of a run's memory against what it takes: its peak without that of a run that trains next to nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.keras, pytest.mark.long]
ROOT = Path(__file__).resolve().parents[2]
# What is most of each: weights, or what is kept of the rows of a batch.
CASES = {"weights": 32, "pictures": 256, "normalized": 512, "recurrent": 512, "gated": 512}


def taken(folder: Path, name: str, batch_size: int) -> dict[str, int]:
    command = [sys.executable, "-m", "tests.runtime.memory_taken", str(folder / name), name, str(batch_size)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def of_nothing(tmp_path_factory: pytest.TempPathFactory) -> int:
    return taken(tmp_path_factory.mktemp("nothing"), "nothing", 32)["peak"]


@pytest.mark.parametrize("name", CASES)
def test_estimate_is_near_what_a_run_takes(tmp_path, of_nothing, name):
    found = taken(tmp_path, name, CASES[name])
    # More than is taken where TensorFlow computes in place (ReLU, dropout, batch normalization), which shapes do not
    # tell; less by what the allocator does not give back between steps and what steps on two cores hold at once.
    assert 0.5 < (found["peak"] - of_nothing) / found["estimate"] < 1.35
    # Large enough that neither side is the noise of the program itself, some 10 MB.
    assert found["estimate"] > 100_000_000
