"""The short proof of what test_mirrored.py shows at length: two devices learn what one does, each drops other units."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.keras, pytest.mark.long]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict:
    folder = tmp_path_factory.mktemp("replicas")
    command = [sys.executable, "-m", "tests.runtime.replicas_at_once", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_two_devices_learn_what_one_does(found):
    apart = found["apart"]
    assert apart.pop("epochs") == 3
    assert {name: value for name, value in apart.items() if value > 1e-5} == {}


def test_each_replica_leaves_out_other_units_the_first_those_of_a_single_device(found):
    masks = found["masks"]
    first, second = masks["two"]
    assert first != second
    assert [first] == masks["one"]
    assert masks["again"] == masks["two"]
