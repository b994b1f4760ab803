"""A million steps of a tiny network with the editor open: memory of trainer, server and browser page.

Compared are the first fifth, when everything is loaded and the plot has its full number of points, and the end.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

from weftwork.compiler.document import DataCell, NetworkCell, Node, Notebook, Source, Split, Target, TrainingCell, Wire
from weftwork.compiler.write_notebook import write_notebook
from weftwork.runtime.run_directory import ENDED, RunDirectory, list_runs

from .figures import Figure
from .open_editor import open_editor
from .report import report

ROWS, BATCH = 100_000, 2
STEPS_A_ROUND = 200_000
_MB = 2**20
_SPLIT = Split(validation=0.02)


def main(rounds: int = 5) -> None:
    steps = rounds * STEPS_A_ROUND
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Half as long again: the run must still be there to be measured.
        _write(folder, 2 + int(1.5 * steps * BATCH / (ROWS * (1 - _SPLIT.validation))))
        with open_editor(folder, "tiny.weft") as (page, server):
            page.get_by_test_id("run:fit").click()
            page.locator('[data-testid="live-plot:fit"][data-step]').first.wait_for(state="attached")
            run = list_runs(folder)[0]
            inspector = page.context.new_cdp_session(page)
            _wait_for_step(run, page, steps // 5)
            early = _memory(run, server, inspector)
            began, step = time.monotonic(), run.info()["step"]
            _wait_for_step(run, page, steps)
            late = _memory(run, server, inspector)
            rate = (run.info()["step"] - step) / (time.monotonic() - began)
            run.stop()
            run.wait(ENDED)
    for who in early:
        grown = late[who] - early[who]
        what = f"memory of the {who} over {steps:,} steps ({rate:,.0f} a second)"
        report(Figure(what, f"{early[who]:.0f} MB, then {grown:+.1f} MB", "", "flat"))


def _write(folder: Path, epochs: int) -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=(ROWS, 4)).astype("float32")
    np.savez(folder / "rows.npz", x=x, y=x.sum(axis=1))
    nodes = {
        "input": Node(kind="Input", params={"shape": [4]}),
        "dense": Node(kind="Dense", params={"units": 1}),
        "output": Node(kind="Output"),
    }
    wires = {
        "first": Wire(source=Source("input"), target=Target("dense")),
        "last": Wire(source=Source("dense"), target=Target("output")),
    }
    cells = (
        DataCell(id="data", name="rows", source="npz", location="rows.npz", types={"y": "number"}, split=_SPLIT),
        NetworkCell(id="network", name="net", nodes=nodes, wires=wires),
        TrainingCell(id="training", name="fit", network="net", data="rows", epochs=epochs, batch_size=BATCH),
    )
    (folder / "tiny.weft").write_text(write_notebook(Notebook(cells=cells)), encoding="utf-8")


def _wait_for_step(run: RunDirectory, page, step: int) -> None:
    while int(run.info().get("step") or 0) < step:
        if run.state() in (*ENDED, "lost"):
            sys.exit(f"the run is {run.state()}: {run.message()}")
        page.wait_for_timeout(250)


def _memory(run: RunDirectory, server: int, inspector) -> dict[str, float]:
    """In MB: what is its own of each process, and what the page's scripts hold after a collection."""
    inspector.send("HeapProfiler.collectGarbage")
    heap = inspector.send("Runtime.getHeapUsage")["usedSize"]
    return {
        "trainer": psutil.Process(run.info()["pid"]).memory_full_info().uss / _MB,
        "server": psutil.Process(server).memory_full_info().uss / _MB,
        "browser page": heap / _MB,
    }
