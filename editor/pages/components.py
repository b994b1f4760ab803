"""Every component in every state, on one page that nothing links to; a test photographs it in light and dark."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import panel as pn

from ...runtime.health.diagnose import diagnose
from ...runtime.part import HOST, Part
from ..cells.cell_view import CellState, cell_menu, state_chip
from ..cells.close_look import close_look_html
from ..cells.data_preview import class_bars, column_table
from ..cells.evaluation_report import report
from ..cells.export_cell import code_block
from ..cells.frame import Frame, centred
from ..cells.health_panel import panel_html
from ..cells.markdown import render_markdown
from ..cells.plot_bar import plot_bar, plot_words
from ..cells.problem_rows import problem_rows
from ..cells.run_panel import controls, notice, progress_bar
from ..plots.histogram import histogram, paint_histogram
from ..plots.residuals import paint_residuals, residual_plot
from ..settings_form import Fault, Setting, form_html
from .component_examples import PROBLEMS, PROSE, RUN_STATES, live_plot
from .icons import icon
from .layer_examples import EXAMPLE_BEST, EXAMPLE_LOOK, example_health
from .markup import Html, h
from .markup_view import Markup
from .notebook_bar import save_state
from .parts_chip import parts_chip
from .shell import Shell


def buttons() -> Html:
    def row(look: str) -> Html:
        return h(
            "div",
            h("button", "Button", class_=f"btn {look}", type="button"),
            h("button", icon("play"), "With icon", class_=f"btn {look}", type="button"),
            h("button", "Compact", class_=f"btn compact {look}", type="button"),
            h("button", icon("more"), class_=f"btn square {look}", type="button", aria_label="More"),
            h("button", "Not now", class_=f"btn {look}", type="button", aria_disabled="true", title="And why"),
            class_="row",
        )

    return h("div", [row(look) for look in ("primary", "", "ghost", "danger")], class_="stack")


def chips() -> Html:
    states = [CellState(tone or "plain", tone) for tone in ("", "ok", "info", "warning", "error")]
    saves = [save_state(state) for state in ("saved", "saving", "unsaved", "failed: the disk is full")]
    hosts = [parts_chip([Part(HOST, state)]) for state in ("up", "starting", "gone")]
    busy = state_chip(CellState("running", "info", busy=True))
    return h("div", [state_chip(state) for state in states], busy, saves, hosts, class_="row")


def forms() -> Html:
    settings = (
        Setting("text", "Text", "text", "data.csv"),
        Setting("empty", "Empty", "text", "", placeholder="A placeholder"),
        Setting("number", "Number", "float", 0.001, hint="With a hint below"),
        Setting("fault", "With a fault", "int", 0),
        Setting("choice", "Choice", "choice", "b", choices=(("a", "First"), ("b", "Second"))),
        Setting("on", "Switch, on", "switch", True),
        Setting("off", "Switch, off", "switch", False),
    )
    return form_html(settings, {"fault": Fault("0", "This must be at least 1.")})


def runs() -> Html:
    return h(
        "div",
        controls("Training", None),
        controls("Training", None, pending=True),
        notice("TensorFlow is loading. The run starts in a moment.", None),
        notice("", PROBLEMS[0]),
        [h("div", controls("Training", state), progress_bar(state), class_="stack") for state in RUN_STATES],
        class_="stack",
        style="gap: var(--wf-space-5)",
    )


def layers() -> Html:
    health = example_health()
    look = close_look_html(EXAMPLE_LOOK, "conv2", waiting=False)
    shown = {
        "cell": "Training",
        "is_on": True,
        "quantity": "gradient",
        "cost": 0.021,
        "is_open": True,
        "layer": "conv2",
    }
    return panel_html(health, diagnose(health), look=look, **shown)


def empties() -> Html:
    return h(
        "div",
        h(
            "div",
            icon("evaluation"),
            h("strong", "Train first"),
            h("span", "Metrics and mistakes appear here after the first run."),
            h("button", "Go to Training", class_="btn", type="button"),
            class_="empty",
        ),
        [
            h("div", icon(name), h("span", words), class_=f"notice {tone}")
            for tone, name, words in (
                ("", "clock", "Reading the data"),
                ("ok", "check", "Written to digits.py."),
                ("info", "info", "For information."),
                ("warning", "warning", "Not done: a newer edit changed the same node."),
                ("error", "error", "The file cannot be read."),
            )
        ],
        class_="stack",
    )


def evaluation() -> Html:
    names = [str(digit) for digit in range(10)]
    matrix = [[90 + row if row == column else (row * column) % 7 // 5 for column in range(10)] for row in range(10)]
    worst = [{"row": 7 * n, "expected": "yes", "predicted": "no", "loss": 3.0 / (n + 1)} for n in range(5)]
    return report(
        {
            "metrics": {"accuracy": 0.976, "loss": 0.0966},
            "confusion": {"classes": names, "matrix": matrix},
            "worst": worst,
        }
    )


def data() -> Html:
    bins = [1, 3, 8, 14, 20, 17, 9, 5, 2, 1]
    columns = [
        {
            "name": name,
            "role": "feature",
            "type": "number",
            "minimum": 1.2,
            "mean": 14.127,
            "maximum": 28.11,
            "bins": bins,
        }
        for name in ("mean radius", "mean texture", "worst concavity")
    ]
    return h("div", class_bars({"benign": 357, "malignant": 212}), column_table(columns), class_="stack")


def card() -> Html:
    from .gallery import gallery_html

    example = SimpleNamespace(
        name="example",
        title="A card",
        summary="What it is, in a sentence.",
        picture="",
        time_to_train="Trains in about 5 s",
    )
    return gallery_html([example, example, example], [], Path("notebooks"))


def section(title: str, *content: Any) -> pn.Column:
    heading = Markup(
        h("div", h("span", title, class_="name"), h("span", class_="grow"), cell_menu(title), class_="head")
    )
    parts = [Markup(h("div", part, class_="body")) if isinstance(part, Html) else part for part in content]
    return pn.Column(Frame(heading, *parts, card=True), sizing_mode="stretch_width", margin=0, styles=centred("column"))


def page() -> pn.Template:
    shell = Shell("Components · Weftwork")
    shell.show_bar(h("span", class_="rule"), h("span", "Components", class_="file"), h("span", class_="grow"))
    plot = live_plot("light")
    plot.mark_best(EXAMPLE_BEST)
    residuals = residual_plot([float(x) for x in range(60)], [x + 6 * math.sin(x * 3) for x in range(60)])
    distribution = histogram([2, 5, 9, 14, 9, 4, 1], [0, 1, 2, 3, 4, 5, 6, 7], label="A column")
    shell.on_theme(plot.turn)
    shell.on_theme(lambda mode: paint_residuals(residuals, mode))
    shell.on_theme(lambda mode: paint_histogram(distribution, mode))
    return shell.template(
        pn.Column(
            Markup(card()),
            section("Buttons", buttons()),
            section("Chips", chips()),
            section("Settings", forms()),
            section("Problems", problem_rows(PROBLEMS, of="Reader")),
            section("Runs", runs()),
            section(
                "Live plot",
                Markup(plot_bar(plot)),
                plot.view,
                Markup(plot_words(EXAMPLE_BEST, "CPU, 2 threads", None, None)),
            ),
            section("Layers", layers()),
            section("Plots", pn.pane.Bokeh(residuals), pn.pane.Bokeh(distribution)),
            section("Evaluation", evaluation()),
            section("Data", data()),
            section("Empty and told", empties()),
            section("Code", code_block("import keras\n\nmodel = build_model()\n", "digits.py")),
            section("Prose", h("div", render_markdown(PROSE), class_="prose")),
            sizing_mode="stretch_width",
            margin=(16, 0, 64, 0),
            styles={"gap": "20px"},
        )
    )
