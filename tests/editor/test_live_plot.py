"""The live plot shows every batch of a run of any length, in bounded memory."""

import numpy as np
import pytest

from weftwork.editor.pages.component_examples import example_rows
from weftwork.editor.plots.downsample import Downsampled
from weftwork.editor.plots.live_plot import LivePlot, plotted, words

COLUMNS = ["step", "epoch", "seconds", "loss", "accuracy", "gradient_norm", "learning_rate", "finite"]


def rows(first: int, last: int) -> np.ndarray:
    """Steps first to last; the loss of step n is n, its accuracy 1/n."""
    step = np.arange(first, last + 1, dtype=float)
    return np.column_stack([step, step, step, step, 1 / step, step, step, step * 0 + 1])


def fed(total: int, chunk: int, capacity: int = 100) -> Downsampled:
    curve = Downsampled(["loss"], capacity)
    for first in range(1, total + 1, chunk):
        steps = np.arange(first, min(first + chunk, total + 1))
        curve.add(steps, steps[:, None].astype(float))
    return curve


def test_few_steps_are_shown_each_on_its_own():
    data = fed(80, 7).everything().data
    assert data["step"].tolist() == list(range(1, 81))
    assert data["loss"].tolist() == list(range(1, 81))


def test_many_steps_share_bins_whose_mean_low_and_high_are_those_of_their_steps():
    curve = fed(1000, 13)
    data = curve.everything().data
    width = curve.width
    assert width == 16
    for place, step in enumerate(data["step"]):
        inside = [n for n in range(1, 1001) if (n - 1) // width == place]
        assert data["loss"][place] == pytest.approx(np.mean(inside))
        assert (data["loss_low"][place], data["loss_high"][place]) == (inside[0], inside[-1])
        assert step == pytest.approx(place * width + (width + 1) / 2)


@pytest.mark.parametrize("chunk", [1, 3, 50, 1000])
def test_how_rows_arrive_changes_nothing(chunk):
    one, other = fed(1000, chunk).everything().data, fed(1000, 17).everything().data
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_allclose(one[name], other[name])


def test_updates_put_together_give_the_curve():
    curve, shown = Downsampled(["loss"], 100), {}
    for first in range(1, 700, 7):
        steps = np.arange(first, first + 7)
        update = curve.add(steps, np.sin(steps)[:, None])
        if update.replace or not shown:
            shown = {name: list(values) for name, values in update.data.items()}
            continue
        for name, value in update.last.items():
            shown[name][-1] = value
        for name, values in update.data.items():
            shown[name] += list(values)
    for name, values in curve.everything().data.items():
        np.testing.assert_allclose(shown[name], values)


def test_a_million_steps_stay_bounded():
    curve = Downsampled(["loss", "accuracy"])
    for first in range(1, 1_000_001, 20_000):
        steps = np.arange(first, first + 20_000)
        curve.add(steps, np.ones((20_000, 2)))
    assert curve.rows == 1_000_000
    assert len(curve) <= curve.capacity
    np.testing.assert_allclose(curve.everything().data["loss_smooth"], 1)


def test_values_that_are_no_numbers_leave_a_gap_and_spoil_nothing():
    curve = Downsampled(["loss"], 100)
    curve.add(np.array([1, 2, 3]), np.array([[1.0], [np.nan], [1.0]]))
    data = curve.everything().data
    assert np.isnan(data["loss"][1])
    np.testing.assert_allclose(data["loss_smooth"], 1)
    assert curve.span("loss") == (1, 1)


def test_span_lets_one_outlier_not_hide_the_curve():
    curve = Downsampled(["loss"])
    values = np.full((1000, 1), 0.5)
    values[0] = 1e6
    curve.add(np.arange(1, 1001), values)
    assert curve.span("loss") == (0.5, 0.5)


def test_live_plot_counts_points_and_shows_the_last_step():
    plot = LivePlot(COLUMNS)
    plot.add(rows(1, 40))
    plot.add(rows(41, 55))
    plot.add(rows(1, 0))
    assert (plot.points, plot.step) == (55, 55)
    assert list(plot.source.data["loss"]) == list(range(1, 56))
    assert plot.columns == ("loss", "accuracy")


def test_live_plot_begins_again_when_the_run_was_taken_up_earlier():
    plot = LivePlot(COLUMNS)
    plot.add(rows(1, 40))
    plot.clear()
    plot.add(rows(1, 20))
    assert (plot.points, len(plot.source.data["step"])) == (20, 20)


def test_validation_points_stand_at_the_last_step_of_their_epoch():
    plot = LivePlot(COLUMNS)
    plot.add(rows(1, 20))
    epochs = [
        {"step": 10, "metrics": {"loss": 5.0, "val_loss": 6.0, "val_accuracy": 0.5}},
        {"step": 20, "metrics": {"loss": 4.0, "val_loss": 5.0, "val_accuracy": 0.6}},
    ]
    plot.set_epochs(epochs)
    assert plot.validation.data == {"step": [10, 20], "loss": [6, 5], "accuracy": [0.5, 0.6]}


def test_live_plot_takes_its_colours_from_the_theme():
    from weftwork.editor.theme import colour

    plot = LivePlot(COLUMNS)
    plot.add(example_rows()[:, [0, 1, 2, 3, 4, 4, 4, 4]])
    for mode in ("light", "dark"):
        plot.turn(mode)
        assert {figure.ygrid[0].grid_line_color for figure in plot.figures} == {colour("plot-grid", mode)}


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        (COLUMNS, ("loss", "accuracy")),
        (["step", "epoch", "seconds", "loss", "gradient_norm"], ("loss",)),
        (["step", "epoch", "seconds", "loss", "a_loss", "b_loss", "a_accuracy", "b_mse"], ("loss", "a_accuracy")),
    ],
)
def test_plotted_columns_are_the_loss_and_one_metric(columns, shown):
    assert plotted(columns) == shown


def test_words_name_a_metric_for_people():
    assert words("sparse_categorical_accuracy") == "Accuracy"
    assert words("mean_absolute_error") == "Mean absolute error"
