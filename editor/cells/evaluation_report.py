"""What an evaluation found, as HTML: metrics, confusion, worst examples. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..pages.markup import Html, h
from ..plots.confusion import confusion_table
from .data_preview import short
from .run_words import metric_name, metric_value


def report(result: Mapping[str, Any]) -> Html:
    confusion = result.get("confusion")
    matrix = (
        h(
            "div",
            h("div", "What it is, and what was said", class_="subhead"),
            confusion_table([str(name) for name in confusion["classes"]], confusion["matrix"]),
        )
        if confusion
        else None
    )
    worst = result.get("worst") or []
    examples = h("div", h("div", "Worst mistakes", class_="subhead"), worst_examples(worst)) if worst else None
    wide = bool(confusion) and len(confusion["classes"]) > 4
    both = (
        h("div", matrix, examples, class_="columns wide-left" if wide else "columns")
        if matrix and examples
        else [matrix, examples]
    )
    return h("div", metric_row(result.get("metrics") or {}), both, class_="stack")


def metric_row(metrics: Mapping[str, float]) -> Html:
    """The metrics as large numbers, qualities before losses."""
    ranked = sorted(metrics, key=lambda name: (name.endswith("loss"), name))
    return h(
        "dl",
        [
            h(
                "div",
                h("dt", metric_name(name)),
                h("dd", metric_value(name, metrics[name]), class_="number large"),
                class_="stat",
            )
            for name in ranked
        ],
        class_="stats",
        data_testid="metrics",
    )


def worst_examples(worst: list[Mapping[str, Any]]) -> Html:
    """Pictures with what they are and what was said; rows of values where there are none."""
    if any(example.get("image") for example in worst):
        return h("div", [_picture(example) for example in worst], class_="worst")
    head = h("tr", h("th", "Row", class_="number"), h("th", "It is"), h("th", "Said"), h("th", "Loss", class_="number"))
    body = [
        h(
            "tr",
            h("td", example.get("row", ""), class_="number"),
            h("td", short(example.get("expected"))),
            h("td", short(example.get("predicted"))),
            h("td", short(example.get("loss")), class_="number"),
        )
        for example in worst
    ]
    return h("div", h("table", h("thead", head), h("tbody", body), class_="table"), class_="table-scroll", tabindex="0")


def _picture(example: Mapping[str, Any]) -> Html:
    expected, predicted = short(example.get("expected")), short(example.get("predicted"))
    said = h("span", predicted, class_="wrong" if predicted != expected else "")
    return h(
        "figure",
        h("img", src=f"data:image/png;base64,{example.get('image')}", alt=f"Row {example.get('row')}: {expected}"),
        h("figcaption", h("span", "is "), h("strong", expected), ", said ", said)
        if predicted
        else h("figcaption", expected),
        title=f"Row {example.get('row')}, loss {short(example.get('loss'))}",
    )
