"""Earlier runs to compare with: which there are, what was set differently, what came of it. Pure HTML."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from ...runtime.compare_runs import compare_runs
from ...runtime.run_directory import RunDirectory
from ...runtime.run_result import final_metrics
from ...runtime.shown_values import metric_value
from ..pages.gallery import ago
from ..pages.markup import Html, classes, h
from ..plots.compared import Compared
from .run_words import metric_name

# The earlier runs that are offered; older ones are in the list of runs.
OFFERED = 8
_ROWS = 12
# What says nothing of the experiment, or says again what another name says.
_UNTOLD = frozenset({"state", "health", "key", "machine", "spent", "epochs", "batch_size", "seed", "steps_per_epoch"})


def compare_choice(runs: Sequence[RunDirectory], shown: str, chosen: Sequence[Compared]) -> Html | None:
    """The other runs of a cell as chips; one that is pressed is drawn too."""
    colours = {one.run.id: one.colour for one in chosen}
    chips = [
        h(
            "button",
            h("i", class_="key", style=f"--key: var(--wf-{colours[run.id]})") if run.id in colours else None,
            run_name(run),
            class_=classes("pick", run.id in colours and "on"),
            type="button",
            data_action="compare",
            data_value=run.id,
            aria_pressed="true" if run.id in colours else "false",
            title=f"Run {run.id}",
            data_testid=f"compare:{run.id}",
        )
        for run in [run for run in runs if run.id != shown and run.columns()][:OFFERED]
    ]
    if not chips:
        return None
    return h(
        "div", h("span", "Compare with", class_="quiet-words"), h("div", chips, class_="picks loose"), class_="row"
    )


def run_name(run: RunDirectory) -> str:
    """When it began, and the metric that says most."""
    info = run.info()
    created = float(info.get("created_at") or 0)
    began = ago(time.time() - created) if created else run.id
    found = final_metrics(run)
    best = next((name for name in (*_best_names(found),) if name in found), None)
    return f"{began}, {metric_name(best)} {metric_value(best, found[best])}" if best else began


def _best_names(found: dict[str, float]) -> list[str]:
    return [*(name for name in found if name.startswith("val_") and name.endswith("accuracy")), "val_loss", "loss"]


def differences(run: RunDirectory, chosen: Sequence[Compared]) -> Html | None:
    """A small table: a row for each metric and for each setting that is not the same, a column a run."""
    if not chosen:
        return None
    compared = [compare_runs(run, one.run) for one in chosen]
    rows: list[Any] = []
    metrics = [name for name in compared[0]["metrics"] if name != "seconds"]
    for name in metrics[:_ROWS]:
        values = [compared[0]["metrics"][name][0], *(each["metrics"].get(name, (None, None))[1] for each in compared)]
        rows.append(_row(metric_name(name), [None if v is None else metric_value(name, v) for v in values], "metric"))
    told = {name for each in compared for name in each["settings"]}
    shown = sorted(name for name in told if name.split(".")[0] not in _UNTOLD)
    for name in shown[:_ROWS]:
        own = next(each["settings"][name][0] for each in compared if name in each["settings"])
        others = [each["settings"][name][1] if name in each["settings"] else own for each in compared]
        rows.append(_row(setting_name(name), [setting_text(value) for value in (own, *others)], "setting"))
    if not shown:
        rows.append(h("tr", h("td", "Set alike.", colspan=len(chosen) + 2, class_="quiet-words")))
    head = h(
        "tr",
        h("th", ""),
        h("th", h("span", h("i", style="--key: var(--wf-plot-1)"), "this run", class_="run-key")),
        [
            h("th", h("span", h("i", style=f"--key: var(--wf-{one.colour})"), _began(one.run), class_="run-key"))
            for one in chosen
        ],
    )
    more = len(shown) - _ROWS
    return h(
        "div",
        h("div", h("table", h("thead", head), h("tbody", rows), class_="table"), class_="table-scroll"),
        h("div", f"and {more} more settings", class_="quiet-words") if more > 0 else None,
        data_testid="comparison",
    )


def _row(name: str, values: Sequence[str | None], look: str) -> Html:
    return h("tr", h("td", name), [h("td", value or "–", class_="number") for value in values], class_=look)


def _began(run: RunDirectory) -> str:
    created = float(run.info().get("created_at") or 0)
    return ago(time.time() - created) if created else run.id


def setting_name(name: str) -> str:
    """`plan.optimizer.params.learning_rate` → `optimizer learning rate`."""
    if name == "network_key":
        return "network (edited)"
    if name == "data_fingerprint":
        return "data (other ones)"
    parts = [part for part in name.split(".") if part not in ("plan", "params", "options", "kind")]
    return " ".join(parts).replace("_", " ") or name


def setting_text(value: Any) -> str:
    """A value in few characters."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:.6g}"
    text = str(value)
    if len(text) >= 32 and all(letter in "0123456789abcdef" for letter in text):
        return text[:8]  # A fingerprint: it need only be seen to differ.
    return text if len(text) <= 40 else f"{text[:39]}…"
