"""What an evaluation found, as HTML: metrics, confusion, classes, copies, worst examples. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...runtime.shown_values import metric_value
from ..pages.markup import Html, classes, h
from ..plots.confusion import confusion_table
from .data_preview import short
from .run_words import metric_name
from .worst_examples import pair, worst_examples

# More classes than this are read from the matrix alone.
_LISTED_CLASSES = 12


def report(result: Mapping[str, Any]) -> Html:
    """The report of all outputs; several are told apart by their names."""
    outputs = result.get("outputs") or [result]
    several = len(outputs) > 1
    return h(
        "div",
        metric_row(result.get("metrics") or {}),
        [
            [h("div", output.get("name", ""), class_="output-name") if several else None, output_report(output)]
            for output in outputs
        ],
        class_="stack",
    )


def output_report(output: Mapping[str, Any]) -> Html:
    confusion, worst = output.get("confusion"), output.get("worst") or []
    matrix = None
    if confusion:
        names = [str(name) for name in confusion["classes"]]
        matrix = _titled("What it is, and what was said", confusion_table(names, confusion["matrix"]))
    examples = _titled("Worst examples", worst_examples(worst)) if worst else None
    pairs = output.get("pairs") or []
    copies = (
        _titled("Given, and given back", h("div", [pair(each) for each in pairs], class_="pairs")) if pairs else None
    )
    listed = output.get("classes") or []
    table = _titled("Classes", class_table(listed)) if 0 < len(listed) <= _LISTED_CLASSES else None
    left = h("div", matrix, table, class_="stack") if matrix else None
    both = left and examples and h("div", left, examples, class_=classes("columns", len(listed) > 4 and "wide-left"))
    residuals = output.get("residuals")
    return h("div", residual_row(residuals) if residuals else None, copies, both or [left, examples], class_="stack")


def metric_row(metrics: Mapping[str, float | None]) -> Html:
    """The metrics as large numbers, qualities before losses."""
    ranked = sorted(metrics, key=lambda name: (name.endswith("loss"), name))
    return h(
        "dl", [_stat(metric_name(n), _value(n, metrics[n])) for n in ranked], class_="stats", data_testid="metrics"
    )


def residual_row(residuals: Mapping[str, Any]) -> Html:
    """How far off, in the units of the data, beside what one gets for nothing."""
    unit = f" {residuals['unit']}" if residuals.get("unit") else ""
    named = (
        ("mean_absolute_error", "off by, on average", unit),
        ("root_mean_squared_error", "root of mean square", unit),
        ("naive_error", "if all stayed as it was", unit),
        ("r2", "share of variance explained", ""),
    )
    return h(
        "dl",
        [
            _stat(words, short(residuals[name]) + suffix, large=False)
            for name, words, suffix in named
            if residuals.get(name) is not None
        ],
        class_="stats",
        data_testid="residuals",
    )


def class_table(listed: Sequence[Mapping[str, Any]]) -> Html:
    """Precision, recall and F1 of each class."""
    columns = ("precision", "recall", "f1")
    head = h(
        "tr",
        h("th", "Class"),
        h("th", "Rows", class_="number"),
        h("th", "Precision", class_="number", title="Of those said to be of this class, how many are"),
        h("th", "Recall", class_="number", title="Of those of this class, how many were found"),
        h("th", "F1", class_="number", title="Harmonic mean of precision and recall"),
    )
    body = [
        h(
            "tr",
            h("td", each["name"]),
            h("td", f"{each['rows']:,}", class_="number"),
            [h("td", f"{each[column] * 100:.1f} %", class_="number") for column in columns],
        )
        for each in listed
    ]
    return h("div", h("table", h("thead", head), h("tbody", body), class_="table"), class_="table-scroll", tabindex="0")


def _value(name: str, value: float | None) -> str:
    return "no number" if value is None else metric_value(name, value)


def _stat(label: str, value: str, *, large: bool = True) -> Html:
    return h("div", h("dt", label), h("dd", value, class_=classes("number", large and "large")), class_="stat")


def _titled(title: str, content: Html) -> Html:
    return h("div", h("div", title, class_="subhead"), content)
