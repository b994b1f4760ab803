"""The table of agreement: every gallery notebook by TensorFlow and by JAX, from equal weights."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from weftwork.compiler.backends_here import INSTALL_JAX, has_jax
from weftwork.gallery.cards import cards

pytestmark = [
    pytest.mark.keras,
    pytest.mark.long,
    pytest.mark.skipif(not has_jax(), reason=f"JAX is not installed: {INSTALL_JAX}"),
]
ROOT = Path(__file__).resolve().parents[2]
BACKENDS = ("tensorflow", "jax")
PATIENCE_S = 500


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """By backend the folder with what it answered; TensorFlow makes the weights, JAX begins with them."""
    folder = tmp_path_factory.mktemp("backends")
    for backend in BACKENDS:
        command = [sys.executable, "-m", "tests.gallery.answers_by_backend"]
        places = [folder / f"notebooks-{backend}", folder / "weights", folder / backend]
        environment = {**os.environ, "KERAS_BACKEND": backend}
        done = subprocess.run(
            [*command, *map(str, places)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
        assert done.returncode == 0, done.stderr[-3000:]
    return {backend: folder / backend for backend in BACKENDS}


@pytest.mark.parametrize("name", [card.name for card in cards()])
def test_backends_agree_on_shapes_parameters_and_predictions(answers, name):
    one, other = (json.loads((answers[backend] / f"{name}.json").read_text()) for backend in BACKENDS)
    assert (one.pop("backend"), other.pop("backend")) == BACKENDS
    assert one == other
    assert one["nodes"]
    with np.load(answers["tensorflow"] / f"{name}.npz") as first, np.load(answers["jax"] / f"{name}.npz") as second:
        assert first.files == second.files
        assert first.files
        for key in first.files:
            assert np.ptp(first[key]) > 0
            np.testing.assert_allclose(second[key], first[key], rtol=0, atol=1e-5)
