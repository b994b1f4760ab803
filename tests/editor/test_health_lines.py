"""The small line on a node: one scale for all nodes, one number, words for the hover."""

import math

import numpy as np
import pytest

from weftwork.compiler.document import NetworkCell, Notebook, TrainingCell
from weftwork.editor.cells.health_follower import HealthFollower, nodes_of
from weftwork.editor.cells.health_lines import joined, node_lines, scale, value_text
from weftwork.editor.cells.layers_html import panel_html
from weftwork.runtime.health.diagnose import Trouble
from weftwork.runtime.health.health_file import Health, LayerSeries, columns_of
from weftwork.runtime.metrics_file import MetricsWriter
from weftwork.runtime.run_directory import create_run
from weftwork.runtime.run_record import RunRecord

from .small_notebook import NODES, chain


def layer(name: str, gradient: float, dead: float = math.nan, looks: int = 3) -> LayerSeries:
    one = np.ones(looks)
    return LayerSeries(name, name, gradient * one, 2 * one, 0.02 * one, dead * one)


def test_lines_of_all_nodes_stand_on_one_logarithmic_scale():
    health = Health(np.arange(3.0), [layer("low", 1e-3), layer("middle", 1e-1), layer("high", 10.0)])
    lines = node_lines(health, {"low": ("a",), "middle": ("b",), "high": ("c",)}, "gradient")
    assert {node: line["points"] for node, line in lines.items()} == {"a": [0] * 3, "b": [0.5] * 3, "c": [1] * 3}
    assert [line["number"] for line in lines.values()] == ["0.001", "0.1", "10"]


def test_the_scale_is_in_whole_decades_and_at_least_two_so_that_it_does_not_tremble():
    place = scale([np.array([0.4, 0.5, np.nan])])
    assert place(0.1) == 0
    assert place(1.0) == 0.5
    assert (place(math.nan), place(0.0)) == (None, 0.0)


def test_dead_units_are_shares_on_a_plain_scale():
    health = Health(np.arange(3.0), [layer("relu", math.nan, dead=0.25), layer("plain", 1.0)])
    lines = node_lines(health, {"relu": ("a",), "plain": ("b",)}, "dead")
    assert lines["a"]["points"] == [0.25] * 3
    assert lines["a"]["number"] == "25 %"
    assert "b" not in lines


def test_what_is_wrong_stands_on_the_node_that_has_it_worst():
    health = Health(np.arange(3.0), [layer("one", 1.0), layer("two", 1.0)])
    trouble = Trouble("dead", ("two", "one"), "80% of the units of two are dead.", "")
    lines = node_lines(health, {"one": ("a",), "two": ("b",)}, "gradient", [trouble])
    assert (lines["a"]["trouble"], lines["b"]["trouble"]) == ("", trouble.words)


def test_the_hover_tells_everything_seen_of_a_layer():
    health = Health(np.arange(3.0), [layer("one", 0.5, dead=0.1)])
    title = node_lines(health, {"one": ("a",)}, "ratio")["a"]["title"]
    assert title.splitlines()[1:] == ["gradient norm: 0.5", "weight norm: 2", "update ratio: 0.01", "dead units: 10 %"]


def test_layers_inside_a_node_that_stands_for_a_network_count_together_and_each_where_it_is_entered():
    health = Health(np.arange(3.0), [layer("block_a", 3.0, dead=0.2), layer("block_b", 4.0, dead=0.4)])
    seen = {one.node: one for one in joined(health, {"block_a": ("block/a",), "block_b": ("block:2/in/b",)})}
    assert list(seen) == ["block", "block/a", "block:2/in", "block:2/in/b"]
    np.testing.assert_allclose(seen["block"].gradient, 5.0)
    np.testing.assert_allclose(seen["block"].dead, 0.3)
    assert seen["block"].name == "2 layers together"
    np.testing.assert_allclose(seen["block/a"].gradient, 3.0)
    for inner in ("block:2/in", "block:2/in/b"):
        np.testing.assert_allclose(seen[inner].gradient, 4.0)


def test_a_layer_that_several_nodes_use_is_seen_on_each_and_counts_once_around_them():
    health = Health(np.arange(3.0), [layer("block_a", 3.0)])
    nodes = {"block_a": ("block/a", "block:2/a", "twin")}
    seen = {one.node: one.gradient[0] for one in joined(health, nodes)}
    assert seen == dict.fromkeys(("block", "block/a", "block:2/a", "twin"), 3.0)
    trouble = Trouble("dead", ("block_a",), "All of it is dead.", "")
    assert {line["trouble"] for line in node_lines(health, nodes, "gradient", [trouble]).values()} == {trouble.words}


@pytest.mark.parametrize(
    ("quantity", "value", "text"),
    [
        ("gradient", 0.0312, "0.031"),
        ("gradient", 2.44e-5, "2.4e-5"),
        ("gradient", 12345.0, "1.2e4"),
        ("weight", 1234.0, "1,234"),
        ("dead", 0.125, "12 %"),
        ("ratio", math.nan, "–"),
        ("gradient", 0.0, "0"),
    ],
)
def test_numbers_are_short(quantity, value, text):
    assert value_text(quantity, value) == text


@pytest.fixture
def run(tmp_path):
    network = NetworkCell(id="net", name="classifier", nodes=NODES, wires=chain(*NODES))
    training = TrainingCell(id="fit", name="fit", network="classifier")
    return create_run(tmp_path, Notebook(cells=(network, training)), "fit", notebook_name="a.weft")


def write(run, rates: list[float], ratio: float) -> None:
    """Looks at every step of one layer, and the learning rate of each step."""
    record = RunRecord(run)
    record.begin(on_stop=lambda: None)
    record.open_metrics(["step", "epoch", "seconds", "loss", "learning_rate"], 0)
    steps = np.arange(1, len(rates) + 1)
    record.rows(np.column_stack([steps, steps * 0 + 1, steps, steps, rates]))
    columns = columns_of(["dense_1"])
    record.update(health={"columns": columns, "cost": 0.012})
    file = MetricsWriter(run.path / "health.bin", len(columns))
    file.append(
        np.column_stack([steps, steps, steps, steps * 0 + 0.5, steps * 0 + 2.0, steps * 0 + 2 * ratio, steps * 0.0])
    )
    file.close()
    record.end("stopped")


def test_follower_reads_looks_and_their_cost_and_maps_layers_to_nodes(run):
    assert set(nodes_of(run, "classifier").values()) == {("dense_1",), ("dense_2",)}
    follower = HealthFollower(run)
    assert not follower.look(now=True)
    write(run, [0.01] * 8, ratio=0.01)
    assert follower.look(now=True)
    assert not follower.look(now=True)
    assert (len(follower.health), follower.cost, follower.troubles) == (8, 0.012, [])


def test_still_weights_are_told_unless_a_schedule_has_brought_the_rate_to_its_end(run, tmp_path):
    write(run, [0.01] * 8, ratio=1e-7)
    follower = HealthFollower(run)
    follower.look(now=True)
    assert [trouble.code for trouble in follower.troubles] == ["still"]
    other = create_run(tmp_path / "other", run.notebook(), "fit", notebook_name="a.weft")
    write(other, [0.01, 0.005, 0.001, 0.0005, 1e-4, 1e-4, 1e-4, 1e-4], ratio=1e-7)
    follower = HealthFollower(other)
    follower.look(now=True)
    assert follower.troubles == []


def test_run_that_gave_up_looking_says_why_and_that_it_goes_on(tmp_path):
    notebook = Notebook(cells=(TrainingCell(id="training_1", name="fit"),))
    run = create_run(tmp_path, notebook, "fit", notebook_name="a.weft")
    follower = HealthFollower(run)
    assert not follower.look(now=True)
    RunRecord(run).update(health={"off": "Layers are no longer looked at in this run: ValueError: odd layer"})
    assert follower.look(now=True)
    assert not follower.look(now=True)
    html = panel_html(
        follower.health,
        [],
        cell="fit",
        is_on=True,
        quantity="gradient",
        cost=0.0,
        is_open=False,
        layer="",
        look=None,
        off=follower.off,
    )
    assert 'data-testid="looks-off:fit"' in html
    assert "no longer looked at in this run: ValueError: odd layer" in html
    assert "The training goes on." in html
    assert "nothing wrong" not in html
