"""A network that trains, seen layer by layer: lines on its nodes and inside of networks, one layer from close by, words
when something is wrong, and the switch for all of it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from weftwork.compiler.document import Choice, DataCell, NetworkCell, Node, Notebook, Position, TrainingCell, Wire
from weftwork.compiler.write_notebook import write_notebook
from weftwork.editor.app_state import app_state
from weftwork.runtime.run_directory import RunDirectory, create_run

from .waiting import WAIT_S, until

pytestmark = pytest.mark.long

SCREENSHOTS = Path(__file__).parents[1] / "screenshots"

# One process for all runs: to load TensorFlow takes longer than to train them.
TRAIN = (
    "import sys\n"
    "from weftwork.runtime.run_directory import RunDirectory\n"
    "from weftwork.runtime.train_here import train_here\n"
    "for line in sys.stdin:\n"
    "    train_here(RunDirectory(line.strip()))\n"
)


def network(id_: str, name: str, nodes: dict[str, Node], *ends: tuple[str, str, str]) -> NetworkCell:
    """Nodes near to each other, so that all are seen in full; a wire for each source, target and port of the target."""
    wires = {
        f"wire_{id_}{number}": Wire(source=(source, port), target=(target, into, 0))
        for number, (source, target, into) in enumerate(ends)
        for port in ["x" if nodes[source].kind.startswith("network:") else "output"]
    }
    layout = {node: Position(280 * (place % 4), 180 * (place // 4)) for place, node in enumerate(nodes)}
    return NetworkCell(id=id_, name=name, nodes=nodes, wires=wires, layout=layout)


def write(folder: Path) -> None:
    """Small pictures of two kinds, told apart by a convolution, a block of one that is repeated, and attention."""
    random = np.random.default_rng(0)
    y = random.integers(0, 2, 160)
    x = random.normal(size=(160, 8, 8, 1)) + y[:, None, None, None] * np.linspace(-1, 1, 8)[:, None]
    np.savez(folder / "pictures.npz", x=x.astype("float32"), y=y)
    block = {
        "input_000b": Node(kind="Input", params={"shape": [8, 8, 4]}, label="x"),
        "conv2d_000b": Node(
            kind="Conv2D", params={"filters": 4, "kernel_size": 3, "padding": "same", "activation": "relu"}
        ),
        "output_000b": Node(kind="Output", label="x"),
    }
    main = {
        "input_000a": Node(kind="Input", params={"shape": [8, 8, 1]}, label="picture"),
        "conv2d_000a": Node(kind="Conv2D", params={"filters": 4, "kernel_size": 3, "padding": "same"}, label="strokes"),
        "block_000a": Node(kind="network:Block", label="body", repeat=2),
        "reshape_000a": Node(kind="Reshape", params={"target_shape": [64, 4]}),
        "attention_000a": Node(kind="MultiHeadAttention", params={"num_heads": 2, "key_dim": 2}, label="attention"),
        "flatten_000a": Node(kind="Flatten"),
        "dense_000a": Node(kind="Dense", params={"units": 2, "activation": "softmax"}, label="classes"),
        "output_000a": Node(kind="Output", label="kind"),
    }
    cells = (
        DataCell(
            id="data",
            name="pictures",
            source="npz",
            location="pictures.npz",
            types={"y": "category"},
            roles={"x": "feature", "y": "target"},
        ),
        network(
            "main",
            "Main",
            main,
            ("input_000a", "conv2d_000a", "inputs"),
            ("conv2d_000a", "block_000a", "x"),
            ("block_000a", "reshape_000a", "inputs"),
            ("reshape_000a", "attention_000a", "query"),
            ("reshape_000a", "attention_000a", "value"),
            ("attention_000a", "flatten_000a", "inputs"),
            ("flatten_000a", "dense_000a", "inputs"),
            ("dense_000a", "output_000a", "inputs"),
        ),
        network(
            "block",
            "Block",
            block,
            ("input_000b", "conv2d_000b", "inputs"),
            ("conv2d_000b", "output_000b", "inputs"),
        ),
        with_rate(TrainingCell(id="fit", name="fit", network="Main", data="pictures", epochs=5000, batch_size=8), 0.01),
    )
    (folder / "layers.weft").write_text(write_notebook(Notebook(cells=cells)), encoding="utf-8")


def with_rate(cell: TrainingCell, rate: float) -> TrainingCell:
    return cell.model_copy(update={"optimizer": Choice(kind="Adam", params={"learning_rate": rate})})


@pytest.fixture
def train() -> Iterator[Callable[[RunDirectory], None]]:
    """Has a run trained after those before it."""
    runs = []
    with subprocess.Popen([sys.executable, "-c", TRAIN], stdin=subprocess.PIPE, text=True) as process:

        def train(run: RunDirectory) -> None:
            runs.append(run)
            print(run.path, file=process.stdin, flush=True)

        yield train
        for run in runs:
            run.stop()
    assert process.returncode == 0


def test_layers_are_seen_while_they_train(served, new_page, train):
    folder = served.folder / "health"
    folder.mkdir()
    write(folder)
    page = new_page()
    page.set_default_timeout(WAIT_S * 1000)
    expect.set_options(timeout=WAIT_S * 1000)
    page.goto(served.address("health/layers.weft"))
    page.locator('[data-testid="canvas"][data-loaded="true"]').first.wait_for()
    opened = app_state().open_notebook("health/layers.weft")
    main, get = page.get_by_test_id("cell:Main"), page.get_by_test_id

    def new_run(rate: float | None = None) -> RunDirectory:
        cells = [with_rate(cell, rate) if rate and cell.name == "fit" else cell for cell in opened.notebook.cells]
        run = create_run(folder, Notebook(cells=tuple(cells)), "fit", notebook_name="layers.weft")
        train(run)
        opened.runs_changed()
        return run

    def lines() -> set[str]:
        found = main.locator('[data-testid^="health:"]').evaluate_all("all => all.map(e => e.dataset.testid)")
        return {name.removeprefix("health:") for name in found}

    # Every node whose layers have weights has a line, while it trains.
    run = new_run()
    until(page, lambda: lines() == {"conv2d_000a", "block_000a", "attention_000a", "dense_000a"}, "no lines")
    assert run.state() == "running"
    told = get("health:conv2d_000a").get_attribute("aria-label")
    for quantity in ("gradient norm", "weight norm", "update ratio"):
        assert quantity in told
    expect(get("health:block_000a")).to_have_attribute(
        "aria-label", re.compile("^2 layers together .*dead units", re.S)
    )
    path = get("health:conv2d_000a").locator("path")
    until(page, lambda: path.get_attribute("d").count("L") >= 3, "the line does not grow")
    assert run.state() == "running"

    # What it costs stands at its switch.
    expect(page.get_by_text("% of the time")).to_be_visible()

    # The layer whose node is selected is shown from close by, with its filters or where it attends.
    get("layers:fit").click()
    page.locator(".layer-name").first.wait_for()
    look = page.locator('[data-testid="close-look"][data-step]')

    def selected(node: str, layer: str) -> None:
        main.get_by_test_id(f"node:{node}").click(position={"x": 20, "y": 14})
        page.locator(f'[data-testid="close-look"][data-layer="{layer}"][data-step]').wait_for()
        titles = {title.split(":")[0] for title in look.locator(".spread figcaption.spread-title").all_inner_texts()}
        assert titles == {"Weights", "Gradients", "Activations"}

    selected("conv2d_000a", "strokes")
    expect(look.get_by_role("img", name="Filters")).to_have_count(4)
    selected("attention_000a", "attention")
    heads = look.get_by_role("img", name="Attention")
    expect(heads).to_have_count(2)
    assert heads.first.evaluate("image => image.decode().then(() => [image.naturalWidth, image.naturalHeight])") == [
        64,
        64,
    ]
    SCREENSHOTS.mkdir(exist_ok=True)
    # Every column of the table is seen, on a laptop and in a small window.
    table = page.locator(".layers-open .table-scroll")
    for width, height in ((1024, 700), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        until(page, lambda: table.evaluate("table => table.scrollWidth <= table.clientWidth"), "columns are cut off")
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.screenshot(path=SCREENSHOTS / f"layer-health-{width}-{theme}.png", full_page=True)

    # Another quantity in the panel is another one on the nodes.
    page.get_by_role("button", name="weight norm", exact=True).click()
    number = page.locator('tr[data-key="classes"] td.number').nth(1)
    until(page, lambda: get("health:dense_000a").locator("span").inner_text() == number.inner_text(), "no weight norm")

    # Inside of a network that is entered its own layers are seen, of the repetition that is shown.
    main.get_by_test_id("node:block_000a").dblclick(position={"x": 20, "y": 14})
    main.get_by_role("button", name="Next repetition").click()
    until(page, lambda: lines() == {"conv2d_000b"}, "no line inside")
    told = main.get_by_test_id("health:conv2d_000b")
    expect(told).to_have_attribute("aria-label", re.compile("^body_2_conv2d at the last look"))
    selected("conv2d_000b", "body_2_conv2d")
    run.stop()
    page.locator('[data-testid="run-end"][data-state="stopped"]').wait_for()

    # Words when something is wrong, in the panel and on the node.
    run = new_run(rate=1e-9)
    get("trouble:still").wait_for()
    assert "hardly move" in get("trouble:still").inner_text()
    main.get_by_test_id("trail").get_by_role("button", name="Main", exact=True).click()
    until(page, lambda: main.locator(".node-health.trouble").count() > 0, "no words on a node")
    assert "hardly move" in main.locator(".node-health.trouble").first.get_attribute("aria-label")
    page.screenshot(path=SCREENSHOTS / "layer-health-words.png", full_page=True)
    run.stop()
    page.locator('[data-testid="run-end"][data-state="stopped"]').wait_for()

    # Switched off, the next run looks at nothing.
    page.get_by_label("Look at layers in the next run").uncheck()
    until(page, lambda: opened.notebook.cell("fit").options.get("health") is False, "it was not switched off")
    run = new_run()
    until(page, lambda: run.state() == "running", "the last run does not begin")
    expect(page.get_by_text("not looked at in this run")).to_be_visible()
    assert lines() == set()
    run.stop()
    page.locator('[data-testid="run-end"][data-state="stopped"]').wait_for()
    assert not (run.path / "health.bin").exists()
