"""The runs of a cell, with their final metrics. Pure HTML."""

from __future__ import annotations

import time
from collections.abc import Sequence

from ...runtime.run_directory import RunDirectory
from ...runtime.run_result import final_metrics
from ...runtime.shown_values import duration, metric_value
from ...runtime.turns import place_in_line
from ..pages.gallery import ago
from ..pages.markup import Html, h
from .run_words import TONES


def run_list(runs: Sequence[RunDirectory], shown: str, cell: str) -> Html:
    """The runs of a cell with their final metrics; pressing one shows it."""
    if len(runs) < 2:
        return Html("")
    rows = []
    metrics = {run.id: final_metrics(run) for run in runs[:20]}
    names = [name for name in ("val_loss", "loss") if any(name in found for found in metrics.values())]
    names = (
        list(dict.fromkeys(name for found in metrics.values() for name in found if name.endswith("accuracy")))[:2]
        + names
    )
    for run in runs[:20]:
        info = run.info()
        state = run.state()
        rows.append(
            h(
                "tr",
                h(
                    "td",
                    h(
                        "button",
                        "Shown" if run.id == shown else "Show",
                        class_="btn compact ghost",
                        type="button",
                        data_action="look-at",
                        data_value=run.id,
                        aria_label=f"Show run {run.id}",
                    ),
                    _cancel(run.id) if state == "queued" else None,
                ),
                h("td", _started(info), title=run.id),
                h("td", h("span", _state_words(run, state), class_=f"chip {TONES.get(state, '')}"), _origin(info)),
                h("td", duration(float(info.get("seconds") or 0)), class_="number"),
                [
                    h(
                        "td",
                        metric_value(name, metrics[run.id][name]) if name in metrics[run.id] else "",
                        class_="number",
                    )
                    for name in names
                ],
                class_="chosen" if run.id == shown else None,
                data_key=run.id,
            )
        )
    head = h(
        "tr",
        h("th", h("span", "Show", class_="sr")),
        h("th", "Started"),
        h("th", "State"),
        h("th", "Time", class_="number"),
        [h("th", name.replace("val_", "validation ").replace("_", " "), class_="number") for name in names],
    )
    return h(
        "div",
        h("div", "Runs", class_="subhead"),
        h("div", h("table", h("thead", head), h("tbody", rows), class_="table"), class_="table-scroll"),
        class_="body",
        data_testid=f"runs:{cell}",
    )


def _state_words(run: RunDirectory, state: str) -> str:
    place = place_in_line(run.path) if state == "queued" else 0
    return f"queued, place {place}" if place else state


def _origin(info: dict) -> Html | None:
    """Where a fork began."""
    parent = info.get("parent")
    if not parent:
        return None
    return h("span", f" fork at step {parent['step']:,}", class_="muted", title=f"Of run {parent['run']}")


def _cancel(run: str) -> Html:
    return h(
        "button",
        "Cancel",
        class_="btn compact ghost",
        type="button",
        data_action="cancel",
        data_value=run,
        aria_label=f"Cancel run {run}",
    )


def _started(info: dict) -> str:
    created = float(info.get("created_at") or 0)
    return ago(time.time() - created) if created else ""
