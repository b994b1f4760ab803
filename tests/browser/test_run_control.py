"""A run in the user's hand, in a real browser with the real server, host and trainer: single steps, a learning rate
changed in mid-run, a browser closed and a server killed, a queue, and a fork beside its parent."""

from __future__ import annotations

import importlib.util
import re
import signal
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from weftwork.compiler.document import Choice, DataCell, NetworkCell, Node, Notebook, TrainingCell, Wire
from weftwork.compiler.write_notebook import write_notebook
from weftwork.runtime.run_directory import RunDirectory, list_runs

from .waiting import WAIT_S, until

SCREENSHOTS = Path(__file__).parents[1] / "screenshots"

_spec = importlib.util.spec_from_file_location(
    "running_server", Path(__file__).parents[1] / "editor" / "running_server.py"
)
assert _spec is not None
assert _spec.loader is not None
running_server = importlib.util.module_from_spec(_spec)


@pytest.fixture
def server(tmp_path) -> Iterator[Any]:
    import sys

    sys.modules["running_server"] = running_server
    _spec.loader.exec_module(running_server)
    folder = tmp_path / "work"
    folder.mkdir()
    server = running_server.RunningServer(folder, tmp_path / "state")
    server.start()
    yield server
    for run in list_runs(folder):
        run.stop()
        run.wait()
    _, output = server.stop()
    assert "Traceback" not in output


def write(folder: Path) -> None:
    """A network with dropout on 320 rows, and 2,000 epochs of training: more than any of these tests lets go by."""
    random = np.random.default_rng(0)
    x = random.normal(size=(320, 8)).astype("float32")
    np.savez(folder / "rows.npz", x=x, y=np.digitize(x[:, :3].sum(axis=1), [-1, 1]).astype("int64"))
    nodes = {
        "input_0001": Node(kind="Input", params={"shape": [8]}, label="numbers"),
        "dense_0001": Node(kind="Dense", params={"units": 16, "activation": "relu"}, label="hidden"),
        "dropout_0001": Node(kind="Dropout", params={"rate": 0.3}, label="rest"),
        "dense_0002": Node(kind="Dense", params={"units": 3, "activation": "softmax"}, label="classes"),
        "output_0001": Node(kind="Output", label="answer"),
    }
    ids = list(nodes)
    wires = {
        f"wire_{n:04}": Wire(source=(one, "output"), target=(other, "inputs", 0))
        for n, (one, other) in enumerate(pairwise(ids))
    }
    cells = (
        DataCell(
            id="data_0001",
            name="rows",
            source="npz",
            location="rows.npz",
            types={"y": "category"},
            roles={"x": "feature", "y": "target"},
        ),
        NetworkCell(id="network_0001", name="net", nodes=nodes, wires=wires),
        TrainingCell(
            id="training_0001",
            name="train",
            network="net",
            data="rows",
            batch_size=8,
            epochs=2000,
            optimizer=Choice(kind="Adam", params={"learning_rate": 0.01}),
        ),
    )
    (folder / "hand.weft").write_text(write_notebook(Notebook(cells=cells)), encoding="utf-8")


def open_page(new_page: Callable[..., Any], server: Any) -> Any:
    page = new_page()
    page.set_default_timeout(WAIT_S * 1000)
    page.goto(f"http://127.0.0.1:{server.port}/notebook?file=hand.weft&token={server.token}")
    page.get_by_test_id("cell:train").wait_for()
    return page


def shown_state(page: Any, state: str) -> None:
    page.locator(f".progress.{state}").wait_for()


def step_of(run: RunDirectory) -> int:
    return int(run.metrics()[-1, 0])


def test_run_is_paused_stepped_changed_left_alone_forked_and_compared(server, new_page):
    write(server.folder)
    page = open_page(new_page, server)
    page.get_by_test_id("run:train").click()
    shown_state(page, "running")
    run = list_runs(server.folder)[0]
    page.get_by_test_id("pause:train").click()
    shown_state(page, "paused")
    paused_at = step_of(run)

    # One batch, then the epoch's rest; each time it is paused again.
    page.get_by_test_id("step-batch:train").click()
    until(page, lambda: step_of(run) == paused_at + 1 and run.state() == "paused", "no single step")
    # The page follows a moment later; till then the buttons are those of the pause before, or out of use.
    page.locator(".progress.paused").get_by_text(f"step {paused_at + 1:,} of").wait_for()
    page.get_by_test_id("step-epoch:train").click()
    whole = -(-(paused_at + 2) // 32) * 32 if (paused_at + 1) % 32 else paused_at + 33
    until(page, lambda: step_of(run) == whole and run.state() == "paused", "no single epoch")

    # The learning rate and a rate that is compiled into the graph, in mid-run.
    page.get_by_text("Change while it trains").click()
    rate = page.get_by_test_id("setting:train:live:optimizer:learning_rate")
    assert rate.input_value() == "0.01"
    rate.fill("0.0005")
    page.keyboard.press("Enter")
    answer = page.get_by_test_id("run-answer")
    until(page, lambda: answer.count() and f"learning rate is 0.0005 since step {whole:,}" in answer.inner_text(), "")
    page.get_by_test_id("setting:train:live:rest:rate").fill("0.6")
    page.keyboard.press("Enter")
    assert page.get_by_test_id("setting:train:live:rest:rate").is_visible(), "the settings were folded away"
    until(page, lambda: "rest: rate is 0.6" in answer.inner_text().replace("The ", ""), "no dropout rate")
    page.get_by_test_id("keep:train").click()
    page.get_by_text("Fork from a checkpoint").click()
    select = page.get_by_test_id("setting:the fork of train:fork:step")
    until(page, lambda: f"step {whole:,}, " in select.inner_text() and "kept" in select.inner_text(), "nothing kept")
    SCREENSHOTS.mkdir(exist_ok=True)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.screenshot(path=SCREENSHOTS / f"run-control-{theme}.png", full_page=True)

    # The browser is closed and the server killed; the run never hears of it.
    page.get_by_test_id("pause:train").click()
    shown_state(page, "running")
    page.close()
    server.process.send_signal(signal.SIGKILL)
    server.process.communicate(timeout=WAIT_S)
    before = step_of(run)
    end = time.monotonic() + WAIT_S
    while step_of(run) <= before:
        assert time.monotonic() < end, "the run stood still without its server"
        time.sleep(0.02)
    assert run.state() == "running"
    server.start()
    page = open_page(new_page, server)
    shown_state(page, "running")
    plot = page.get_by_test_id("live-plot:train")
    seen = until(page, lambda: int(plot.get_attribute("data-step") or 0), "no plot")
    until(page, lambda: int(plot.get_attribute("data-step")) > seen, "the plot stands still")

    # A fork waits for its turn, and trains when the first run is stopped.
    page.get_by_text("Fork from a checkpoint").click()
    select = page.get_by_test_id("setting:the fork of train:fork:step")
    until(page, lambda: f"step {whole:,}, kept" in select.inner_text().replace("best, ", ""), "nothing kept")
    select.select_option(str(whole))
    page.get_by_label("Learning rate of the fork of train").fill("0.002")
    page.keyboard.press("Enter")
    page.get_by_test_id("fork:train").click()
    shown_state(page, "queued")
    rows = page.get_by_test_id("runs:train").get_by_role("row")
    until(page, lambda: rows.count() == 3, "no two runs in the list")
    until(page, lambda: "queued, place 1" in rows.nth(1).inner_text(), "no place in the queue")
    assert f"fork at step {whole:,}" in rows.nth(1).inner_text()
    fork = list_runs(server.folder)[0]
    assert fork.info()["parent"] == {"run": run.id, "step": whole}
    run.stop()
    shown_state(page, "running")
    page.get_by_test_id("stop:train").click()
    page.get_by_test_id("run-end").wait_for()
    until(page, lambda: all("stopped" in rows.nth(n).inner_text() for n in (1, 2)), "both are not told as stopped")

    # Fork and parent side by side: drawn in the same figures, with what was set differently.
    page.get_by_test_id(f"compare:{run.id}").click()
    table = page.get_by_test_id("comparison")
    until(page, lambda: "learning rate" in table.inner_text(), "no comparison")
    changed = table.get_by_role("row").filter(has_text="changed optimizer learning rate").inner_text()
    assert f"0.002 from step {whole}" in changed
    assert f"0.0005 from step {whole}" in changed
    page.screenshot(path=SCREENSHOTS / "run-control-fork.png", full_page=True)
    assert re.search(r"accuracy|loss", rows.nth(0).inner_text())

    rates = {each.id: each.metrics()[:, each.columns().index("learning_rate")] for each in (run, fork)}
    np.testing.assert_allclose(rates[run.id][:whole], 0.01, rtol=1e-6)
    np.testing.assert_allclose(rates[run.id][whole:], 0.0005, rtol=1e-6)
    np.testing.assert_allclose(rates[fork.id][whole:], 0.002, rtol=1e-6)
    np.testing.assert_array_equal(run.metrics()[:whole], fork.metrics()[:whole])
