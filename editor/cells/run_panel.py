"""The pieces that show a run: buttons, bar, end, list. Pure HTML."""

from __future__ import annotations

from collections.abc import Sequence

from ...compiler.problems import Problem
from ...runtime.run_directory import RunDirectory
from ...runtime.run_result import final_metrics
from ...runtime.turns import place_in_line
from ..pages.gallery import ago
from ..pages.icons import icon
from ..pages.markup import Html, classes, h
from .run_follower import Progress
from .run_words import TONES, duration, end_words, metric_value, now_words


def controls(cell: str, progress: Progress | None, *, pending: bool = False) -> Html:
    """Run; or, while a run goes on, Pause or Resume, Stop, and another run for the queue."""
    going = progress is not None and progress.going
    if progress is not None and going:
        paused = progress.state == "paused"
        buttons = [
            _button("go-on", "play", "Resume", f"pause:{cell}", "primary")
            if paused
            else _button("pause", "pause", "Pause", f"pause:{cell}", disabled=progress.state != "running"),
            _button("stop", "stop", "Cancel" if progress.state == "queued" else "Stop", f"stop:{cell}"),
            _button("run-another", "plus", "Queue another run", f"queue:{cell}", "ghost", disabled=pending),
        ]
    else:
        again = progress is not None
        buttons = [_button("run", "play", "Run again" if again else "Run", f"run:{cell}", "primary", disabled=pending)]
        if progress is not None and progress.state in ("stopped", "lost", "failed", "diverged"):
            buttons.append(_button("resume", "refresh", "Resume", f"resume:{cell}"))
    return h("div", buttons, class_="row")


def _button(action: str, picture: str, label: str, testid: str, look: str = "", disabled: bool = False) -> Html:
    return h(
        "button",
        icon(picture),
        label,
        class_=classes("btn", look),
        type="button",
        data_action=action,
        data_testid=testid,
        aria_disabled="true" if disabled else None,
    )


def notice(pending: str, refusal: Problem | None) -> Html | None:
    """Why Run has not started yet, or what stops it, with the way there."""
    if refusal is not None:
        at = refusal.at
        target = f"node:{at.node}" if at.node else f"cell:{at.cell}"
        return h(
            "div",
            icon("error"),
            h("span", "Run has to wait: ", refusal.message, class_="grow"),
            h("button", f"Show in {at.cell}", class_="btn compact", type="button", data_reveal=target)
            if at.cell
            else None,
            class_="notice error",
            role="alert",
            data_testid="run-refused",
        )
    if pending:
        return h("div", icon("clock"), h("span", pending), class_="notice info", role="status")
    return None


def progress_bar(progress: Progress) -> Html:
    """Bar, epoch, step, time left; at the end how it ended."""
    waiting = progress.state in ("queued", "building") or (progress.state == "running" and not progress.step)
    facts = []
    if progress.epochs:
        facts.append(f"epoch {max(progress.epoch, 1)} of {progress.epochs}")
    if progress.step:
        facts.append(f"step {progress.step:,}" + (f" of {progress.steps:,}" if progress.steps else ""))
    if progress.going and progress.seconds_left is not None:
        facts.append(f"{duration(progress.seconds_left)} left")
    bar = h(
        "div",
        h("div", class_="fill", style=f"--share: {progress.share:.4f}"),
        class_=classes("track", waiting and "waiting"),
        role="progressbar",
        aria_label="Progress of the run",
        aria_valuemin="0",
        aria_valuemax="100",
        aria_valuenow=None if waiting else round(progress.share * 100),
    )
    if progress.going:
        line = h("div", h("strong", now_words(progress)), [h("span", fact) for fact in facts], class_="words")
        return h("div", bar, line, class_=f"progress {progress.state}", data_testid="run-progress")
    tone = TONES.get(progress.state, "")
    return h(
        "div",
        bar,
        h("div", [h("span", fact) for fact in facts], class_="words") if facts else None,
        h(
            "div",
            icon({"ok": "check", "warning": "warning"}.get(tone, "error")),
            h("span", end_words(progress)),
            class_=f"notice {tone}",
            role="status",
            data_testid="run-end",
            data_state=progress.state,
        ),
        class_=f"progress {progress.state}",
    )


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
    import time

    created = float(info.get("created_at") or 0)
    return ago(time.time() - created) if created else ""
