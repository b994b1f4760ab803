"""Single rows that a network got wrong, or gave back: pictures, curves, or values. Pure HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..pages.markup import Html, h
from ..plots.lines import key, line_chart
from .data_preview import short

_CURVES = 6


def worst_examples(worst: Sequence[Mapping[str, Any]]) -> Html:
    """Pictures with what they are and what was said; curves of what followed; else a table."""
    if any(example.get("output_image") for example in worst):
        return h("div", [pair(example) for example in worst], class_="pairs")
    if any(example.get("image") for example in worst):
        return h("div", [_picture(example) for example in worst], class_="worst")
    if isinstance(worst[0].get("expected"), list):
        curves = h("div", [_curve(example) for example in worst[:_CURVES]], class_="curves")
        return h("div", key(("what came", "what was said")), curves, class_="stack", style="gap: var(--wf-space-2)")
    return _table(worst)


def pair(example: Mapping[str, Any]) -> Html:
    """What was given beside what came back."""
    about = f"Row {example.get('row')}, loss {short(example.get('loss'))}"
    return h(
        "figure",
        _image(example.get("image"), f"Row {example.get('row')}, given"),
        _image(example.get("output_image"), f"Row {example.get('row')}, given back"),
        title=about,
    )


def _image(png: Any, alt: str) -> Html:
    return h("img", src=f"data:image/png;base64,{png}", alt=alt)


def _picture(example: Mapping[str, Any]) -> Html:
    expected = short(example.get("expected"))
    return h(
        "figure",
        _image(example.get("image"), f"Row {example.get('row')}: {expected}"),
        h("figcaption", "is ", h("strong", expected), ", said ", _said(example)),
        title=f"Row {example.get('row')}, loss {short(example.get('loss'))}",
    )


def _said(example: Mapping[str, Any]) -> Html:
    wrong = example.get("predicted") != example.get("expected")
    return h("span", short(example.get("predicted")), class_="wrong" if wrong else None)


def _curve(example: Mapping[str, Any]) -> Html:
    chart = line_chart({"what came": example["expected"], "what was said": example["predicted"]}, height=72)
    return h(
        "div", chart, h("div", f"row {example.get('row')}, off by {short(example.get('error'))}", class_="muted small")
    )


def _table(worst: Sequence[Mapping[str, Any]]) -> Html:
    head = h(
        "tr",
        h("th", "Row", class_="number"),
        h("th", "It is"),
        h("th", "Said"),
        h("th", "Loss", class_="number"),
    )
    body = [
        h(
            "tr",
            h("td", example.get("row", ""), class_="number"),
            h("td", short(example.get("expected"))),
            h("td", _said(example)),
            h("td", short(example.get("loss")), class_="number"),
            title=", ".join(f"{name} {short(value)}" for name, value in (example.get("values") or {}).items()) or None,
        )
        for example in worst
    ]
    return h("div", h("table", h("thead", head), h("tbody", body), class_="table"), class_="table-scroll", tabindex="0")
