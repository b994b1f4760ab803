"""A run without memory ends with the largest batch that fits, found by trying; the system really refuses it more."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.keras
ROOT = Path(__file__).resolve().parents[2]
ROWS, BATCH = 16_384, 16_384


@pytest.mark.long
def test_run_without_memory_tells_the_batch_that_fits_and_that_batch_trains(tmp_path):
    command = [sys.executable, "-m", "tests.runtime.run_short_of_memory", str(tmp_path), str(ROWS), str(BATCH), "fits"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stderr[-3000:]
    failed, fitting = (json.loads(line) for line in done.stdout.splitlines() if line.startswith("{"))
    assert failed["state"] == "failed"
    fits = failed["fits"]["batch_size"]
    assert failed["fits"]["of"] == BATCH
    # What is made of so many rows alone would take all there is; of far fewer it does not.
    assert 500 < fits < 1_000_000_000 / (4 * 20_000)
    assert failed["message"].startswith("The memory did not suffice")
    assert failed["message"].endswith(f"in batches of {BATCH}. {fits} rows fit: set the batch size to {fits}.")
    assert (fitting["state"], fitting["fits"]) == ("finished", None)


@pytest.mark.parametrize(("limit", "batch", "found"), [(100, 512, 96), (3, 512, 3), (0, 512, 0), (511, 512, 448)])
def test_largest_batch_is_found_by_halves(monkeypatch, limit, batch, found):
    from weftwork.runtime import largest_batch as tried
    from weftwork.runtime.batches import Arrays

    sizes = []

    def can_do(model, arrays, rows):
        sizes.append(rows)
        return rows <= limit

    monkeypatch.setattr(tried, "_can_do", can_do)
    arrays = Arrays(np.zeros((2000, 1)), np.zeros(2000))
    assert tried.largest_batch(None, arrays, batch) == found  # pyright: ignore[reportArgumentType]
    assert len(sizes) <= 10 + 3
