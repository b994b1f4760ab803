"""A user's day, with the real command, the real host and a real run: from the gallery's card to an exported script."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from weftwork.compiler.document_file import read_notebook_file
from weftwork.runtime.run_directory import RunDirectory, list_runs

from .mouse import drag, middle
from .waiting import WAIT_S, until

SCREENSHOTS = Path(__file__).parents[1] / "screenshots"


def test_a_users_day(start_command, new_page):
    weftwork = start_command()
    folder = weftwork.folder
    page = new_page()
    page.set_default_timeout(WAIT_S * 1000)
    get = page.get_by_test_id

    # The gallery; the card opens as a copy in her folder.
    page.goto(weftwork.address)
    get("gallery-card:digits").click()
    page.locator('[data-testid="canvas"][data-loaded="true"]').wait_for()
    path = folder / "digits.weft"

    def saved() -> Any:
        return read_notebook_file(path)[0].networks()[0]

    start = saved()
    by_label = {node.label or node.kind: id_ for id_, node in start.nodes.items()}
    flatten = next(id_ for id_, node in start.nodes.items() if node.kind == "Flatten")
    digit = next(id_ for id_, node in start.nodes.items() if node.kind == "Dense")
    assert by_label

    # A layer from the palette, with the mouse, between the flattened picture and what follows it.
    get("canvas").scroll_into_view_if_needed()
    page.get_by_role("searchbox", name="Find a layer").fill("LayerNormalization")
    item = page.get_by_role("button", name="Add LayerNormalization", exact=True).bounding_box()
    pane = page.locator(".react-flow__pane").bounding_box()
    drag(
        page,
        (item["x"] + 40, item["y"] + item["height"] / 2),
        (pane["x"] + pane["width"] * 0.45, pane["y"] + pane["height"] * 0.92),
    )
    added = page.locator('[data-testid^="node:layernormalization"]')
    added.wait_for()
    new = added.get_attribute("data-testid").removeprefix("node:")
    follower = next(wire.target.node for wire in start.wires.values() if wire.source.node == flatten)
    drag(page, middle(get(f"port:{flatten}:out:output")), middle(get(f"port:{new}:in:inputs")))
    drag(page, middle(get(f"port:{new}:out:output")), middle(get(f"port:{follower}:in:inputs")))

    def feeding(node: str) -> list[str]:
        return [wire.source.node for wire in saved().wires.values() if wire.target.node == node]

    until(page, lambda: feeding(follower) == [new] and feeding(new) == [flatten], "the wires were not saved")

    # Taken back and brought again.
    get("undo").click()
    until(page, lambda: feeding(follower) == [flatten], "undo did not arrive")
    get("redo").click()
    until(page, lambda: feeding(follower) == [new], "redo did not arrive")

    # A mistake: too few outputs for ten classes. The problem says so, and its fix mends it.
    get(f"node:{digit}").click()
    units = get("inspector").get_by_label(re.compile("^units"))
    units.fill("7")
    units.press("Enter")
    problem = get("problems").locator('[data-testid^="problem:"]').first
    problem.wait_for()
    assert "10" in problem.inner_text()
    problem.get_by_role("button", name=re.compile("units.* 10")).click()
    until(page, lambda: saved().nodes[digit].params["units"] == 10, "the fix did not arrive")
    until(page, lambda: get("problems").locator('[data-testid^="problem:"]').count() == 0, "the problem stayed")

    # Run: points arrive while the run is going.
    get("run:Training").click()
    plot = get("live-plot:Training")

    def points() -> int:
        return int(plot.get_attribute("data-points") or 0)

    until(page, points, "no point on the plot")
    run = list_runs(folder)[0]
    assert run.state() in ("running", "paused")
    seen = points()
    until(page, lambda: points() > seen and run.state() == "running", "the plot stands still while the run goes on")
    plot.scroll_into_view_if_needed()
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / "a_users_day_training.png")

    # Pause, resume, stop.
    get("pause:Training").click()
    until(page, lambda: run.state() == "paused", "the run was not paused")
    steps = len(run.metrics())
    page.wait_for_timeout(300)
    assert len(run.metrics()) == steps
    # The button takes the run up again once the page has seen that it is paused.
    get("pause:Training").filter(has_text="Resume").click()
    until(page, lambda: len(run.metrics()) > steps, "the run did not go on")
    until(page, run.epochs, "no epoch was completed")
    get("stop:Training").click()
    until(page, lambda: run.state() == "stopped", "the run was not stopped")
    assert run.model_path.is_file()

    # The confusion matrix of the run.
    evaluation = get("cell:Evaluation")
    evaluation.scroll_into_view_if_needed()
    evaluation.get_by_test_id("confusion").wait_for()
    page.screenshot(path=SCREENSHOTS / "a_users_day_evaluation.png")

    # The script, run elsewhere.
    get("export:python").click()
    get("exported:python").wait_for()
    check_script(folder / "exports" / "digits.py", run)


def check_script(script: Path, run: RunDirectory) -> None:
    """Run in a clean process, the script builds the run's network; with its weights it predicts the same."""
    rows = np.random.default_rng(0).random((32, 28, 28, 1), dtype=np.float32)
    np.save(script.with_name("rows.npy"), rows)
    code = (
        "import sys, keras, numpy as np, digits\n"
        f"trained = keras.models.load_model({str(run.model_path)!r})\n"
        "model = digits.build_model()\n"
        "model.set_weights(trained.get_weights())\n"
        "rows = np.load('rows.npy')\n"
        "difference = np.abs(model.predict(rows, verbose=0) - trained.predict(rows, verbose=0)).max()\n"
        "knows = any(name.split('.')[0] == 'weftwork' for name in sys.modules)\n"
        "print(model.count_params(), trained.count_params(), difference, knows)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=script.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    built, trained, difference, knows = done.stdout.split()
    assert built == trained
    assert float(difference) <= 1e-6
    assert knows == "False"
