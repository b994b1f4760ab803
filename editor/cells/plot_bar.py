"""What stands around the plots: what is shown and how, the legend, and in words what the curves say. Pure HTML."""

from __future__ import annotations

from collections.abc import Sequence

from ..pages.icons import icon
from ..pages.markup import Html, classes, h
from ..plots.compared import Compared
from ..plots.live_plot import LivePlot
from ..plots.overfitting import Best


def plot_bar(plot: LivePlot, *, compared: Sequence[Compared] = ()) -> Html:
    """A chip for each quantity, the scale, what dragging does, and the legend."""
    return h(
        "div",
        h(
            "div",
            [
                _pick("plot", plot.titles[name], name in plot.columns, value=name, testid=f"plot:{name}")
                for name in plot.selectable
            ],
            class_="picks loose",
            role="group",
            aria_label="What is plotted",
        ),
        h("span", class_="grow"),
        h(
            "div",
            _pick("log", "log scale", plot.log, testid="log-scale"),
            _pick("drag", "drag moves", plot.drag == "pan", title="Else dragging zooms. Ctrl and the wheel zoom too."),
            h("button", "reset", class_="pick", type="button", data_action="reset", title="Show the whole run"),
            class_="picks",
        ),
        legend(compared),
        class_="plot-bar",
    )


def legend(compared: Sequence[Compared] = ()) -> Html:
    """What the lines are."""
    return h(
        "div",
        h("span", h("i", class_="thin"), "batch"),
        h("span", h("i"), "smoothed"),
        h("span", h("i", class_="point"), "validation"),
        [
            h("span", h("i", style=f"--key: var(--wf-{one.colour})"), "earlier run, validation dashed")
            for one in compared
        ],
        class_="legend",
    )


def plot_words(best: Best | None, machine: str, choice: Html | None, table: Html | None) -> Html:
    """What the curves say, what the machine does, and the runs to compare with."""
    said = None
    if best is not None and best.overfits:
        said = h("div", icon("warning"), h("span", best.words), class_="notice warning", data_testid="overfitting")
    elif best is not None:
        said = h("span", best.words, class_="quiet-words", data_testid="best-epoch")
    facts = h("span", machine, class_="quiet-words", data_testid="machine-use") if machine else None
    if best is not None and best.overfits:
        return h("div", said, facts, choice, table, class_="body stack plot-words")
    line = h("div", said, h("span", class_="grow"), facts, class_="row") if said or facts else None
    return h("div", line, choice, table, class_="body stack plot-words")


def _pick(action: str, label: str, on: bool, *, value: str = "", testid: str = "", title: str = "") -> Html:
    return h(
        "button",
        label,
        class_=classes("pick", on and "on"),
        type="button",
        data_action=action,
        data_value=value or None,
        data_testid=testid or None,
        aria_pressed="true" if on else "false",
        title=title or None,
    )
