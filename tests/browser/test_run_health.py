"""A network that trains, seen layer by layer: lines on its nodes, one layer from close by, plots, two runs compared."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from weftwork.compiler.document import Choice, Notebook
from weftwork.compiler.write_notebook import write_notebook
from weftwork.editor.app_state import app_state
from weftwork.runtime.run_directory import RunDirectory, create_run

from ..editor.small_notebook import small_notebook, write_small_notebook

pytestmark = pytest.mark.browser

WAIT_S = 120  # a bound against hanging: TensorFlow loads meanwhile, on two cores
SCREENSHOTS = Path(__file__).parents[1] / "screenshots"

# One process for both runs: to load TensorFlow takes longer than to train them.
TRAIN = (
    "import sys\n"
    "from weftwork.runtime.run_directory import RunDirectory\n"
    "from weftwork.runtime.train_here import train_here\n"
    "for path in sys.argv[1:]:\n"
    "    assert train_here(RunDirectory(path)) == 'finished'\n"
)


def with_rate(notebook: Notebook, rate: float, epochs: int) -> Notebook:
    cells = [
        cell.model_copy(update={"epochs": epochs, "optimizer": Choice(kind="Adam", params={"learning_rate": rate})})
        if cell.kind == "training"
        else cell
        for cell in notebook.cells
    ]
    return Notebook(cells=tuple(cells))


def test_a_network_that_trains_is_seen_layer_by_layer_and_beside_another_run(served, new_page):
    folder = served.folder / "health"
    folder.mkdir()
    write_small_notebook(folder)
    (folder / "leaves.weft").write_text(write_notebook(with_rate(small_notebook(), 0.01, 150)), encoding="utf-8")
    page = new_page()
    page.set_default_timeout(WAIT_S * 1000)
    page.goto(served.address("health/leaves.weft"))
    page.locator('[data-testid="canvas"][data-loaded="true"]').wait_for()
    opened = app_state().open_notebook("health/leaves.weft")

    def new_run(rate: float) -> RunDirectory:
        return create_run(folder, with_rate(small_notebook(), rate, 150), "fit", notebook_name="leaves.weft")

    earlier, later = new_run(0.001), new_run(0.01)
    trainer = subprocess.Popen([sys.executable, "-c", TRAIN, str(earlier.path), str(later.path)])
    opened.runs_changed()
    get = page.get_by_test_id

    # The lines come while it trains; both layers that have weights have one, and no other node.
    get("health:dense_1").wait_for()
    page.locator('[data-testid="run-end"][data-state="finished"]').wait_for()
    assert trainer.wait(WAIT_S) == 0
    lines = page.locator('[data-testid^="health:"]')
    assert sorted(line.get_attribute("data-testid") for line in lines.all()) == ["health:dense_1", "health:dense_2"]
    told = get("health:dense_1").get_attribute("aria-label")
    for quantity in ("gradient norm", "weight norm", "update ratio", "dead units"):
        assert quantity in told
    assert get("health:dense_1").locator("path").get_attribute("d").count("L") >= 2

    # The layer whose node is selected is shown from close by.
    get("layers:fit").click()
    page.locator(".layer-name").first.wait_for()
    get("node:dense_1").click()
    look = page.locator('[data-testid="close-look"][data-step]')
    look.wait_for()
    assert {title.split(":")[0] for title in look.locator(".spread-title").all_inner_texts()} == {
        "Weights",
        "Gradients",
        "Activations",
    }
    assert look.locator("svg rect").count() > 60

    # Another quantity in the panel is another one on the nodes.
    gradient = get("health:dense_2").locator("span").inner_text()
    page.get_by_role("button", name="weight norm").click()
    weight = page.locator("tr[data-key]").last.locator("td.number").nth(1).inner_text()
    assert weight != gradient
    get("health:dense_2").locator("span").get_by_text(weight, exact=True).wait_for()

    # Plots: every point is there, on a logarithmic scale as well, with another quantity beside.
    plot = get("live-plot:fit")
    steps = str(later.info()["step"])
    assert (plot.get_attribute("data-points"), plot.get_attribute("data-step")) == (steps, steps)
    get("log-scale").click()
    page.locator('[data-testid="log-scale"][aria-pressed="true"]').wait_for()
    get("plot:rows_per_second").click()
    page.locator('[data-testid="plot:rows_per_second"][aria-pressed="true"]').wait_for()
    page.get_by_text("Rows per second").nth(1).wait_for()

    # The earlier run beside this one, and what was set differently.
    get(f"compare:{earlier.id}").click()
    table = get("comparison")
    table.wait_for()
    assert "optimizer learning rate" in table.inner_text()
    assert {"0.01", "0.001"} <= set(table.locator("td.number").all_inner_texts())
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / "run-health.png", full_page=True)
