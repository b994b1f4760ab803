"""Readers come, hang and die; the trainer never hears of it."""

import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from weftwork.runtime.run_directory import ENDED

from .small_notebooks import notebook
from .test_resume import assert_same

pytestmark = pytest.mark.keras

# Reads all there is as fast as it can, and holds every file open.
READER = """
import sys
from pathlib import Path
from weftwork.runtime.run_directory import RunDirectory
run = RunDirectory(sys.argv[1])
held = [open(run.path / name, "rb") for name in ("run.json", "events.jsonl", "control", "notebook.weft")]
print("reads", flush=True)
while True:
    run.info(), run.metrics(), run.events()
"""


def test_death_and_standstill_of_readers_neither_stop_nor_change_training(host, new_run, tmp_path):
    book = notebook(tmp_path, epochs=60)
    alone, watched = new_run(book), new_run(book)
    watched.pause()
    host.start_run(watched)
    assert watched.wait(("paused", *ENDED), timeout=120) == "paused"
    dying, standing = (
        subprocess.Popen([sys.executable, "-c", READER, watched.path], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    )
    try:
        assert dying.stdout.readline() == standing.stdout.readline() == "reads\n"
        watched.resume()
        while len(watched.metrics()) < 40:
            time.sleep(0.001)
        # One stands still with its files open, as a laptop's lid closes; the other is gone.
        standing.send_signal(signal.SIGSTOP)
        dying.kill()
        dying.wait()
        assert watched.wait() == "finished", watched.message()
        assert standing.poll() is None
    finally:
        for reader in (dying, standing):
            reader.kill()
            reader.communicate()
    host.start_run(alone)
    assert alone.wait() == "finished"
    assert_same(alone, watched)
    np.testing.assert_array_equal(watched.metrics()[:, 0], np.arange(1, 60 * 32 + 1))
