"""Overfitting, throughput, choice of plots, logarithmic scale, zoom, and the curves of earlier runs."""

import numpy as np
import pytest

from weftwork.compiler.document import Notebook, TrainingCell
from weftwork.editor.cells.comparison import compare_choice, differences, setting_name
from weftwork.editor.cells.machine_use import MachineUse, device_words, memory_text
from weftwork.editor.plots.compared import Compared
from weftwork.editor.plots.live_plot import LivePlot
from weftwork.editor.plots.overfitting import best_epoch
from weftwork.editor.plots.quantities import Throughput, selectable, titles
from weftwork.runtime.run_directory import create_run
from weftwork.runtime.run_record import RunRecord

COLUMNS = ["step", "epoch", "seconds", "loss", "accuracy", "gradient_norm", "learning_rate", "finite"]


def rows(last: int) -> np.ndarray:
    step = np.arange(1, last + 1, dtype=float)
    return np.column_stack([step, step * 0 + 1, step / 10, 1 / step, 1 - 1 / step, step, step * 0 + 0.01, step * 0 + 1])


def epochs(losses: list[float], validation: list[float]) -> list[dict]:
    return [
        {"epoch": n, "step": 10 * n, "metrics": {"loss": loss, "val_loss": val}}
        for n, (loss, val) in enumerate(zip(losses, validation, strict=True), 1)
    ]


def test_overfitting_is_where_validation_turns_while_the_loss_still_falls():
    best = best_epoch(epochs([3, 2, 1, 0.5, 0.2, 0.1], [3.0, 2.5, 2.0, 2.2, 2.4, 2.6]))
    assert (best.epoch, best.step, best.loss, best.now, best.overfits) == (3, 30, 2.0, 2.6, True)
    assert best.words.startswith("Overfits since epoch 3: validation loss was 2 there and is 2.6 now")


def test_noise_of_validation_is_not_called_overfitting():
    """Trainings that have come to rest, whose validation only jumps about: few of them are told of in any epoch."""
    random = np.random.default_rng(0)
    way = 2 * np.exp(-np.arange(40) / 4) + 0.5
    fires = 0
    for _ in range(50):
        told = epochs(list(way), list(way + 0.02 * random.normal(size=40)))
        fires += any(best_epoch(told[:count]).overfits for count in range(1, 41))
    assert fires <= 2


def test_turn_within_noise_is_told_within_a_few_epochs():
    random = np.random.default_rng(1)
    epoch = np.arange(30)
    validation = 0.5 + np.exp(-epoch / 2) + 0.03 * np.maximum(0, epoch - 8) + 0.01 * random.normal(size=30)
    told = epochs(list(np.exp(-epoch / 4)), list(validation))
    first = next(count for count in range(1, 31) if best_epoch(told[:count]).overfits)
    assert 9 < first <= 16
    assert abs(best_epoch(told).epoch - 9) <= 2


@pytest.mark.parametrize(
    ("losses", "validation"),
    [
        ([3, 2, 1], [3.0, 2.0, 1.0]),
        ([3, 2, 1], [3.0, 2.0, 2.4]),
        ([3, 2, 1, 0.9, 0.8], [3.0, 2.0, 1.0, 1.01, 1.01]),
        ([3, 2, 1, 1.5, 2, 2.5], [3.0, 2.0, 1.0, 2.0, 3.0, 4.0]),
        ([3, 2, 1, 0.9, 0.8, 0.7], [2.0, 1e-3, 1e-4, 1.1e-4, 1.2e-4, 1.3e-4]),
        ([3, 2, 1], [1.0, 1.1, 1.2]),
    ],
    ids=["still better", "one bad epoch", "no worse", "training is worse too", "hardly any of the way", "too early"],
)
def test_nothing_else_is_called_overfitting(losses, validation):
    best = best_epoch(epochs(losses, validation))
    assert not best.overfits
    assert best.words.startswith("Best epoch so far")


def test_without_validation_there_is_no_best_epoch():
    assert best_epoch([{"epoch": 1, "step": 5, "metrics": {"loss": 1.0}}]) is None


def test_throughput_is_rows_by_time_between_steps_however_they_arrive():
    throughput, seconds = Throughput(32), np.array([0.1, 0.3, 0.3, 0.8])
    steps = np.arange(1.0, 5.0)
    parts = [throughput.of(steps[:1], seconds[:1]), throughput.of(steps[1:], seconds[1:])]
    np.testing.assert_allclose(np.concatenate(parts), [np.nan, 160, np.nan, 64])


def test_everything_a_run_tells_can_be_plotted_and_is_called_by_different_names():
    names = selectable([*COLUMNS[:3], "loss", "a_loss", "b_loss", "a_accuracy", *COLUMNS[5:]])
    assert names == ("loss", "a_loss", "b_loss", "a_accuracy", "gradient_norm", "learning_rate", "rows_per_second")
    assert len(set(titles(names).values())) == len(names)


def test_chosen_plots_come_with_all_points_so_far():
    plot = LivePlot(COLUMNS, rows_per_step=4)
    plot.add(rows(50))
    plot.choose(["rows_per_second", "loss"])
    assert plot.columns == ("loss", "rows_per_second")
    np.testing.assert_allclose(plot.source.data["rows_per_second"][1:], 40)
    plot.add(rows(60)[50:])
    assert len(plot.source.data["step"]) == plot.points == 60
    plot.choose([])
    assert len(plot.figures) == 2


def test_log_scale_leaves_out_what_has_no_logarithm_and_keeps_the_rest():
    plot = LivePlot(COLUMNS)
    plot.add(rows(50))
    plot.set_log(True)
    assert {type(figure.y_scale).__name__ for figure in plot.figures} == {"LogScale"}
    assert all(figure.y_range.start > 0 for figure in plot.figures)
    assert np.isnan(plot.source.data["accuracy"][0])
    np.testing.assert_allclose(plot.source.data["loss"], 1 / np.arange(1, 51))


def test_a_zoomed_plot_stays_where_the_hand_put_it_until_reset():
    plot = LivePlot(COLUMNS)
    plot.add(rows(50))
    shared = plot.figures[0].x_range
    shared.update(start=10, end=20)
    plot.add(rows(80)[50:])
    assert (shared.start, shared.end) == (10, 20)
    plot.reset()
    assert (shared.start, shared.end) == (0, pytest.approx(80.8))


def test_best_epoch_is_marked_in_every_figure():
    plot = LivePlot(COLUMNS)
    plot.add(rows(50))
    plot.mark_best(best_epoch(epochs([3, 2, 1, 0.5, 0.3, 0.2], [3.0, 2.0, 2.3, 2.6, 2.9, 3.2])))
    plot.choose(["loss", "accuracy", "gradient_norm"])
    for figure in plot.figures:
        assert figure.select_one({"name": "best"}).location == 20
        assert figure.select_one({"name": "best-label"}).text == "epoch 2 was best"


@pytest.fixture
def run_of(tmp_path):
    """Makes ended runs of one cell that learn at a rate."""

    def make(last: int, rate: float):
        notebook = Notebook(cells=(TrainingCell(id="t", name="fit"),))
        run = create_run(tmp_path, notebook, "fit", notebook_name="a.weft", options={"epochs": 1})
        record = RunRecord(run)
        record.begin(on_stop=lambda: None)
        record.update(batch_size=4, plan={"optimizer": {"kind": "Adam", "params": {"learning_rate": rate}}})
        record.open_metrics(COLUMNS, 0)
        record.rows(rows(last))
        metrics = {"loss": 1 / last, "val_loss": rate}
        record.event("epoch", epoch=1, epochs=1, step=last, metrics=metrics)
        record.end("finished", metrics=metrics)
        return run

    return make


def test_an_earlier_run_is_drawn_in_a_hue_of_its_own_on_the_same_axes(run_of):
    earlier = Compared(run_of(90, 0.5), "plot-4")
    plot = LivePlot(COLUMNS, "dark")
    plot.add(rows(50))
    plot.compare([earlier])
    from weftwork.editor.theme import colour

    lines = [r for figure in plot.figures for r in figure.renderers if (r.name or "").startswith("run:plot-4")]
    assert len(lines) == 3
    assert {line.glyph.line_color for line in lines} == {colour("plot-4", "dark")}
    assert earlier.last_step == 90
    assert plot.figures[0].x_range.end == pytest.approx(90.9)
    assert earlier.validation.data["val_loss"] == [0.5]
    np.testing.assert_allclose(earlier.source.data["loss"], 1 / np.arange(1, 91))
    assert not any((r.name or "").startswith("run:") for r in LivePlot(COLUMNS).figures[0].renderers)


def test_comparison_tells_the_settings_that_differ_and_no_others(run_of):
    shown, other = run_of(10, 0.1), run_of(20, 0.2)
    table = str(differences(shown, [Compared(other)]))
    assert "optimizer learning rate" in table
    assert "<td" in table
    for value in ("0.1", "0.2", "0.05"):
        assert value in table
    assert "batch size" not in table
    assert "pid" not in table
    choice = str(compare_choice([shown, other], shown.id, []))
    assert f"compare:{other.id}" in choice
    assert shown.id not in choice
    assert compare_choice([shown], shown.id, []) is None


def test_setting_names_are_words():
    assert setting_name("plan.optimizer.params.learning_rate") == "optimizer learning rate"
    assert setting_name("network_key") == "network (edited)"


def test_machine_use_is_told_of_a_process_here_and_of_none_that_is_gone():
    import os
    import platform

    use = MachineUse()
    assert use.look({"device": "CPU", "intra_op_threads": 2, "pid": os.getpid(), "machine": platform.node()}, 1234.5)
    parts = use.words.split(" · ")
    assert parts[:2] == ["CPU, 2 threads", "1,234 rows per second"]
    assert parts[2].endswith("B memory")
    gone = MachineUse()
    gone.look({"device": "/physical_device:GPU:0", "pid": 2**22 + 1, "machine": platform.node()}, None)
    assert gone.words == "GPU 0"
    assert (memory_text(7.12e8), memory_text(3.4e9)) == ("712 MB", "3.4 GB")
    assert device_words({"device": "CPU", "intra_op_threads": 1}) == "CPU, 1 thread"
